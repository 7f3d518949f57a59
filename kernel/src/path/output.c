// SPDX-License-Identifier: GPL-2.0
#include <linux/if_vlan.h>
#include <linux/netfilter.h>
#include <linux/udp.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/ipv6_stubs.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/xfrm.h>
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

struct sk_buff *rc_output_copy(const struct rc_packet *packet, const struct rc_output *output, const struct dst_entry *dst)
{
	unsigned int head = LL_RESERVED_SPACE(dst->dev) + RC_IP_ROOM, tail = rc_output_tail(packet, output);
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

enum rtpc_drop rc_output_make(rc_cpu_t cpu, const struct rc_packet *packet, const struct rc_output *output, struct sk_buff *skb)
{
	unsigned int room = skb->len + skb_tailroom(skb);
	int n;

	if (packet->class == RC_CLASS_RTCP)
		n = rc_output_make_rtcp(cpu, output, skb->data, skb->len, room);
	else
		n = rc_output_make_rtp(cpu, packet, output, skb->data, skb->len, room);
	if (n < 0)
		return rc_output_reason(n);
	if (!n)
		return RTPC_DROP_FEEDBACK_STRIPPED;
	if ((unsigned int)n > skb->len)
		__skb_put(skb, n - skb->len);
	else
		__skb_trim(skb, n);
	return RTPC_DROP_NONE;
}

/* Sum of the addresses and ports that the UDP checksum covers; length and protocol count the same in IPv4 and IPv6. */
static __wsum rc_addr_sum(const struct rc_addr *a)
{
	__wsum sum = csum_add((__force __wsum)a->word[0], (__force __wsum)(__force u32)a->port);

	if (a->family == AF_INET6) {
		sum = csum_add(sum, (__force __wsum)a->word[1]);
		sum = csum_add(sum, (__force __wsum)a->word[2]);
		sum = csum_add(sum, (__force __wsum)a->word[3]);
	}
	return sum;
}

static void rc_output_checksum(const struct rc_packet *packet, const struct rc_output *output, struct sk_buff *skb, struct udphdr *udp,
			       bool kept)
{
	bool v6 = output->dst.family == AF_INET6;
	unsigned int length = ntohs(udp->len);
	__wsum sum;

	if (kept && !packet->partial && packet->check) {
		sum = csum_sub(~csum_unfold(packet->check), rc_addr_sum(&packet->source));
		sum = csum_sub(sum, rc_addr_sum(&packet->target->local));
		sum = csum_add(sum, rc_addr_sum(&output->src));
		sum = csum_add(sum, rc_addr_sum(&output->dst));
		udp->check = csum_fold(sum);
		if (!udp->check)
			udp->check = CSUM_MANGLED_0;
		skb->ip_summed = CHECKSUM_NONE;
		return;
	}
	if (kept && !packet->partial && !v6) {
		udp->check = 0; /* the sender wants none */
		skb->ip_summed = CHECKSUM_NONE;
		return;
	}
	/* The device computes it, or the stack on the way to it. */
	udp->check = v6 ? ~csum_ipv6_magic(&output->src.v6, &output->dst.v6, length, IPPROTO_UDP, 0)
			: ~csum_tcpudp_magic(output->src.v4, output->dst.v4, length, IPPROTO_UDP, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (unsigned char *)udp - skb->head;
	skb->csum_offset = offsetof(struct udphdr, check);
}

/* Nothing of the way in may be seen on the way out: marks, timestamps and conntrack make CNIs and fq drop packets. */
static void rc_output_scrub(struct sk_buff *skb, const struct rc_output *output)
{
	nf_reset_ct(skb);
	nf_reset_trace(skb);
	secpath_reset(skb);
	skb_orphan(skb);
	skb_clear_tstamp(skb);
	skb_clear_hash(skb);
	__vlan_hwaccel_clear_tag(skb);
	skb->mark = 0;
	skb->priority = rt_tos2priority(output->tos);
	skb->pkt_type = PACKET_HOST;
	skb->ignore_df = 1;
#ifdef CONFIG_NET_CLS_ACT
	skb->tc_skip_classify = 0;
#endif
	memset(skb->cb, 0, sizeof(struct inet6_skb_parm));
	skb_dst_drop(skb);
}

static bool rc_output_is_long(const struct sk_buff *skb, const struct rc_output *output, const struct dst_entry *dst)
{
	return unlikely(skb->len > READ_ONCE(output->route_mtu)) && skb->len > dst_mtu(dst);
}

static void rc_output_ipv4(struct sk_buff *skb, const struct rc_output *output, struct net *net, const struct dst_entry *dst, u8 ttl)
{
	struct iphdr *ip = __skb_push(skb, sizeof(*ip));
	unsigned int length = skb->len;

	skb_reset_network_header(skb);
	*(__be16 *)ip = htons(0x4500 | output->tos);
	ip->tot_len = htons(length);
	ip->id = 0;
	ip->frag_off = htons(IP_DF);
	ip->ttl = ttl;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = output->src.v4;
	ip->daddr = output->dst.v4;
	if (unlikely(rc_output_is_long(skb, output, dst))) {
		ip->frag_off = 0;
		__ip_select_ident(net, ip, 1);
	}
	ip_send_check(ip);
	skb->protocol = htons(ETH_P_IP);
}

static void rc_output_ipv6(struct sk_buff *skb, const struct rc_output *output, u8 ttl)
{
	unsigned int length = skb->len;
	struct ipv6hdr *ip = __skb_push(skb, sizeof(*ip));

	skb_reset_network_header(skb);
	ip6_flow_hdr(ip, output->tos, 0);
	ip->payload_len = htons(length);
	ip->nexthdr = IPPROTO_UDP;
	ip->hop_limit = ttl;
	ip->saddr = output->src.v6;
	ip->daddr = output->dst.v6;
	skb->protocol = htons(ETH_P_IPV6);
}

/* False: the route wants something that only the stack's own output path does. */
static bool rc_output_is_plain(const struct sk_buff *skb, const struct rc_output *output, const struct dst_entry *dst, bool v6)
{
	if (output->flags & RTPC_OF_FIREWALL || dst->lwtstate || dst_xfrm(dst) || rc_output_is_long(skb, output, dst))
		return false;
	if (v6)
		return !ipv6_addr_is_multicast(&output->dst.v6);
	return !(rc_dst_rtable(dst)->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST));
}

static int rc_output_transmit(struct sk_buff *skb, const struct rc_output *output, struct dst_entry *dst, struct net *net)
{
	bool v6 = output->dst.family == AF_INET6, v6_gateway = false;
	struct neighbour *neighbour;

	if (unlikely(!rc_output_is_plain(skb, output, dst, v6)))
		return v6 ? ip6_local_out(net, NULL, skb) : ip_local_out(net, NULL, skb);
	if (v6)
		neighbour = ip_neigh_gw6(dst->dev, rt6_nexthop(rc_dst_rt6(dst), &output->dst.v6));
	else
		neighbour = ip_neigh_for_gw(rc_dst_rtable(dst), skb, &v6_gateway);
	if (IS_ERR(neighbour)) {
		kfree_skb(skb);
		return PTR_ERR(neighbour);
	}
	return neigh_output(neighbour, skb, v6_gateway);
}

void rc_output_send(const struct rc_packet *packet, struct rc_output *output, struct dst_entry *dst, struct sk_buff *skb, bool kept)
{
	bool v6 = output->dst.family == AF_INET6;
	struct udphdr *udp;
	u8 ttl;

	if (unlikely(skb_cow_head(skb, LL_RESERVED_SPACE(dst->dev) + RC_IP_ROOM)))
		goto drop;
	ttl = READ_ONCE(output->route_ttl);
	if (unlikely(dst->dev->flags & IFF_LOOPBACK)) {
		/* Two targets that send to each other must not do so for ever. */
		if (packet->ttl <= 1)
			goto drop;
		ttl = min_t(u8, ttl, packet->ttl - 1);
	}

	udp = __skb_push(skb, sizeof(*udp));
	skb_reset_transport_header(skb);
	udp->source = output->src.port;
	udp->dest = output->dst.port;
	udp->len = htons(skb->len);
	rc_output_checksum(packet, output, skb, udp, kept);
	rc_output_scrub(skb, output);
	if (v6)
		rc_output_ipv6(skb, output, ttl);
	else
		rc_output_ipv4(skb, output, packet->net, dst, ttl);
	skb_dst_set_noref(skb, dst);
	skb->dev = dst->dev;
	if (unlikely(rc_output_transmit(skb, output, dst, packet->net) < 0))
		output->count->send_errors++;
	return;
drop:
	output->count->send_errors++;
	kfree_skb(skb);
}
