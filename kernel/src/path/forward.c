// SPDX-License-Identifier: GPL-2.0

#include <linux/netfilter.h>
#include "../control/events.h"
#include "../table/clock.h"
#include "output.h"
#include "packet.h"
#include "route.h"
#include "wrap.h"

/*
 * Copies are made and counted under the flow's lock and sent without it, so many at a time: a device may hand a packet straight back to
 * our hook, and preemption is off while copies are encrypted.
 */
#define RC_BATCH 16

struct rc_batch {
	unsigned int n;
	struct rc_letter letter[RC_BATCH];
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

static noinline void rc_forward_event(const struct rc_packet *packet, enum rtpc_event kind)
{
	const struct rc_addr source = rc_packet_source(packet);

	rc_events_note(packet->target->rcn, packet->target->flow, kind, &source, packet->rtp.ssrc, packet->rtp.pt);
}

/* A packet from another source than the expected one. */
static noinline unsigned int rc_forward_stranger(const struct rc_packet *packet)
{
	struct rc_flow *flow = packet->target->flow;

	rc_forward_event(packet, RTPC_EVENT_SOURCE_CHANGED);
	if (packet->target->mismatch == RTPC_MISMATCH_DROP)
		return rc_forward_refuse(flow, RTPC_DROP_STRICT_SOURCE);
	flow->userspace++;
	return NF_ACCEPT;
}

/* Does it come from where it should? Asked of the packet itself. */
static __always_inline bool rc_forward_expected(const struct rc_addr *expect, const union rc_headers *headers, bool v6)
{
	if (v6)
		return expect->port == headers->v6.udp.source && ipv6_addr_equal(&expect->v6, &headers->v6.ip.saddr) &&
		       expect->family == AF_INET6;
	return expect->v4 == headers->v4.ip.saddr && expect->port == headers->v4.udp.source && expect->family == AF_INET;
}

/* May the packet come in at all? NF_STOLEN: yes. Under the lock. */
static __always_inline unsigned int rc_forward_admit(const struct rc_packet *packet, const struct rc_target *target, struct rc_flow *flow,
						      bool v6)
{
	if (unlikely(flow->dead))
		return NF_ACCEPT;
	if (unlikely(READ_ONCE(target->flags) & RTPC_TF_DROP_ALL))
		return rc_forward_drop(flow, RTPC_DROP_DROP_TRAFFIC);
	if (target->mismatch != RTPC_MISMATCH_IGNORE && unlikely(!rc_forward_expected(&target->expect, (const union rc_headers *)packet->skb->data, v6)))
		return rc_forward_stranger(packet);
	return NF_STOLEN;
}

/* Counts a packet that was taken. Under the lock. */
static __always_inline void rc_forward_count(struct rc_flow *flow, unsigned int wire, u64 now)
{
	flow->packets++;
	flow->bytes += wire;
	flow->last_packet = now;
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

static noinline unsigned int rc_forward_unprotect_in(rc_cpu_t cpu, struct rc_packet *packet)
{
	struct rc_session *session = packet->target->session;
	u8 *data = packet->skb->data + packet->offset;
	enum rtpc_drop reason;
	int n;

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

/* Stage Unprotect, in place. NF_STOLEN: go on. Under the lock. */
static __always_inline unsigned int rc_forward_unprotect(rc_cpu_t cpu, struct rc_packet *packet, const struct rc_target *target)
{
	return target->session ? rc_forward_unprotect_in(cpu, packet) : NF_STOLEN;
}

/* May this output have the packet? It is on hold, silenced or without DTMF. */
static noinline enum rtpc_drop rc_forward_judge(const struct rc_packet *packet, u32 flags, u8 hold)
{
	if (hold)
		return hold;
	if (packet->class == RC_CLASS_RTCP)
		return RTPC_DROP_NONE;
	if (packet->class == RC_CLASS_OTHER)
		return flags & RTPC_OF_SILENCED ? RTPC_DROP_SILENCED : RTPC_DROP_NONE;
	if (flags & RTPC_OF_BLOCK_DTMF && packet->pt && packet->pt->flags & RTPC_PT_DTMF)
		return RTPC_DROP_DTMF_BLOCKED;
	return flags & RTPC_OF_SILENCED && !(packet->pt && packet->pt->silence_len) ? RTPC_DROP_SILENCED : RTPC_DROP_NONE;
}

/* Does the output send the payload just as it is in @packet? */
static __always_inline bool rc_forward_keeps(enum rc_class class, const struct rc_target *target, const struct rc_output *output, u32 flags)
{
	if (class == RC_CLASS_OTHER || (class == RC_CLASS_RTP && target->passes))
		return true;
	if (output->session || output->rules)
		return false;
	return !(flags & (class == RC_CLASS_RTP ? RTPC_OF_SILENCED : RTPC_OF_STRIP_FEEDBACK));
}

/* The packet itself becomes the last copy: writable headers with room in front, and @tail bytes behind the payload. False: no memory. */
static __always_inline bool rc_forward_take(struct rc_packet *packet, struct sk_buff *skb, const struct rc_hop *hop, unsigned int tail)
{
	unsigned int head = skb_headroom(skb) + packet->offset;
	/* What Unprotect took off is room, too. */
	unsigned int room = skb_end_pointer(skb) - skb->data - packet->offset - packet->length;

	if (likely(head >= hop->room && !skb_header_cloned(skb) && (!tail || room >= tail)))
		return true;
	return !pskb_expand_head(skb, head >= hop->room ? 0 : hop->room - head, room >= tail ? 0 : tail - room, GFP_ATOMIC | __GFP_NOWARN);
}

static void rc_forward_hold(struct rc_flow *flow, struct rc_output *output, enum rtpc_drop reason)
{
	flow->drops[reason]++;
	if (reason >= RTPC_DROP_NO_OUTPUT && reason <= RTPC_DROP_FEEDBACK_STRIPPED)
		output->count->stats.held++;
	else
		output->count->stats.errors++;
}

/* The payload of a copy stays as it is: what is noted all the same. */
static __always_inline void rc_forward_keep(enum rc_class class, const struct rc_packet *packet, struct rc_output *output)
{
	if (class != RC_CLASS_RTP)
		return;
	output->count->stats.ssrc = packet->rtp.ssrc;
	if (unlikely(output->session))
		rc_session_follow_rtp(output->session, packet->rtp.ssrc, packet->rtp.sequence);
}

static __always_inline void rc_forward_sent(struct rc_flow *flow, struct rc_output_count *count, unsigned int length)
{
	count->stats.packets++;
	count->stats.bytes += length;
	flow->sent_packets++;
	flow->sent_bytes += length;
}

/* One copy, or with @last the packet itself. @class: the packet's. Under the lock. */
static __always_inline enum rtpc_drop rc_forward_one(enum rc_class class, rc_cpu_t cpu, struct rc_packet *packet, struct rc_target *target,
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
		reason = rc_forward_judge(packet, flags, hold);
	if (unlikely(reason))
		return reason;
	if (unlikely(!rc_route_ready(packet->net, output)))
		return RTPC_DROP_SEND_FAILED;
	keeps = rc_forward_keeps(class, target, output, flags);
	if (last) {
		skb = packet->skb;
		if (unlikely(!rc_forward_take(packet, skb, &output->hop, keeps ? 0 : rc_output_tail(packet, output))))
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
		rc_forward_keep(class, packet, output);
	else
		length = rc_output_make(cpu, packet, output, payload, length, skb_end_pointer(skb) - payload);
	/* What was decrypted has no checksum of its own any more. */
	kept = keeps && (!target->session || (class == RC_CLASS_RTP && target->passes));
	if (unlikely(length < 0))
		reason = -length;
	else if (unlikely(!rc_wrap(packet, output, letter, skb, payload, length, kept, !last)))
		reason = RTPC_DROP_SEND_FAILED;
	if (unlikely(reason)) {
		kfree_skb(skb);
		return reason;
	}
	rc_forward_sent(target->flow, output->count, length);
	return RTPC_DROP_NONE;
}

static void rc_forward_flush(struct net *net, struct rc_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->n; i++)
		rc_output_send(net, &batch->letter[i]);
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
 * Copies for all outputs but the last; a full batch is sent. Between rc_forward_begin() and rc_forward_end(); returns the section that it
 * ends in.
 */
static noinline rc_cpu_t rc_forward_copies(rc_cpu_t cpu, struct rc_packet *packet, struct rc_output *output, unsigned int n,
					   struct rc_batch *batch)
{
	struct rc_target *target = packet->target;
	enum rtpc_drop reason;

	for (; n; n--, output++) {
		reason = rc_forward_one(packet->class, cpu, packet, target, output, false, &batch->letter[batch->n]);
		if (likely(!reason))
			batch->n++;
		else
			rc_forward_hold(target->flow, output, reason);
		if (unlikely(batch->n == RC_BATCH)) {
			rc_forward_end(target, cpu);
			rc_forward_flush(packet->net, batch);
			cpu = rc_forward_begin(target);
		}
	}
	return cpu;
}

/* Copies first, the packet itself last. */
static noinline unsigned int rc_forward_many(rc_cpu_t cpu, struct rc_packet *packet, struct rc_output *output, unsigned int n)
	__releases(&packet->target->flow->lock)
{
	struct rc_target *target = packet->target;
	struct rc_batch batch __uninitialized;
	enum rtpc_drop reason = RTPC_DROP_NO_OUTPUT;

	batch.n = 0;
	if (n) {
		cpu = rc_forward_copies(cpu, packet, output, n - 1, &batch);
		reason = rc_forward_one(packet->class, cpu, packet, target, &output[n - 1], true, &batch.letter[batch.n]);
	}
	if (likely(!reason))
		batch.n++;
	else if (n)
		rc_forward_hold(target->flow, &output[n - 1], reason);
	else
		target->flow->drops[reason]++;
	rc_forward_end(target, cpu);
	rc_forward_flush(packet->net, &batch);
	if (packet->skb)
		consume_skb(packet->skb);
	return NF_STOLEN;
}

/* Stages Route to Transmit of RTP. Called between rc_forward_begin() and rc_forward_end(), which it does; consumes the packet. */
static __always_inline unsigned int rc_forward_outputs(rc_cpu_t cpu, struct rc_packet *packet, struct rc_target *target)
	__releases(&packet->target->flow->lock)
{
	struct rc_output *output = target->output;
	struct rc_letter letter __uninitialized;
	enum rtpc_drop reason;

	if (target->rtp_n != 1)
		return rc_forward_many(cpu, packet, output, target->rtp_n);
	reason = rc_forward_one(RC_CLASS_RTP, cpu, packet, target, output, true, &letter);
	if (unlikely(reason))
		rc_forward_hold(target->flow, output, reason);
	rc_forward_end(target, cpu);
	if (likely(!reason))
		rc_output_send(packet->net, &letter);
	else if (packet->skb)
		consume_skb(packet->skb);
	return NF_STOLEN;
}

/* A payload type that does not go through here, or is not known to. NF_STOLEN: it does. */
static noinline unsigned int rc_forward_pt(const struct rc_packet *packet, struct rc_target *target, u8 action)
{
	struct rc_flow *flow = target->flow;
	unsigned int verdict = NF_ACCEPT;
	u8 pt = packet->rtp.pt;

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

/* An SSRC that is not known. NF_STOLEN: it may be learned here. Under the lock. */
static noinline unsigned int rc_forward_new_ssrc(const struct rc_packet *packet)
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

/* The first packet of an SSRC. NULL: no memory. */
static noinline struct rc_ssrc *rc_forward_learn(struct rc_packet *packet)
{
	struct rc_ssrc *ssrc = rc_flow_add(packet->target->flow, packet->rtp.ssrc);

	rc_forward_event(packet, RTPC_EVENT_NEW_SSRC);
	return ssrc;
}

/* Stage Track. Under the lock, after Unprotect: only authentic packets teach. */
static __always_inline void rc_forward_track(struct rc_packet *packet, struct rc_target *target, struct rc_flow *flow, struct rc_ssrc *ssrc)
{
	const struct rtpc_pt *pt = packet->pt;
	s64 extended = packet->rtp.sequence;

	rc_forward_count(flow, packet->wire, packet->now);
	rc_flow_count_pt(flow, packet->rtp.pt, packet->wire);
	if (unlikely(!ssrc))
		ssrc = rc_forward_learn(packet);
	packet->ssrc = ssrc;
	if (likely(ssrc))
		extended = rc_track(ssrc, &packet->rtp, packet->wire, packet->now, pt && !(pt->flags & RTPC_PT_DTMF) ? pt->clock_rate : 0);
	/* Where SRTP came in its index is the better count: it knows rollovers that we did not see. */
	if (!target->session || target->passes)
		packet->extended = extended;
}

/* Counted and perhaps not forwarded. NF_STOLEN: it is forwarded. Under the lock. */
static noinline unsigned int rc_forward_blocked(const struct rc_packet *packet, u32 flags)
{
	const struct rtpc_pt *pt = packet->pt;

	if (flags & RTPC_TF_MAY_NOT_SEND)
		return rc_forward_drop(packet->target->flow, RTPC_DROP_SEND_NOT_ALLOWED);
	if (packet->class == RC_CLASS_RTP && pt && !(pt->flags & RTPC_PT_DTMF) && packet->length - packet->rtp.payload < pt->nominal_bytes)
		return rc_forward_drop(packet->target->flow, RTPC_DROP_SHORT_PAYLOAD);
	return NF_STOLEN;
}

static __always_inline unsigned int rc_forward_media(const struct rc_packet *packet, const struct rc_target *target)
{
	u32 flags = READ_ONCE(target->flags) & (RTPC_TF_MAY_NOT_SEND | RTPC_TF_BLOCK_SHORT);

	return likely(!flags) ? NF_STOLEN : rc_forward_blocked(packet, flags);
}

static __always_inline unsigned int rc_forward_rtp(struct rc_packet *packet, struct rc_target *target, const u8 *payload, bool v6)
{
	struct rc_flow *flow = target->flow;
	struct rc_ssrc *ssrc;
	unsigned int verdict;
	rc_cpu_t cpu;
	u8 action;

	if (unlikely(!rc_rtp_parse(payload, packet->length, &packet->rtp)))
		return rc_forward_up(flow);
	packet->pt = rc_target_pt(target, packet->rtp.pt);
	action = packet->pt ? packet->pt->action : target->pt_unknown;
	if (unlikely(action != RTPC_ACTION_FORWARD))
		return rc_forward_pt(packet, target, action);

	cpu = rc_forward_begin(target);
	verdict = rc_forward_admit(packet, target, flow, v6);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	ssrc = rc_flow_find(flow, packet->rtp.ssrc);
	if (unlikely(!ssrc)) {
		verdict = rc_forward_new_ssrc(packet);
		if (verdict != NF_STOLEN)
			goto out;
	}
	verdict = rc_forward_unprotect(cpu, packet, target);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	rc_forward_track(packet, target, flow, ssrc);
	verdict = rc_forward_media(packet, target);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	return rc_forward_outputs(cpu, packet, target);
out:
	rc_forward_end(target, cpu);
	return verdict;
}

static unsigned int rc_forward_rtcp_here(struct rc_packet *packet, struct rc_target *target)
{
	rc_cpu_t cpu = rc_forward_begin(target);
	unsigned int verdict;

	packet->rtp = (struct rc_rtp){ .ssrc = rc_get32(packet->skb->data + packet->offset + 4) };
	verdict = rc_forward_admit(packet, target, target->flow, target->local.family == AF_INET6);
	if (verdict == NF_STOLEN)
		verdict = rc_forward_unprotect(cpu, packet, target);
	if (verdict != NF_STOLEN) {
		rc_forward_end(target, cpu);
		return verdict;
	}
	rc_forward_count(target->flow, packet->wire, packet->now);
	target->flow->rtcp_packets++;
	return rc_forward_many(cpu, packet, target->output + target->rtp_n, target->rtcp_n);
}

/* With RTPC_TF_RTCP_UP a copy is forwarded, and the packet goes on to the socket as it came. */
static noinline unsigned int rc_forward_rtcp(struct rc_packet *packet, struct rc_target *target)
{
	u32 flags = READ_ONCE(target->flags);
	struct sk_buff *skb = packet->skb;
	unsigned int verdict;

	if (!target->rtcp_n || flags & RTPC_TF_RTCP_LOCAL)
		return rc_forward_up(target->flow);
	if (!(flags & RTPC_TF_RTCP_UP))
		return rc_forward_rtcp_here(packet, target);
	packet->skb = skb_copy(skb, GFP_ATOMIC | __GFP_NOWARN);
	if (!packet->skb)
		return NF_ACCEPT;
	verdict = rc_forward_rtcp_here(packet, target);
	if (verdict != NF_STOLEN) {
		kfree_skb(packet->skb);
		return verdict;
	}
	if (target->rtcp_mark)
		skb->mark = target->rtcp_mark;
	return NF_ACCEPT;
}

static noinline unsigned int rc_forward_raw(struct rc_packet *packet, struct rc_target *target)
{
	rc_cpu_t cpu = rc_forward_begin(target);
	unsigned int verdict;

	packet->rtp = (struct rc_rtp){};
	verdict = rc_forward_admit(packet, target, target->flow, target->local.family == AF_INET6);
	if (verdict == NF_STOLEN) {
		rc_forward_count(target->flow, packet->wire, packet->now);
		verdict = rc_forward_media(packet, target);
	}
	if (verdict == NF_STOLEN)
		return rc_forward_many(cpu, packet, target->output, target->rtp_n);
	rc_forward_end(target, cpu);
	return verdict;
}

/* Whatever may change the payload needs it writable, and a sound checksum, because the new one hides the old. */
static noinline bool rc_forward_prepare(const struct rc_packet *packet, const struct rc_target *target)
{
	u8 family = target->local.family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	struct sk_buff *skb = packet->skb;

	if (packet->check && !packet->partial && !target->session && !skb_csum_unnecessary(skb) &&
	    nf_checksum(skb, NF_INET_PRE_ROUTING, packet->offset - sizeof(struct udphdr), IPPROTO_UDP, family))
		return false;
	return !skb_cloned(skb) || !pskb_expand_head(skb, 0, 0, GFP_ATOMIC | __GFP_NOWARN);
}

/* The packet's checksum without the addresses and ports, which lie in a row: @words of them. */
static __always_inline __wsum rc_forward_sum(__sum16 check, const __be32 *addresses, unsigned int words)
{
	__wsum sum = ~csum_unfold(check);

	while (words--)
		sum = csum_sub(sum, (__force __wsum)*addresses++);
	return sum;
}

/* Once for IPv4 and once for IPv6, so that neither asks which of them it is. */
static __always_inline unsigned int rc_forward(struct rc_target *target, struct sk_buff *skb, struct net *net, bool v6)
{
	const unsigned int header = v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	struct rc_packet packet __uninitialized;
	const union rc_headers *headers;
	const struct udphdr *udp;
	enum rc_class class;
	unsigned int length;

	if (skb_linearize(skb))
		return NF_ACCEPT;
	headers = (const union rc_headers *)skb->data;
	udp = (const struct udphdr *)(skb->data + header);
	length = ntohs(udp->len);
	if (length < sizeof(*udp) || header + length > skb->len)
		return NF_ACCEPT;
	length -= sizeof(*udp);
	packet.skb = skb;
	packet.net = net;
	packet.target = target;
	packet.offset = header + sizeof(*udp);
	packet.length = packet.wire = length;
	packet.now = rc_clock();
	packet.ttl = v6 ? headers->v6.ip.hop_limit : headers->v4.ip.ttl;
	packet.partial = skb->ip_summed == CHECKSUM_PARTIAL;
	packet.check = udp->check;
	if (packet.check && !packet.partial)
		packet.sum = v6 ? rc_forward_sum(packet.check, headers->v6.ip.saddr.s6_addr32, 9)
				: rc_forward_sum(packet.check, &headers->v4.ip.saddr, 3);
	class = target->kind == RTPC_KIND_RAW ? RC_CLASS_OTHER : rc_rtp_classify((const u8 *)(udp + 1), length);
	packet.class = class;
	if ((target->changes || class == RC_CLASS_RTCP) && unlikely(!rc_forward_prepare(&packet, target)))
		return NF_ACCEPT; /* the socket counts a wrong checksum as always */

	if (likely(class == RC_CLASS_RTP && target->kind != RTPC_KIND_RTCP))
		return rc_forward_rtp(&packet, target, skb->data + packet.offset, v6);
	if (class == RC_CLASS_RTCP)
		return rc_forward_rtcp(&packet, target);
	return target->kind == RTPC_KIND_RAW ? rc_forward_raw(&packet, target) : rc_forward_up(target->flow);
}

unsigned int rc_forward_v4(struct rc_target *target, struct sk_buff *skb, struct net *net)
{
	return rc_forward(target, skb, net, false);
}

unsigned int rc_forward_v6(struct rc_target *target, struct sk_buff *skb, struct net *net)
{
	return rc_forward(target, skb, net, true);
}
