/* SPDX-License-Identifier: GPL-2.0 */
/* Stages Rewrite, Protect and Transmit: from a plain packet to what an output sends. */
#ifndef RC_OUTPUT_H
#define RC_OUTPUT_H

#include <linux/skbuff.h>
#include "packet.h"

/* Headroom that a copy has for IP and UDP; the link layer's comes on top. */
#define RC_IP_ROOM	(sizeof(struct ipv6hdr) + sizeof(struct udphdr))

/* Bytes that the payload may grow by: header extension, tag, MKI, SRTCP index. */
static inline unsigned int rc_output_tail(const struct rc_packet *packet, const struct rc_output *output)
{
	unsigned int tail = output->rules && output->rules->mid_id ? RC_RTP_GROWTH : 0;

	if (!output->session)
		return tail;
	return tail + (packet->class == RC_CLASS_RTCP ? rc_srtcp_overhead(&output->session->key) : rc_srtp_overhead(&output->session->key));
}

/* Copies the payload of a packet into a fresh skb with room in front and behind. NULL: no memory. */
struct sk_buff *rc_output_copy(const struct rc_packet *packet, const struct rc_output *output, const struct dst_entry *dst);

/*
 * Rewrites and protects the payload of @skb (skb->data is the RTP header; linear and writable) for an output. Returns why not, or
 * RTPC_DROP_NONE. Under the flow's lock, within @cpu.
 */
enum rtpc_drop rc_output_make(rc_cpu_t cpu, const struct rc_packet *packet, const struct rc_output *output, struct sk_buff *skb);

/*
 * Puts IP and UDP headers in front of the payload and sends it; consumes @skb. @kept: the payload is as it came, and @packet->check with
 * it. No lock held, under rcu_read_lock().
 */
void rc_output_send(const struct rc_packet *packet, struct rc_output *output, struct dst_entry *dst, struct sk_buff *skb, bool kept);

#endif
