// SPDX-License-Identifier: GPL-2.0

#include <linux/netfilter.h>
#include "../control/events.h"
#include "../table/clock.h"
#include "output.h"
#include "packet.h"
#include "route.h"

/*
 * Copies are made and counted under the flow's lock and sent without it, so many at a time: a device may hand a packet straight back to
 * our hook, and preemption is off while copies are encrypted.
 */
#define RC_BATCH 16

struct rc_batch {
	unsigned int n;
	struct {
		struct sk_buff *skb;
		struct rc_output *output;
		struct dst_entry *dst;
		bool kept;
	} item[RC_BATCH];
};

static unsigned int rc_forward_up(struct rc_flow *flow)
{
	spin_lock(&flow->lock);
	if (!flow->dead)
		flow->userspace++;
	spin_unlock(&flow->lock);
	return NF_ACCEPT;
}

static unsigned int rc_forward_refuse(struct rc_flow *flow, enum rtpc_drop reason)
{
	flow->drops[reason]++;
	flow->errors++;
	return NF_DROP;
}

static unsigned int rc_forward_drop(struct rc_flow *flow, enum rtpc_drop reason)
{
	flow->drops[reason]++;
	return NF_DROP;
}

static void rc_forward_event(const struct rc_packet *packet, enum rtpc_event kind)
{
	rc_events_note(packet->target->rcn, packet->target->flow, kind, &packet->source, packet->rtp.ssrc, packet->rtp.pt);
}

/* May the packet come in at all? NF_STOLEN: yes. Under the lock. */
static unsigned int rc_forward_admit(struct rc_packet *packet)
{
	struct rc_target *target = packet->target;
	struct rc_flow *flow = target->flow;

	if (unlikely(flow->dead))
		return NF_ACCEPT;
	if (unlikely(READ_ONCE(target->flags) & RTPC_TF_DROP_ALL))
		return rc_forward_drop(flow, RTPC_DROP_DROP_TRAFFIC);
	if (target->mismatch != RTPC_MISMATCH_IGNORE && unlikely(!rc_addr_equal(&target->expect, &packet->source))) {
		rc_forward_event(packet, RTPC_EVENT_SOURCE_CHANGED);
		if (target->mismatch == RTPC_MISMATCH_DROP)
			return rc_forward_refuse(flow, RTPC_DROP_STRICT_SOURCE);
		flow->userspace++;
		return NF_ACCEPT;
	}
	return NF_STOLEN;
}

/* Counts a packet that was taken. Under the lock. */
static void rc_forward_count(struct rc_packet *packet)
{
	struct rc_flow *flow = packet->target->flow;

	flow->packets++;
	flow->bytes += packet->wire;
	flow->last_packet = packet->now;
	flow->idle = false;
}

static enum rtpc_drop rc_forward_unprotect_reason(int err)
{
	switch (err) {
	case -EINVAL:
		return RTPC_DROP_SRTP_MALFORMED;
	case -EALREADY:
	case -ESTALE:
		return RTPC_DROP_SRTP_REPLAY;
	case -EDQUOT:
		return RTPC_DROP_SSRC_LIMIT;
	default:
		return RTPC_DROP_SRTP_AUTHENTICATION;
	}
}

/* Stage Unprotect, in place. NF_STOLEN: go on. Under the lock. */
static unsigned int rc_forward_unprotect(rc_cpu_t cpu, struct rc_packet *packet)
{
	struct rc_session *session = packet->target->session;
	u8 *data = packet->skb->data + packet->offset;
	enum rtpc_drop reason;
	int n;

	if (!session)
		return NF_STOLEN;
	if (packet->class == RC_CLASS_RTCP) {
		n = rc_session_receive_rtcp(cpu, session, rc_get32(data + 4), data, packet->length);
	} else if (packet->target->passes) {
		rc_session_follow_rtp(session, packet->rtp.ssrc, packet->rtp.sequence);
		return NF_STOLEN;
	} else {
		n = rc_session_receive_rtp(cpu, session, packet->rtp.ssrc, data, packet->length, &packet->extended);
	}
	if (likely(n > 0)) {
		packet->length = n;
		return NF_STOLEN;
	}
	reason = rc_forward_unprotect_reason(n);
	if (reason == RTPC_DROP_SRTP_AUTHENTICATION)
		rc_forward_event(packet, RTPC_EVENT_AUTH_FAILED);
	return rc_forward_refuse(packet->target->flow, reason);
}

