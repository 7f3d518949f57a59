// SPDX-License-Identifier: GPL-2.0
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/neighbour.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/xfrm.h>
#include "../compat.h"
#include "route.h"

#define RC_MIN_PMTU 552 /* net.ipv4.route.min_pmtu */

static struct dst_entry *rc_route_lookup_v4(struct net *net, const struct rc_output *output)
{
	struct flowi4 flow = {
		.daddr = output->dst.v4,
		.saddr = output->src.v4,
		RC_FLOW4_TOS(output->tos),
		.flowi4_proto = IPPROTO_UDP,
		.fl4_sport = output->src.port,
		.fl4_dport = output->dst.port,
	};
	struct rtable *route = ip_route_output_flow(net, &flow, NULL);

	return IS_ERR(route) ? NULL : &route->dst;
}

static struct dst_entry *rc_route_lookup_v6(struct net *net, const struct rc_output *output)
{
	struct flowi6 flow = {
		.daddr = output->dst.v6,
		.saddr = output->src.v6,
		.flowlabel = htonl((u32)output->tos << 20),
		.flowi6_proto = IPPROTO_UDP,
		.fl6_sport = output->src.port,
		.fl6_dport = output->dst.port,
	};
	struct dst_entry *dst;

	/* The IPv4 lookup looks at the source by itself. Whoever adds or removes an address makes cached routes stale. */
	if (!rc_ipv6_dev_find(net, &output->src.v6))
		return NULL;
	dst = rc_ipv6_route(net, &flow);
	return IS_ERR(dst) ? NULL : dst;
}

static __wsum rc_route_sum(const void *from, unsigned int bytes)
{
	return csum_partial(from, bytes, 0);
}

static void rc_route_headers_v4(struct rc_hop *hop, const struct rc_output *output, u8 ttl)
{
	struct iphdr *ip = &hop->headers.v4.ip;
	struct udphdr *udp = &hop->headers.v4.udp;

	*ip = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.tos = output->tos,
		.frag_off = htons(IP_DF),
		.ttl = ttl,
		.protocol = IPPROTO_UDP,
		.saddr = output->src.v4,
		.daddr = output->dst.v4,
	};
	*udp = (struct udphdr){ .source = output->src.port, .dest = output->dst.port };
	hop->ip_sum = rc_route_sum(ip, sizeof(*ip));
	hop->udp_sum = rc_route_sum(&ip->saddr, 2 * sizeof(ip->saddr) + 2 * sizeof(udp->source));
	hop->pseudo_sum = csum_add(rc_route_sum(&ip->saddr, 2 * sizeof(ip->saddr)), (__force __wsum)htons(IPPROTO_UDP));
}

static void rc_route_headers_v6(struct rc_hop *hop, const struct rc_output *output, u8 ttl)
{
	struct ipv6hdr *ip = &hop->headers.v6.ip;
	struct udphdr *udp = &hop->headers.v6.udp;

	*ip = (struct ipv6hdr){ .nexthdr = IPPROTO_UDP, .hop_limit = ttl, .saddr = output->src.v6, .daddr = output->dst.v6 };
	ip6_flow_hdr(ip, output->tos, 0);
	*udp = (struct udphdr){ .source = output->src.port, .dest = output->dst.port };
	hop->udp_sum = rc_route_sum(&ip->saddr, 2 * sizeof(ip->saddr) + 2 * sizeof(udp->source));
	hop->pseudo_sum = csum_add(rc_route_sum(&ip->saddr, 2 * sizeof(ip->saddr)), (__force __wsum)htons(IPPROTO_UDP));
}

/* Nothing on the way but the neighbour: no tunnel, no IPsec, no firewall asked for, one receiver. */
static bool rc_route_is_direct(const struct rc_output *output, const struct dst_entry *dst, bool v6)
{
	if (output->flags & RTPC_OF_FIREWALL || dst->lwtstate || dst_xfrm(dst))
		return false;
	if (v6)
		return !ipv6_addr_is_multicast(&output->dst.v6);
	return !(rc_dst_rtable(dst)->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST));
}

/* The neighbour that all packets go to. Its link layer header must be the one of the packets' protocol. */
static struct neighbour *rc_route_neighbour(const struct rc_output *output, const struct dst_entry *dst, bool v6)
{
	const struct rtable *route = rc_dst_rtable(dst);
	struct net_device *dev = dst->dev;
	struct neighbour *neighbour;

	if (dev->reg_state != NETREG_REGISTERED)
		return NULL;
	if (v6)
		neighbour = ip_neigh_gw6(dev, rt6_nexthop(rc_dst_rt6(dst), &output->dst.v6));
	else if (route->rt_gw_family == AF_INET6)
		return NULL;
	else
		neighbour = ip_neigh_gw4(dev, route->rt_gw_family == AF_INET ? route->rt_gw4 : output->dst.v4);
	return IS_ERR(neighbour) || !refcount_inc_not_zero(&neighbour->refcnt) ? NULL : neighbour;
}

noinline bool rc_route_renew(struct net *net, struct rc_output *output)
{
	bool v6 = output->dst.family == AF_INET6;
	struct dst_entry *dst = v6 ? rc_route_lookup_v6(net, output) : rc_route_lookup_v4(net, output);
	struct rc_hop *hop = &output->hop;
	u8 ttl;

	/* Another CPU may still use the old one: it holds rcu_read_lock(), and routes are freed after a grace period. */
	dst_release(hop->dst);
	if (hop->neighbour)
		neigh_release(hop->neighbour);
	hop->neighbour = NULL;
	hop->dst = dst;
	if (!dst)
		return false;
	ttl = output->ttl ? output->ttl : v6 ? ip6_dst_hoplimit(dst) : ip4_dst_hoplimit(dst);
	hop->v6 = v6;
	hop->asks = v6 || dst_xfrm(dst);
	hop->stamp = v6 ? rt6_get_cookie(rc_dst_rt6(dst)) : (u32)rc_dst_rtable(dst)->rt_genid;
	hop->direct = rc_route_is_direct(output, dst, v6);
	hop->neighbour = hop->direct ? rc_route_neighbour(output, dst, v6) : NULL;
	hop->loops = dst->dev->flags & IFF_LOOPBACK;
	/* What the path MTU cannot fall below by ICMP; changes of a route's or device's own MTU make the route stale. */
	hop->mtu = hop->direct && !hop->loops ? min_t(u32, dst_mtu(dst), v6 ? IPV6_MIN_MTU : RC_MIN_PMTU) : 0;
	hop->priority = rt_tos2priority(output->tos);
	hop->room = LL_RESERVED_SPACE(dst->dev) + (v6 ? sizeof(hop->headers.v6) : sizeof(hop->headers.v4));
	if (v6)
		rc_route_headers_v6(hop, output, ttl);
	else
		rc_route_headers_v4(hop, output, ttl);
	return true;
}
