/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A target: what is done with the packets that arrive at one local address. Built whole, published by RCU, never changed afterwards but for
 * the flags and holds that TARGET_MODIFY may write (one word each, READ_ONCE/WRITE_ONCE).
 */
#ifndef RC_TARGET_H
#define RC_TARGET_H

#include <linux/list.h>
#include <linux/udp.h>
#include <linux/workqueue.h>
#include <net/dst.h>
#include <net/neighbour.h>
#include "flow.h"
#include "session.h"

/* IP and UDP headers as they lie in front of a payload. */
union rc_headers {
	struct {
		struct iphdr ip;
		struct udphdr udp;
	} v4;
	struct {
		struct ipv6hdr ip;
		struct udphdr udp;
	} v6;
};

/**
 * struct rc_hop - how an output's packets leave: what is known once the route is; under the flow's lock
 * @dst: the route; NULL or stale: looked up again. Packets that are on their way hold rcu_read_lock().
 * @neighbour: who gets the packets, if that is all to be known; NULL or dead: looked up with each packet. Let go of when its device goes.
 * @stamp: IPv4: the namespace's generation, IPv6: the cookie
 * @mtu: what is no longer than this needs no look at the route's MTU; 0: look at every packet
 * @priority: skb priority of the TOS
 * @room: headroom for the headers and the link layer's
 * @v6: IPv6
 * @asks: only dst_check() knows whether the route is stale
 * @direct: straight to the neighbour; else the route wants something that only the stack's own output path does
 * @loops: the packet comes back to this machine
 * @ip_sum: IPv4: sum of the IP header
 * @udp_sum: sum of the addresses and ports
 * @pseudo_sum: sum of the pseudo header
 * @headers: the headers, lengths and checksums 0
 */
struct rc_hop {
	struct dst_entry *dst;
	struct neighbour *neighbour;
	u32 stamp;
	u32 mtu;
	u32 priority;
	u16 room;
	bool v6;
	bool asks;
	bool direct;
	bool loops;
	__wsum ip_sum;
	__wsum udp_sum;
	__wsum pseudo_sum;
	union rc_headers headers;
};

/**
 * struct rc_output - one rewritten copy; read by every packet
 * @flags: RTPC_OF_*
 * @hold: &enum rtpc_drop: count under this reason, do not send; 0: send
 * @tos: TOS or traffic class
 * @ttl: 0: the namespace's
 * @rtcp: an RTCP output
 * @count: counters
 * @session: keys; NULL: plain
 * @rules: what is rewritten; NULL: nothing
 * @hop: how it leaves
 * @src: what it is sent from
 * @dst: where it goes
 * @id: RTPC_O_ID
 */
struct rc_output {
	u32 flags;
	u8 hold;
	u8 tos;
	u8 ttl;
	bool rtcp;
	struct rc_output_count *count;
	struct rc_session *session;
	struct rc_rules *rules;
	struct rc_hop hop;
	struct rc_addr src;
	struct rc_addr dst;
	u32 id;
};

/**
 * struct rc_target - see above
 * @node: in the namespace's index
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
	struct hlist_node node;
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

/* Finds by address; under the mutex. Packets use rc_index_find(). */
struct rc_target *rc_target_find(struct rc_net *rcn, const struct rc_addr *local);

/* Lets go of the neighbours at a device that goes. Under the namespace's mutex. */
void rc_target_forget(struct rc_target *target, const struct net_device *dev);

/* Finds an output by id; NULL: none. */
struct rc_output *rc_target_output(struct rc_target *target, u32 id);

#endif