/* May this output have the packet? */
static enum rtpc_drop rc_forward_judge(const struct rc_packet *packet, const struct rc_output *output)
{
	u32 flags = READ_ONCE(output->flags);
	u8 hold = READ_ONCE(output->hold);

	if (unlikely(hold))
		return hold;
	if (likely(!(flags & (RTPC_OF_SILENCED | RTPC_OF_BLOCK_DTMF))) || packet->class == RC_CLASS_RTCP)
		return RTPC_DROP_NONE;
	if (packet->class == RC_CLASS_OTHER)
		return flags & RTPC_OF_SILENCED ? RTPC_DROP_SILENCED : RTPC_DROP_NONE;
	if (flags & RTPC_OF_BLOCK_DTMF && packet->pt && packet->pt->flags & RTPC_PT_DTMF)
		return RTPC_DROP_DTMF_BLOCKED;
	return flags & RTPC_OF_SILENCED && !(packet->pt && packet->pt->silence_len) ? RTPC_DROP_SILENCED : RTPC_DROP_NONE;
}

/* Does the output send the payload just as it is in @packet? */
static bool rc_forward_keeps(const struct rc_packet *packet, const struct rc_output *output)
{
	u32 flags = READ_ONCE(output->flags);

	if (packet->class == RC_CLASS_OTHER)
		return true;
	if (packet->class == RC_CLASS_RTP && packet->target->passes)
		return true;
	if (output->session || output->rules)
		return false;
	return !(flags & (packet->class == RC_CLASS_RTP ? RTPC_OF_SILENCED : RTPC_OF_STRIP_FEEDBACK));
}

/* The packet itself becomes the last copy: data at the payload, writable, with room behind. NULL: no memory, the packet is still there. */
static struct sk_buff *rc_forward_take(struct rc_packet *packet, const struct rc_output *output, bool keeps)
{
	struct sk_buff *skb = packet->skb;
	unsigned int tail = keeps ? 0 : rc_output_tail(packet, output);
	unsigned int spare = skb->len - packet->offset - packet->length; /* what Unprotect took off */

	if (!keeps && tail > spare + skb_tailroom(skb) && pskb_expand_head(skb, 0, tail, GFP_ATOMIC | __GFP_NOWARN))
		return NULL;
	__skb_pull(skb, packet->offset);
	__skb_trim(skb, packet->length);
	packet->skb = NULL;
	return skb;
}

static void rc_forward_hold(struct rc_flow *flow, struct rc_output *output, enum rtpc_drop reason)
{
	flow->drops[reason]++;
	if (reason >= RTPC_DROP_NO_OUTPUT && reason <= RTPC_DROP_FEEDBACK_STRIPPED)
		output->count->stats.held++;
	else
		output->count->stats.errors++;
}

/* One copy. Under the lock. */
static enum rtpc_drop rc_forward_one(rc_cpu_t cpu, struct rc_packet *packet, struct rc_output *output, bool last, struct rc_batch *batch)
{
	struct rc_flow *flow = packet->target->flow;
	enum rtpc_drop reason = rc_forward_judge(packet, output);
	bool keeps = rc_forward_keeps(packet, output);
	struct dst_entry *dst;
	struct sk_buff *skb;

