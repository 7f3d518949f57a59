// SPDX-License-Identifier: GPL-2.0
#include <net/ip6_fib.h>
#include <net/ipv6_stubs.h>
#include <net/ipv6.h>
#include <net/route.h>
#include "../compat.h"
#include "route.h"

#define RC_MIN_PMTU 552 /* net.ipv4.route.min_pmtu */

static struct dst_entry *rc_route_lookup_v4(struct net *net, const struct rc_output *output)
{
	struct flowi4 flow = {
		.daddr = output->dst.v4,
		.saddr = output->src.v4,
		.flowi4_tos = output->tos & 0x1c,
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
	if (!ipv6_stub->ipv6_dev_find(net, &output->src.v6, NULL))
		return NULL;
	dst = ipv6_stub->ipv6_dst_lookup_flow(net, NULL, &flow, NULL);
	return IS_ERR(dst) ? NULL : dst;
}

static noinline struct dst_entry *rc_route_renew(struct net *net, struct rc_output *output)
{
	bool v6 = output->dst.family == AF_INET6;
	struct dst_entry *dst = v6 ? rc_route_lookup_v6(net, output) : rc_route_lookup_v4(net, output);

	if (dst)
		WRITE_ONCE(output->route_ttl, output->ttl ? output->ttl : v6 ? ip6_dst_hoplimit(dst) : ip4_dst_hoplimit(dst));
	/* What the path MTU cannot fall below by ICMP; changes of a route's or device's own MTU make the route stale. */
	if (dst)
		WRITE_ONCE(output->route_mtu, min_t(u32, dst_mtu(dst), v6 ? IPV6_MIN_MTU : RC_MIN_PMTU));
	if (dst && v6)
		WRITE_ONCE(output->route_cookie, rt6_get_cookie(rc_dst_rt6(dst)));
	/* Another CPU may still use the old one: it holds rcu_read_lock(), and routes are freed after a grace period. */
	dst_release(xchg(&output->route, dst));
	return dst;
}

struct dst_entry *rc_route_get(struct net *net, struct rc_output *output)
{
	struct dst_entry *dst = READ_ONCE(output->route);

	if (likely(dst && dst_check(dst, READ_ONCE(output->route_cookie))))
		return dst;
	return rc_route_renew(net, output);
}
