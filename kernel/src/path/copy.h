/* SPDX-License-Identifier: GPL-2.0 */
/* What an output gets of a packet: a copy, or the packet itself. Inline: every packet comes through here. */
#ifndef RC_COPY_H
#define RC_COPY_H

#include "gate.h"
#include "output.h"
#include "route.h"
#include "wrap.h"

/* Does the output send the payload just as it is in @packet? */
static __always_inline bool rc_copy_keeps(enum rc_class class, bool plain, const struct rc_target *target, const struct rc_output *output,
					  u32 flags)
{
	if (plain)
		return true;
	if (class == RC_CLASS_OTHER || (class == RC_CLASS_RTP && target->passes))
		return true;
	if (output->session || output->rules)
		return false;
	return !(flags & (class == RC_CLASS_RTP ? RTPC_OF_SILENCED : RTPC_OF_STRIP_FEEDBACK));
}

/* The packet itself becomes the last copy: writable headers with room in front, and @tail bytes behind the payload. False: no memory. */
static __always_inline bool rc_copy_take(struct rc_packet *packet, struct sk_buff *skb, const struct rc_hop *hop, unsigned int tail)
{
	unsigned int head = skb_headroom(skb) + packet->offset;
	/* What Unprotect took off is room, too. */
	unsigned int room = skb_end_pointer(skb) - skb->data - packet->offset - packet->length;

	if (likely(head >= hop->room && !skb_header_cloned(skb) && (!tail || room >= tail)))
		return true;
	return !pskb_expand_head(skb, head >= hop->room ? 0 : hop->room - head, room >= tail ? 0 : tail - room, GFP_ATOMIC | __GFP_NOWARN);
}

/* The payload of a copy stays as it is: what is noted all the same. */
static __always_inline void rc_copy_keep(enum rc_class class, bool plain, const struct rc_packet *packet, struct rc_output *output)
{
	if (class != RC_CLASS_RTP)
		return;
	output->count->stats.ssrc = packet->rtp.ssrc;
	if (!plain && unlikely(output->session))
		rc_session_follow_rtp(output->session, packet->rtp.ssrc, packet->rtp.sequence);
}

static __always_inline void rc_copy_sent(struct rc_flow *flow, struct rc_output_count *count, unsigned int length)
{
	count->stats.packets++;
	count->stats.bytes += length;
	flow->sent_packets++;
	flow->sent_bytes += length;
}

/*
 * Makes one copy ready to go, or with @last of the packet itself. @class: the packet's. @plain: neither the target nor an output has keys or
 * rules. Under the flow's lock.
 */
static __always_inline enum rtpc_drop rc_copy_make(enum rc_class class, bool plain, rc_cpu_t cpu, struct rc_packet *packet, struct rc_target *target,
						   struct rc_output *output, bool last, struct rc_letter *letter)
{
	u32 flags = READ_ONCE(output->flags);
	u8 hold = READ_ONCE(output->hold);
	enum rtpc_drop reason = RTPC_DROP_NONE;
	struct sk_buff *skb;
	bool keeps, kept;
	u8 *payload;
	int length;

	if (unlikely(flags & (RTPC_OF_SILENCED | RTPC_OF_BLOCK_DTMF) || hold))
		reason = rc_gate_judge(packet, flags, hold);
	if (unlikely(reason))
		return reason;
	if (unlikely(!rc_route_ready(packet->net, output)))
		return RTPC_DROP_SEND_FAILED;
	keeps = rc_copy_keeps(class, plain, target, output, flags);
	if (last) {
		skb = packet->skb;
		if (unlikely(!rc_copy_take(packet, skb, &output->hop, keeps ? 0 : rc_output_tail(packet, output))))
			return RTPC_DROP_SEND_FAILED;
		packet->skb = NULL;
		payload = skb->data + packet->offset;
	} else {
		skb = rc_output_copy(packet, output);
		if (unlikely(!skb))
			return RTPC_DROP_SEND_FAILED;
		payload = skb->data;
	}
	length = packet->length;
	if (likely(keeps))
		rc_copy_keep(class, plain, packet, output);
	else
		length = rc_output_make(cpu, packet, output, payload, length, skb_end_pointer(skb) - payload);
	/* What was decrypted has no checksum of its own any more. */
	kept = keeps && (plain || !target->session || (class == RC_CLASS_RTP && target->passes));
	if (unlikely(length < 0))
		reason = -length;
	else if (unlikely(!rc_wrap(packet, output, letter, skb, payload, length, kept, !last)))
		reason = RTPC_DROP_SEND_FAILED;
	if (unlikely(reason)) {
		kfree_skb(skb);
		return reason;
	}
	rc_copy_sent(target->flow, output->count, length);
	return RTPC_DROP_NONE;
}

#endif
