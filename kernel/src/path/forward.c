// SPDX-License-Identifier: GPL-2.0

#include "../table/clock.h"
#include "copy.h"
#include "gate.h"

/*
 * Copies are made and counted under the flow's lock and sent without it, so many at a time: a device may hand a packet straight back to
 * our hook, and preemption is off while copies are encrypted.
 */
#define RC_BATCH 16

struct rc_batch {
	unsigned int n;
	struct rc_letter letter[RC_BATCH];
};

/* Counts a packet that was taken. Under the lock. */
static __always_inline void rc_forward_count(struct rc_flow *flow, unsigned int wire, u64 now)
{
	flow->packets++;
	flow->bytes += wire;
	flow->last_packet = now;
	flow->idle = false;
}

/* Stage Unprotect, in place. NF_STOLEN: go on. Under the lock. */
static __always_inline unsigned int rc_forward_unprotect(rc_cpu_t cpu, struct rc_packet *packet, const struct rc_target *target, bool plain)
{
	return !plain && target->session ? rc_gate_unprotect(cpu, packet) : NF_STOLEN;
}

static void rc_forward_flush(struct net *net, struct rc_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->n; i++)
		rc_output_send(net, &batch->letter[i]);
	batch->n = 0;
}

static __always_inline rc_cpu_t rc_forward_begin(const struct rc_target *target, bool plain) __acquires(&target->flow->lock)
{
	spin_lock(&target->flow->lock);
	return !plain && target->crypto ? rc_crypto_begin() : 0;
}

static __always_inline void rc_forward_end(const struct rc_target *target, rc_cpu_t cpu, bool plain) __releases(&target->flow->lock)
{
	if (!plain && target->crypto)
		rc_crypto_end(cpu);
	spin_unlock(&target->flow->lock);
}

/*
 * Copies for all outputs but the last; a full batch is sent. Between rc_forward_begin() and rc_forward_end(); returns the section that it
 * ends in.
 */
static __always_inline rc_cpu_t rc_forward_copies(enum rc_class class, bool plain, rc_cpu_t cpu, struct rc_packet *packet,
						  struct rc_output *output, unsigned int n, struct rc_batch *batch)
{
	struct rc_target *target = packet->target;
	enum rtpc_drop reason;

	for (; n; n--, output++) {
		reason = rc_copy_make(class, plain, cpu, packet, target, output, false, &batch->letter[batch->n]);
		if (likely(!reason))
			batch->n++;
		else
			rc_gate_hold(target->flow, output, reason);
		if (unlikely(batch->n == RC_BATCH)) {
			rc_forward_end(target, cpu, plain);
			rc_forward_flush(packet->net, batch);
			cpu = rc_forward_begin(target, plain);
		}
	}
	return cpu;
}

/* Copies first, the packet itself last. */
static __always_inline unsigned int rc_forward_all(enum rc_class class, bool plain, rc_cpu_t cpu, struct rc_packet *packet,
						   struct rc_output *output, unsigned int n) __releases(&packet->target->flow->lock)
{
	struct rc_target *target = packet->target;
	struct rc_batch batch __uninitialized;
	enum rtpc_drop reason = RTPC_DROP_NO_OUTPUT;

	batch.n = 0;
	if (n) {
		cpu = rc_forward_copies(class, plain, cpu, packet, output, n - 1, &batch);
		reason = rc_copy_make(class, plain, cpu, packet, target, &output[n - 1], true, &batch.letter[batch.n]);
	}
	if (likely(!reason))
		batch.n++;
	else if (n)
		rc_gate_hold(target->flow, &output[n - 1], reason);
	else
		target->flow->drops[reason]++;
	rc_forward_end(target, cpu, plain);
	rc_forward_flush(packet->net, &batch);
	if (packet->skb)
		consume_skb(packet->skb);
	return NF_STOLEN;
}

