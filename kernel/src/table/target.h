/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A target: what is done with the packets that arrive at one local address. Built whole, published by RCU, never changed afterwards but for
 * the flags and holds that TARGET_MODIFY may write (one word each, READ_ONCE/WRITE_ONCE).
 */
#ifndef RC_TARGET_H
#define RC_TARGET_H

#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include <net/dst.h>
#include "flow.h"
#include "session.h"

/**
 * struct rc_output - one rewritten copy; read by every packet
 * @src: what it is sent from
 * @dst: where it goes
 * @flags: RTPC_OF_*
 * @hold: &enum rtpc_drop: count under this reason, do not send; 0: send
 * @tos: TOS or traffic class
 * @ttl: 0: the namespace's
 * @route_ttl: what is sent, found with the route
 * @rtcp: an RTCP output
 * @count: counters
 * @session: keys; NULL: plain
 * @rules: what is rewritten; NULL: nothing
 * @route: cached; NULL or stale: looked up again. Readers hold rcu_read_lock(); replaced by xchg().
 * @route_cookie: of an IPv6 route
 * @route_mtu: what is no longer than this needs no look at the route's MTU
 * @id: RTPC_O_ID
 */
struct rc_output {
	struct rc_addr src;
	struct rc_addr dst;
	u32 flags;
	u8 hold;
	u8 tos;
	u8 ttl;
	u8 route_ttl;
	bool rtcp;
	struct rc_output_count *count;
	struct rc_session *session;
	struct rc_rules *rules;
	struct dst_entry *route;
	u32 route_cookie;
	u32 route_mtu;
	u32 id;
};

/**
 * struct rc_target - see above
 * @node: in the namespace's hash
 * @local: its key
 * @kind: &enum rtpc_kind
 * @mismatch: &enum rtpc_mismatch
 * @ssrc_unknown: &enum rtpc_action
 * @pt_unknown: &enum rtpc_action
 * @flags: RTPC_TF_*
 * @passes: every RTP output is RTPC_OF_PASSTHROUGH: nothing is decrypted
 * @crypto: the target or an output has keys
 * @changes: some packet's payload is changed, in place or in a copy
 * @rtp_n: RTP outputs, the first ones of @output
 * @rtcp_n: RTCP outputs, the rest
 * @flow: counters
 * @session: keys of what arrives; NULL: plain
 * @expect: expected source; family 0: any
 * @rtcp_mark: skb mark of RTCP copies for the socket
 * @pt_slot: index in @pts + 1 by payload type; 0: unknown
 * Cold: the rest
 */
struct rc_target {
	struct rhash_head node;
	struct rc_addr local;
	u8 kind;
	u8 mismatch;
	u8 ssrc_unknown;
	u8 pt_unknown;
	u32 flags;
	u16 rtp_n;
	u16 rtcp_n;
	struct rc_flow *flow;
	struct rc_session *session;

	struct rc_addr expect;
	bool passes;
	bool crypto;
	bool changes;
	u8 pts_n;
	struct rtpc_pt pts[RTPC_MAX_PTS];
	u8 pt_slot[128];

	u32 rtcp_mark;
	u32 idle;
	u64 epoch;
	u8 ssrcs_n;
	u32 ssrcs[RTPC_MAX_SSRCS];
	u16 cookie_length;
	u8 *cookie;
	struct rcu_work free_work;
	struct rc_net *rcn;
	struct rc_output output[] ____cacheline_aligned;
};

static inline const struct rtpc_pt *rc_target_pt(const struct rc_target *target, u8 pt)
{
	unsigned int slot;

	/* Nearly always: a cache line that is needed anyway. */
	if (likely(target->pts_n && target->pts[0].pt == pt))
		return &target->pts[0];
	slot = target->pt_slot[pt];
	return slot ? &target->pts[slot - 1] : NULL;
}

static inline unsigned int rc_target_outputs(const struct rc_target *target)
{
	return target->rtp_n + target->rtcp_n;
}

/* An empty target; the caller fills it and then publishes or frees it. */
struct rc_target *rc_target_new(struct rc_net *rcn, unsigned int outputs);

/* Frees a target that was never published. Under the namespace's mutex. */
void rc_target_free(struct rc_target *target);

/*
 * Makes a complete target (no flow yet) visible to packets, in the place of the one with the same address if there is one. Under the
 * namespace's mutex. The target belongs to the table afterwards; after an error still to the caller.
 */
int rc_target_publish(struct rc_table *table, struct rc_target *target, bool reset);

/* Takes a target out. No packet is counted when it returns; the memory goes after the grace period. Under the mutex. */
void rc_target_remove(struct rc_table *table, struct rc_target *target);

/* Finds by address; under the mutex. Packets use rc_target_lookup(). */
struct rc_target *rc_target_find(struct rc_net *rcn, const struct rc_addr *local);

/* Finds an output by id; NULL: none. */
struct rc_output *rc_target_output(struct rc_target *target, u32 id);

#endif