	if (unlikely(reason))
		return reason;
	dst = rc_route_get(packet->net, output);
	if (unlikely(!dst))
		return RTPC_DROP_SEND_FAILED;
	skb = last ? rc_forward_take(packet, output, keeps) : rc_output_copy(packet, output, dst);
	if (unlikely(!skb))
		return RTPC_DROP_SEND_FAILED;
	if (keeps) {
		if (packet->class == RC_CLASS_RTP) {
			output->count->stats.ssrc = packet->rtp.ssrc;
			if (output->session)
				rc_session_follow_rtp(output->session, packet->rtp.ssrc, packet->rtp.sequence);
		}
	} else {
		reason = rc_output_make(cpu, packet, output, skb);
		if (unlikely(reason)) {
			kfree_skb(skb);
			return reason;
		}
	}
	output->count->stats.packets++;
	output->count->stats.bytes += skb->len;
	flow->sent_packets++;
	flow->sent_bytes += skb->len;
	batch->item[batch->n].skb = skb;
	batch->item[batch->n].output = output;
	batch->item[batch->n].dst = dst;
	/* What was decrypted has no checksum of its own any more. */
	batch->item[batch->n].kept = keeps && (!packet->target->session || (packet->class == RC_CLASS_RTP && packet->target->passes));
	batch->n++;
	return RTPC_DROP_NONE;
}

static void rc_forward_flush(struct rc_packet *packet, struct rc_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->n; i++)
		rc_output_send(packet, batch->item[i].output, batch->item[i].dst, batch->item[i].skb, batch->item[i].kept);
	batch->n = 0;
}

static rc_cpu_t rc_forward_begin(const struct rc_target *target) __acquires(&target->flow->lock)
{
	spin_lock(&target->flow->lock);
	return target->crypto ? rc_crypto_begin() : 0;
}

static void rc_forward_end(const struct rc_target *target, rc_cpu_t cpu) __releases(&target->flow->lock)
{
	if (target->crypto)
		rc_crypto_end(cpu);
	spin_unlock(&target->flow->lock);
}

/*
 * Stages Route to Transmit: copies first, the packet itself last. Called between rc_forward_begin() and rc_forward_end(), which it does;
 * consumes the packet.
 */
static unsigned int rc_forward_outputs(rc_cpu_t cpu, struct rc_packet *packet, struct rc_output *output, unsigned int n)
	__releases(&packet->target->flow->lock)
{
	struct rc_target *target = packet->target;
	struct sk_buff *skb = packet->skb;
	struct rc_batch batch __uninitialized;
	enum rtpc_drop reason;
	unsigned int i;

	batch.n = 0;
	if (unlikely(!n))
		target->flow->drops[RTPC_DROP_NO_OUTPUT]++;
	for (i = 0; i < n; i++) {
		reason = rc_forward_one(cpu, packet, &output[i], i == n - 1, &batch);
		if (unlikely(reason))
			rc_forward_hold(target->flow, &output[i], reason);
		if (unlikely(batch.n == RC_BATCH && i < n - 1)) {
			rc_forward_end(target, cpu);
			rc_forward_flush(packet, &batch);
			cpu = rc_forward_begin(target);
		}
	}
	skb = packet->skb;
	rc_forward_end(target, cpu);
	rc_forward_flush(packet, &batch);
	if (skb)
		consume_skb(skb);
	return NF_STOLEN;
}

/* A payload type that does not go through here. NF_STOLEN: it does. */
static unsigned int rc_forward_pt(struct rc_packet *packet)
{
	struct rc_target *target = packet->target;
	struct rc_flow *flow = target->flow;
	u8 action = packet->pt ? packet->pt->action : target->pt_unknown, pt = packet->rtp.pt;
	unsigned int verdict = NF_ACCEPT;

	if (likely(action == RTPC_ACTION_FORWARD))
		return NF_STOLEN;
	spin_lock(&flow->lock);
	if (!flow->dead) {
		if (!packet->pt && !(flow->pts_seen[pt / 64] >> (pt % 64) & 1)) {
			flow->pts_seen[pt / 64] |= 1ULL << (pt % 64);
			rc_forward_event(packet, RTPC_EVENT_UNKNOWN_PT);
		}
		if (action == RTPC_ACTION_DROP)
			verdict = rc_forward_drop(flow, RTPC_DROP_NO_OUTPUT);
		else
			flow->userspace++;
	}
	spin_unlock(&flow->lock);
	return verdict;
}