static noinline unsigned int rc_forward_many(rc_cpu_t cpu, struct rc_packet *packet, struct rc_output *output, unsigned int n)
	__releases(&packet->target->flow->lock)
{
	return rc_forward_all(packet->class, false, cpu, packet, output, n);
}

static noinline unsigned int rc_forward_many_plain(struct rc_packet *packet, struct rc_output *output, unsigned int n)
	__releases(&packet->target->flow->lock)
{
	return rc_forward_all(RC_CLASS_RTP, true, 0, packet, output, n);
}

/* Stages Route to Transmit of RTP. Called between rc_forward_begin() and rc_forward_end(), which it does; consumes the packet. */
static __always_inline unsigned int rc_forward_outputs(rc_cpu_t cpu, struct rc_packet *packet, struct rc_target *target, bool plain)
	__releases(&packet->target->flow->lock)
{
	struct rc_output *output = target->output;
	struct rc_letter letter __uninitialized;
	enum rtpc_drop reason;

	if (target->rtp_n != 1)
		return plain ? rc_forward_many_plain(packet, output, target->rtp_n) : rc_forward_many(cpu, packet, output, target->rtp_n);
	reason = rc_copy_make(RC_CLASS_RTP, plain, cpu, packet, target, output, true, &letter);
	if (unlikely(reason))
		rc_gate_hold(target->flow, output, reason);
	rc_forward_end(target, cpu, plain);
	if (likely(!reason))
		rc_output_send(packet->net, &letter);
	else if (packet->skb)
		consume_skb(packet->skb);
	return NF_STOLEN;
}

/* Stage Track. Under the lock, after Unprotect: only authentic packets teach. */
static __always_inline void rc_forward_track(struct rc_packet *packet, struct rc_target *target, struct rc_flow *flow, struct rc_ssrc *ssrc,
					     bool plain)
{
	const struct rtpc_pt *pt = packet->pt;
	s64 extended = packet->rtp.sequence;

	rc_forward_count(flow, packet->wire, packet->now);
	rc_flow_count_pt(flow, packet->rtp.pt, packet->wire);
	if (unlikely(!ssrc))
		ssrc = rc_gate_learn(packet);
	packet->ssrc = ssrc;
	if (likely(ssrc))
		extended = rc_track(ssrc, &packet->rtp, packet->wire, packet->now, pt && !(pt->flags & RTPC_PT_DTMF) ? pt->clock_rate : 0);
	/* Where SRTP came in its index is the better count: it knows rollovers that we did not see. */
	if (plain || !target->session || target->passes)
		packet->extended = extended;
}

static __always_inline unsigned int rc_forward_media(const struct rc_packet *packet, const struct rc_target *target)
{
	u32 flags = READ_ONCE(target->flags) & (RTPC_TF_MAY_NOT_SEND | RTPC_TF_BLOCK_SHORT);

	return likely(!flags) ? NF_STOLEN : rc_gate_blocked(packet, flags);
}

/* @plain: nothing is changed behind the UDP header. A constant as @v6 is, so that the compiler leaves out what is not needed then. */
static __always_inline unsigned int rc_forward_rtp(struct rc_packet *packet, struct rc_target *target, const u8 *payload, bool v6, bool plain)
{
	struct rc_flow *flow = target->flow;
	struct rc_ssrc *ssrc;
	unsigned int verdict;
	rc_cpu_t cpu;
	u8 action;

	if (unlikely(!rc_rtp_parse(payload, packet->length, &packet->rtp)))
		return rc_gate_up(packet);
	packet->pt = rc_target_pt(target, packet->rtp.pt);
	action = packet->pt ? packet->pt->action : target->pt_unknown;
	if (unlikely(action != RTPC_ACTION_FORWARD))
		return rc_gate_pt(packet, target, action);

	cpu = rc_forward_begin(target, plain);
	verdict = rc_gate_admit(packet, target, flow, v6);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	ssrc = rc_flow_find(flow, packet->rtp.ssrc);
	if (unlikely(!ssrc)) {
		verdict = rc_gate_new_ssrc(packet);
		if (verdict != NF_STOLEN)
			goto out;
	}
	verdict = rc_forward_unprotect(cpu, packet, target, plain);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	rc_forward_track(packet, target, flow, ssrc, plain);
	verdict = rc_forward_media(packet, target);
	if (unlikely(verdict != NF_STOLEN))
		goto out;
	return rc_forward_outputs(cpu, packet, target, plain);
out:
	rc_forward_end(target, cpu, plain);
	return verdict;
}

