/* SPDX-License-Identifier: GPL-2.0 */
/* From a payload to a packet that can be sent: headers, checksums, and nothing left of the way in. Inline: every copy comes through here. */
#ifndef RC_WRAP_H
#define RC_WRAP_H

#include <linux/if_vlan.h>
#include <linux/netfilter.h>
#include <net/checksum.h>
#include <net/xfrm.h>
#include "output.h"

/* Copies the headers in front of the payload and fills in the lengths. */
static __always_inline struct udphdr *rc_wrap_headers(struct sk_buff *skb, const struct rc_hop *hop, u8 *payload, unsigned int length)
{
	struct udphdr *udp = (struct udphdr *)payload - 1;
	unsigned int size;
	__be16 wire = htons(length + sizeof(*udp));

	if (unlikely(hop->v6)) {
		struct ipv6hdr *ip = (struct ipv6hdr *)udp - 1;

		size = sizeof(hop->headers.v6);
		memcpy(ip, &hop->headers.v6, sizeof(hop->headers.v6));
		ip->payload_len = wire;
		skb->data = (u8 *)ip;
		skb->protocol = htons(ETH_P_IPV6);
	} else {
		struct iphdr *ip = (struct iphdr *)udp - 1;
		__be16 total = htons(length + sizeof(hop->headers.v4));

		size = sizeof(hop->headers.v4);
		memcpy(ip, &hop->headers.v4, sizeof(hop->headers.v4));
		ip->tot_len = total;
		ip->check = csum_fold(csum_add(hop->ip_sum, (__force __wsum)(__force u32)total));
		skb->data = (u8 *)ip;
		skb->protocol = htons(ETH_P_IP);
	}
	udp->len = wire;
	skb->len = size + length;
	skb->network_header = skb->data - skb->head;
	skb->transport_header = (u8 *)udp - skb->head;
	skb_set_tail_pointer(skb, size + length);
	return udp;
}

/* @kept: the payload is as it came. */
static __always_inline void rc_wrap_checksum(const struct rc_packet *packet, const struct rc_hop *hop, struct sk_buff *skb,
					     struct udphdr *udp, bool kept)
{
	if (kept && unlikely(packet->check && !packet->partial)) {
		udp->check = csum_fold(csum_add(packet->sum, hop->udp_sum));
		if (!udp->check)
			udp->check = CSUM_MANGLED_0;
		skb->ip_summed = CHECKSUM_NONE;
	} else if (kept && !packet->partial && !hop->v6) {
		skb->ip_summed = CHECKSUM_NONE; /* the sender wants none */
	} else {
		/* The device computes it, or the stack on the way to it. */
		udp->check = ~csum_fold(csum_add(hop->pseudo_sum, (__force __wsum)(__force u32)udp->len));
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = (unsigned char *)udp - skb->head;
		skb->csum_offset = offsetof(struct udphdr, check);
	}
}

/* Nothing of the way in may be seen on the way out: marks, timestamps and conntrack make CNIs and fq drop packets. */
static __always_inline void rc_wrap_scrub(struct sk_buff *skb)
{
	nf_reset_ct(skb);
	secpath_reset(skb);
	skb_orphan(skb);
	skb_dst_drop(skb);
	skb_clear_tstamp(skb);
	nf_reset_trace(skb);
	skb_clear_hash(skb);
	__vlan_hwaccel_clear_tag(skb);
	skb->mark = 0;
}

/*
 * Makes @skb with @length bytes at @payload a packet of the output, in the headroom that its hop asks for. @kept: the payload is as it came,
 * and @packet->check with it; @fresh: rc_output_copy() made it. False: it has been round often enough. Under the flow's lock, the route ready.
 */
static __always_inline bool rc_wrap(const struct rc_packet *packet, const struct rc_output *output, struct rc_letter *letter, struct sk_buff *skb,
				    u8 *payload, unsigned int length, bool kept, bool fresh)
{
	const struct rc_hop *hop = &output->hop;
	struct udphdr *udp;

	if (!fresh)
		rc_wrap_scrub(skb);
	udp = rc_wrap_headers(skb, hop, payload, length);
	rc_wrap_checksum(packet, hop, skb, udp, kept);
	skb->priority = hop->priority;
	skb->dev = hop->dst->dev;
	skb_dst_set_noref(skb, hop->dst);
	letter->skb = skb;
	letter->count = output->count;
	letter->neighbour = hop->neighbour;
	letter->direct = true;
	return likely(skb->len <= hop->mtu) || rc_output_special(letter, packet->net, hop, packet->ttl);
}

#endif
