// SPDX-License-Identifier: GPL-2.0
#include <linux/netfilter.h>
#include "../control/events.h"
#include "gate.h"

unsigned int rc_gate_up(const struct rc_packet *packet)
{
	struct rc_flow *flow = packet->target->flow;

	if (packet->early)
		return NF_ACCEPT;
	spin_lock(&flow->lock);
	if (!flow->dead)
		flow->userspace++;
	spin_unlock(&flow->lock);
	return NF_ACCEPT;
}

static unsigned int rc_gate_refuse(struct rc_flow *flow, enum rtpc_drop reason)
{
	flow->drops[reason]++;
	flow->errors++;
	return NF_DROP;
}

static void rc_gate_event(const struct rc_packet *packet, enum rtpc_event kind)
{
	const struct rc_addr source = rc_packet_source(packet);

	rc_events_note(packet->target->rcn, packet->target->flow, kind, &source, packet->rtp.ssrc, packet->rtp.pt);
}

unsigned int rc_gate_stranger(const struct rc_packet *packet)
{
	struct rc_flow *flow = packet->target->flow;

	if (packet->early && packet->target->mismatch != RTPC_MISMATCH_DROP)
		return NF_ACCEPT;
	rc_gate_event(packet, RTPC_EVENT_SOURCE_CHANGED);
	if (packet->target->mismatch == RTPC_MISMATCH_DROP)
		return rc_gate_refuse(flow, RTPC_DROP_STRICT_SOURCE);
	flow->userspace++;
	return NF_ACCEPT;
}

static enum rtpc_drop rc_gate_unprotect_reason(int err)
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

unsigned int rc_gate_unprotect(rc_cpu_t cpu, struct rc_packet *packet)
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
	reason = rc_gate_unprotect_reason(n);
	if (reason == RTPC_DROP_SRTP_AUTHENTICATION)
		rc_gate_event(packet, RTPC_EVENT_AUTH_FAILED);
	return rc_gate_refuse(packet->target->flow, reason);
}

enum rtpc_drop rc_gate_judge(const struct rc_packet *packet, u32 flags, u8 hold)
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

void rc_gate_hold(struct rc_flow *flow, struct rc_output *output, enum rtpc_drop reason)
{
	flow->drops[reason]++;
	if (reason >= RTPC_DROP_NO_OUTPUT && reason <= RTPC_DROP_FEEDBACK_STRIPPED)
		output->count->stats.held++;
	else
		output->count->stats.errors++;
}

unsigned int rc_gate_pt(const struct rc_packet *packet, struct rc_target *target, u8 action)
{
	struct rc_flow *flow = target->flow;
	unsigned int verdict = NF_ACCEPT;
	u8 pt = packet->rtp.pt;

	if (packet->early && action != RTPC_ACTION_DROP)
		return NF_ACCEPT;
	spin_lock(&flow->lock);
	if (!flow->dead) {
		if (!packet->pt && !(flow->pts_seen[pt / 64] >> (pt % 64) & 1)) {
			flow->pts_seen[pt / 64] |= 1ULL << (pt % 64);
			rc_gate_event(packet, RTPC_EVENT_UNKNOWN_PT);
		}
		if (action == RTPC_ACTION_DROP)
			verdict = rc_gate_drop(flow, RTPC_DROP_NO_OUTPUT);
		else
			flow->userspace++;
	}
	spin_unlock(&flow->lock);
	return verdict;
}

unsigned int rc_gate_new_ssrc(const struct rc_packet *packet)
{
	struct rc_target *target = packet->target;
	struct rc_flow *flow = target->flow;

	if (likely(target->ssrc_unknown == RTPC_ACTION_FORWARD))
		return NF_STOLEN;
	if (packet->early && target->ssrc_unknown != RTPC_ACTION_DROP)
		return NF_ACCEPT;
	rc_gate_event(packet, RTPC_EVENT_NEW_SSRC);
	if (target->ssrc_unknown == RTPC_ACTION_DROP)
		return rc_gate_drop(flow, RTPC_DROP_NO_OUTPUT);
	flow->userspace++;
	return NF_ACCEPT;
}

struct rc_ssrc *rc_gate_learn(struct rc_packet *packet)
{
	struct rc_ssrc *ssrc = rc_flow_add(packet->target->flow, packet->rtp.ssrc);

	rc_gate_event(packet, RTPC_EVENT_NEW_SSRC);
	return ssrc;
}

unsigned int rc_gate_blocked(const struct rc_packet *packet, u32 flags)
{
	const struct rtpc_pt *pt = packet->pt;

	if (flags & RTPC_TF_MAY_NOT_SEND)
		return rc_gate_drop(packet->target->flow, RTPC_DROP_SEND_NOT_ALLOWED);
	if (packet->class == RC_CLASS_RTP && pt && !(pt->flags & RTPC_PT_DTMF) && packet->length - packet->rtp.payload < pt->nominal_bytes)
		return rc_gate_drop(packet->target->flow, RTPC_DROP_SHORT_PAYLOAD);
	return NF_STOLEN;
}

bool rc_gate_prepare(const struct rc_packet *packet, const struct rc_target *target)
{
	u8 family = target->local.family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	struct sk_buff *skb = packet->skb;

	if (packet->check && !packet->partial && !target->session && !skb_csum_unnecessary(skb) &&
	    nf_checksum(skb, NF_INET_PRE_ROUTING, packet->offset - sizeof(struct udphdr), IPPROTO_UDP, family))
		return false;
	return !skb_cloned(skb) || !pskb_expand_head(skb, 0, 0, GFP_ATOMIC | __GFP_NOWARN);
}