static unsigned int rc_forward_rtcp_here(struct rc_packet *packet, struct rc_target *target)
{
	rc_cpu_t cpu = rc_forward_begin(target, false);
	unsigned int verdict;

	packet->rtp = (struct rc_rtp){ .ssrc = rc_get32(packet->skb->data + packet->offset + 4) };
	verdict = rc_gate_admit(packet, target, target->flow, target->local.family == AF_INET6);
	if (verdict == NF_STOLEN)
		verdict = rc_forward_unprotect(cpu, packet, target, false);
	if (verdict != NF_STOLEN) {
		rc_forward_end(target, cpu, false);
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
		return rc_gate_up(packet);
	if (!(flags & RTPC_TF_RTCP_UP))
		return rc_forward_rtcp_here(packet, target);
	if (packet->early)
		return NF_ACCEPT;
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
	rc_cpu_t cpu = rc_forward_begin(target, false);
	unsigned int verdict;

	packet->rtp = (struct rc_rtp){};
	verdict = rc_gate_admit(packet, target, target->flow, target->local.family == AF_INET6);
	if (verdict == NF_STOLEN) {
		rc_forward_count(target->flow, packet->wire, packet->now);
		verdict = rc_forward_media(packet, target);
	}
	if (verdict == NF_STOLEN)
		return rc_forward_many(cpu, packet, target->output, target->rtp_n);
	rc_forward_end(target, cpu, false);
	return verdict;
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
static __always_inline unsigned int rc_forward(struct rc_target *target, struct sk_buff *skb, struct net *net, bool v6, bool early)
{
	const unsigned int header = v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	struct rc_packet packet __uninitialized;
	const union rc_headers *headers;
	const struct udphdr *udp;
	enum rc_class class;
	unsigned int length;
	bool changes;

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
	packet.early = early;
	packet.partial = skb->ip_summed == CHECKSUM_PARTIAL;
	packet.check = udp->check;
	if (packet.check && !packet.partial)
		packet.sum = v6 ? rc_forward_sum(packet.check, headers->v6.ip.saddr.s6_addr32, 9)
				: rc_forward_sum(packet.check, &headers->v4.ip.saddr, 3);
	class = target->kind == RTPC_KIND_RAW ? RC_CLASS_OTHER : rc_rtp_classify((const u8 *)(udp + 1), length);
	packet.class = class;
	changes = READ_ONCE(target->changes);
	if ((changes || class == RC_CLASS_RTCP) && unlikely(!rc_gate_prepare(&packet, target)))
		return NF_ACCEPT; /* the socket counts a wrong checksum as always */

	if (likely(class == RC_CLASS_RTP && target->kind != RTPC_KIND_RTCP))
		return v6 || changes ? rc_forward_rtp(&packet, target, skb->data + packet.offset, v6, false)
				     : rc_forward_rtp(&packet, target, skb->data + packet.offset, v6, true);
	if (class == RC_CLASS_RTCP)
		return rc_forward_rtcp(&packet, target);
	return target->kind == RTPC_KIND_RAW ? rc_forward_raw(&packet, target) : rc_gate_up(&packet);
}

unsigned int rc_forward_v4(struct rc_target *target, struct sk_buff *skb, struct net *net, bool early)
{
	return rc_forward(target, skb, net, false, early);
}

unsigned int rc_forward_v6(struct rc_target *target, struct sk_buff *skb, struct net *net)
{
	return rc_forward(target, skb, net, true, false);
}
