/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who may pass. Most packets are only asked the questions in this header; gate.c is for those that are refused, belong to the socket, tell
 * something new, or whose outputs are picky. A verdict is NF_STOLEN (go on), NF_ACCEPT (to the socket) or NF_DROP. Under the flow's lock,
 * but for rc_gate_up(), rc_gate_pt() and rc_gate_prepare().
 */
#ifndef RC_GATE_H
#define RC_GATE_H

#include <linux/netfilter.h>
#include <net/ipv6.h>
#include "packet.h"

/* The socket gets it. Takes the lock. */
unsigned int rc_gate_up(const struct rc_packet *packet);
/* A packet from another source than the expected one. */
unsigned int rc_gate_stranger(const struct rc_packet *packet);
/* Decrypts and authenticates in place what arrives under keys. */
unsigned int rc_gate_unprotect(rc_cpu_t cpu, struct rc_packet *packet);
/* A payload type that does not go through here, or is not known to. Takes the lock. */
unsigned int rc_gate_pt(const struct rc_packet *packet, struct rc_target *target, u8 action);
/* An SSRC that is not known: may it be learned here? */
unsigned int rc_gate_new_ssrc(const struct rc_packet *packet);
/* The first packet of an SSRC. NULL: no memory. */
struct rc_ssrc *rc_gate_learn(struct rc_packet *packet);
/* Counted and perhaps not forwarded. */
unsigned int rc_gate_blocked(const struct rc_packet *packet, u32 flags);
/* May this output have the packet? It is on hold, silenced or without DTMF. */
enum rtpc_drop rc_gate_judge(const struct rc_packet *packet, u32 flags, u8 hold);
/* Counts a copy that an output does not get. */
void rc_gate_hold(struct rc_flow *flow, struct rc_output *output, enum rtpc_drop reason);
/* Whatever may change the payload needs it writable, and a sound checksum, because the new one hides the old. False: neither can be had. */
bool rc_gate_prepare(const struct rc_packet *packet, const struct rc_target *target);

static inline unsigned int rc_gate_drop(struct rc_flow *flow, enum rtpc_drop reason)
{
	flow->drops[reason]++;
	return NF_DROP;
}

/* Does it come from where it should? Asked of the packet itself. */
static __always_inline bool rc_gate_expected(const struct rc_addr *expect, const union rc_headers *headers, bool v6)
{
	if (v6)
		return expect->port == headers->v6.udp.source && ipv6_addr_equal(&expect->v6, &headers->v6.ip.saddr) &&
		       expect->family == AF_INET6;
	return expect->v4 == headers->v4.ip.saddr && expect->port == headers->v4.udp.source && expect->family == AF_INET;
}

/* May the packet come in at all? */
static __always_inline unsigned int rc_gate_admit(const struct rc_packet *packet, const struct rc_target *target, struct rc_flow *flow,
						      bool v6)
{
	if (unlikely(flow->dead))
		return NF_ACCEPT;
	if (unlikely(READ_ONCE(target->flags) & RTPC_TF_DROP_ALL))
		return rc_gate_drop(flow, RTPC_DROP_DROP_TRAFFIC);
	if (target->mismatch != RTPC_MISMATCH_IGNORE && unlikely(!rc_gate_expected(&target->expect, (const union rc_headers *)packet->skb->data, v6)))
		return rc_gate_stranger(packet);
	return NF_STOLEN;
}

#endif