/* An SSRC that is not known and must not be learned here. NF_STOLEN: go on. Under the lock. */
static unsigned int rc_forward_new_ssrc(struct rc_packet *packet)
{
	struct rc_target *target = packet->target;
	struct rc_flow *flow = target->flow;

	if (likely(target->ssrc_unknown == RTPC_ACTION_FORWARD))
		return NF_STOLEN;
	rc_forward_event(packet, RTPC_EVENT_NEW_SSRC);
	if (target->ssrc_unknown == RTPC_ACTION_DROP)
		return rc_forward_drop(flow, RTPC_DROP_NO_OUTPUT);
	flow->userspace++;
	return NF_ACCEPT;
}

/* Stage Track. Under the lock, after Unprotect: only authentic packets teach. */
static void rc_forward_track(struct rc_packet *packet)
{
	struct rc_flow *flow = packet->target->flow;
	const struct rtpc_pt *pt = packet->pt;
	s64 extended;

	rc_forward_count(packet);
	rc_flow_count_pt(flow, packet->rtp.pt, packet->wire);
	if (unlikely(!packet->ssrc)) {
		packet->ssrc = rc_flow_add(flow, packet->rtp.ssrc);
		rc_forward_event(packet, RTPC_EVENT_NEW_SSRC);
	}
	extended = packet->rtp.sequence;
	if (likely(packet->ssrc))
		extended = rc_track(packet->ssrc, &packet->rtp, packet->wire, packet->now,
				    pt && !(pt->flags & RTPC_PT_DTMF) ? pt->clock_rate : 0);
	/* Where SRTP came in its index is the better count: it knows rollovers that we did not see. */
	if (!packet->target->session || packet->target->passes)
		packet->extended = extended;
}

/* RTP that is counted and not forwarded. NF_STOLEN: it is forwarded. Under the lock. */
static unsigned int rc_forward_media(struct rc_packet *packet)
{
	u32 flags = READ_ONCE(packet->target->flags);
	const struct rtpc_pt *pt = packet->pt;

	if (likely(!(flags & (RTPC_TF_MAY_NOT_SEND | RTPC_TF_BLOCK_SHORT))))
		return NF_STOLEN;
	if (flags & RTPC_TF_MAY_NOT_SEND)
		return rc_forward_drop(packet->target->flow, RTPC_DROP_SEND_NOT_ALLOWED);
	if (packet->class == RC_CLASS_RTP && pt && !(pt->flags & RTPC_PT_DTMF) && packet->length - packet->rtp.payload < pt->nominal_bytes)
		return rc_forward_drop(packet->target->flow, RTPC_DROP_SHORT_PAYLOAD);
	return NF_STOLEN;
}

static unsigned int rc_forward_rtp(struct rc_packet *packet)
{
	struct rc_target *target = packet->target;
	unsigned int verdict;
	rc_cpu_t cpu;

	if (unlikely(!rc_rtp_parse(packet->skb->data + packet->offset, packet->length, &packet->rtp)))
		return rc_forward_up(target->flow);
	packet->pt = rc_target_pt(target, packet->rtp.pt);
	verdict = rc_forward_pt(packet);
	if (unlikely(verdict != NF_STOLEN))
		return verdict;

	cpu = rc_forward_begin(target);
	verdict = rc_forward_admit(packet);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	packet->ssrc = rc_flow_find(target->flow, packet->rtp.ssrc);
	if (unlikely(!packet->ssrc)) {
		verdict = rc_forward_new_ssrc(packet);
		if (verdict != NF_STOLEN)
			goto out;
	}
	verdict = rc_forward_unprotect(cpu, packet);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	rc_forward_track(packet);
	verdict = rc_forward_media(packet);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	return rc_forward_outputs(cpu, packet, target->output, target->rtp_n);
out:
	rc_forward_end(target, cpu);
	return verdict;
}

