// SPDX-License-Identifier: GPL-2.0
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/neighbour.h>
#include <net/route.h>
#include "../compat.h"
#include "../packet/rtcp.h"
#include "output.h"

/* Memory from the per-CPU caches that drivers fill their rings from: we are in softirq, or as good as. */
static struct sk_buff *rc_output_alloc(unsigned int size)
{
	unsigned int total = SKB_DATA_ALIGN(size) + SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct sk_buff *skb;
	void *data;

	if (unlikely(total > PAGE_SIZE))
		return alloc_skb(size, GFP_ATOMIC | __GFP_NOWARN);
	data = napi_alloc_frag(total);
	if (unlikely(!data))
		return NULL;
	skb = napi_build_skb(data, total);
	if (unlikely(!skb))
		skb_free_frag(data);
	return skb;
}

struct sk_buff *rc_output_copy(const struct rc_packet *packet, const struct rc_output *output)
{
	unsigned int head = output->hop.room, tail = rc_output_tail(packet, output);
	struct sk_buff *skb = rc_output_alloc(head + packet->length + tail);

	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, head);
	memcpy(__skb_put(skb, packet->length), packet->skb->data + packet->offset, packet->length);
	return skb;
}

static enum rtpc_drop rc_output_reason(int err)
{
	return err == -EDQUOT ? RTPC_DROP_SSRC_LIMIT : RTPC_DROP_PROTECT_FAILED;
}

static int rc_output_make_rtp(rc_cpu_t cpu, const struct rc_packet *packet, const struct rc_output *output, u8 *data, unsigned int length,
			      unsigned int room)
{
	struct rc_rtp rtp = packet->rtp;
	const struct rc_target *target = packet->target;
	const void *source = target->session ? (const void *)target->session : packet->ssrc ? (const void *)packet->ssrc : target->flow;

	if (output->rules)
		length = rc_rtp_rewrite(data, length, room, &rtp, output->rules);
	if (READ_ONCE(output->flags) & RTPC_OF_SILENCED && packet->pt && packet->pt->silence_len)
		rc_rtp_silence(data, length, &rtp, packet->pt->silence, packet->pt->silence_len);
	output->count->stats.ssrc = rtp.ssrc;
	if (!output->session)
		return length;
	return rc_session_send_rtp(cpu, output->session, rtp.ssrc, data, length, room, source,
				   packet->extended + (u16)(rtp.sequence - packet->rtp.sequence));
}

/* 0: nothing is left to send. */
static int rc_output_make_rtcp(rc_cpu_t cpu, const struct rc_output *output, u8 *data, unsigned int length, unsigned int room)
{
	if (READ_ONCE(output->flags) & RTPC_OF_STRIP_FEEDBACK)
		length = rc_rtcp_strip_feedback(data, length);
	if (!length)
		return 0;
	if (output->rules)
		rc_rtcp_rewrite(data, length, output->rules);
	if (!output->session)
		return length;
	if (length < RC_RTCP_HEADER)
		return -EINVAL;
	return rc_session_send_rtcp(cpu, output->session, rc_get32(data + 4), data, length, room);
}

int rc_output_make(rc_cpu_t cpu, const struct rc_packet *packet, const struct rc_output *output, u8 *data, unsigned int length,
		   unsigned int room)
{
	int n;

	if (packet->class == RC_CLASS_RTCP)
		n = rc_output_make_rtcp(cpu, output, data, length, room);
	else
		n = rc_output_make_rtp(cpu, packet, output, data, length, room);
	if (n < 0)
		return -rc_output_reason(n);
	return n ? n : -RTPC_DROP_FEEDBACK_STRIPPED;
}

bool rc_output_special(struct rc_letter *letter, struct net *net, const struct rc_hop *hop, u8 ttl)
{
	struct sk_buff *skb = letter->skb;
	union rc_headers *headers = (union rc_headers *)skb->data;
	bool fits = skb->len <= dst_mtu(hop->dst);

	letter->direct = hop->direct && fits;
	if (hop->loops && ttl <= 1)
		return false;
	if (hop->v6) {
		if (hop->loops)
			headers->v6.ip.hop_limit = min_t(u8, headers->v6.ip.hop_limit, ttl - 1);
		return true;
	}
	if (hop->loops)
		headers->v4.ip.ttl = min_t(u8, headers->v4.ip.ttl, ttl - 1);
	if (!fits) {
		headers->v4.ip.frag_off = 0;
		__ip_select_ident(net, &headers->v4.ip, 1);
	}
	ip_send_check(&headers->v4.ip);
	return true;
}

/* The neighbour of the route that the packet has. */
static int rc_output_resolve(struct sk_buff *skb)
{
	const struct dst_entry *dst = skb_dst(skb);
	const struct rtable *route = rc_dst_rtable(dst);
	struct neighbour *neighbour;
	bool other = false; /* an IPv6 gateway of an IPv4 packet: the link layer's header that it keeps does not fit */

	if (skb->protocol == htons(ETH_P_IPV6)) {
		neighbour = ip_neigh_gw6(skb->dev, rt6_nexthop(rc_dst_rt6(dst), &ipv6_hdr(skb)->daddr));
	} else if (likely(route->rt_gw_family != AF_INET6)) {
		neighbour = ip_neigh_gw4(skb->dev, route->rt_gw_family == AF_INET ? route->rt_gw4 : ip_hdr(skb)->daddr);
	} else {
		neighbour = ip_neigh_gw6(skb->dev, &route->rt_gw6);
		other = true;
	}
	if (!IS_ERR(neighbour))
		return neigh_output(neighbour, skb, other);
	kfree_skb(skb);
	return PTR_ERR(neighbour);
}

/* As the stack sends its own packets. */
static int rc_output_local(struct sk_buff *skb, struct net *net)
{
	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	skb->ignore_df = 1;
	return skb->protocol == htons(ETH_P_IPV6) ? ip6_local_out(net, NULL, skb) : ip_local_out(net, NULL, skb);
}

noinline int rc_output_slow(struct net *net, const struct rc_letter *letter)
{
	return letter->direct ? rc_output_resolve(letter->skb) : rc_output_local(letter->skb, net);
}