static unsigned int rc_forward_rtcp_here(struct rc_packet *packet)
{
	struct rc_target *target = packet->target;
	rc_cpu_t cpu = rc_forward_begin(target);
	unsigned int verdict;

	packet->rtp = (struct rc_rtp){ .ssrc = rc_get32(packet->skb->data + packet->offset + 4) };
	verdict = rc_forward_admit(packet);
	if (verdict == NF_STOLEN)
		verdict = rc_forward_unprotect(cpu, packet);
	if (verdict != NF_STOLEN) {
		rc_forward_end(target, cpu);
		return verdict;
	}
	rc_forward_count(packet);
	target->flow->rtcp_packets++;
	return rc_forward_outputs(cpu, packet, target->output + target->rtp_n, target->rtcp_n);
}

/* With RTPC_TF_RTCP_UP a copy is forwarded, and the packet goes on to the socket as it came. */
static unsigned int rc_forward_rtcp(struct rc_packet *packet)
{
	struct rc_target *target = packet->target;
	u32 flags = READ_ONCE(target->flags);
	struct sk_buff *skb = packet->skb;
	unsigned int verdict;

	if (!target->rtcp_n || flags & RTPC_TF_RTCP_LOCAL)
		return rc_forward_up(target->flow);
	if (!(flags & RTPC_TF_RTCP_UP))
		return rc_forward_rtcp_here(packet);
	packet->skb = skb_copy(skb, GFP_ATOMIC | __GFP_NOWARN);
	if (!packet->skb)
		return NF_ACCEPT;
	verdict = rc_forward_rtcp_here(packet);
	if (verdict != NF_STOLEN) {
		kfree_skb(packet->skb);
		return verdict;
	}
	if (target->rtcp_mark)
		skb->mark = target->rtcp_mark;
	return NF_ACCEPT;
}

static unsigned int rc_forward_raw(struct rc_packet *packet)
{
	struct rc_target *target = packet->target;
	rc_cpu_t cpu = rc_forward_begin(target);
	unsigned int verdict;

	packet->rtp = (struct rc_rtp){};
	verdict = rc_forward_admit(packet);
	if (verdict == NF_STOLEN) {
		rc_forward_count(packet);
		verdict = rc_forward_media(packet);
	}
	if (verdict == NF_STOLEN)
		return rc_forward_outputs(cpu, packet, target->output, target->rtp_n);
	rc_forward_end(target, cpu);
	return verdict;
}

/* Whatever may change the payload needs it writable, and a sound checksum, because the new one hides the old. */
static bool rc_forward_prepare(struct rc_packet *packet)
{
	struct sk_buff *skb = packet->skb;
	struct rc_target *target = packet->target;
	u8 family = target->local.family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;

	if (!READ_ONCE(target->changes) && packet->class != RC_CLASS_RTCP)
		return true;
	if (packet->check && !packet->partial && !target->session && !skb_csum_unnecessary(skb) &&
	    nf_checksum(skb, NF_INET_PRE_ROUTING, packet->offset - sizeof(struct udphdr), IPPROTO_UDP, family))
		return false;
	return !skb_cloned(skb) || !pskb_expand_head(skb, 0, 0, GFP_ATOMIC | __GFP_NOWARN);
}

unsigned int rc_forward(struct rc_packet *packet)
{
	struct rc_target *target = packet->target;

	packet->now = rc_clock();
	packet->wire = packet->length;
	if (target->kind == RTPC_KIND_RAW)
		packet->class = RC_CLASS_OTHER;
	else
		packet->class = rc_rtp_classify(packet->skb->data + packet->offset, packet->length);
	if (unlikely(!rc_forward_prepare(packet)))
		return NF_ACCEPT; /* the socket counts a wrong checksum as always */

	switch (packet->class) {
	case RC_CLASS_RTP:
		return target->kind == RTPC_KIND_RTCP ? rc_forward_up(target->flow) : rc_forward_rtp(packet);
	case RC_CLASS_RTCP:
		return rc_forward_rtcp(packet);
	default:
		return target->kind == RTPC_KIND_RAW ? rc_forward_raw(packet) : rc_forward_up(target->flow);
	}
}
