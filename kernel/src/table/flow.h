/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs and counts at one local address. The target (the configuration) may be replaced under it; the flow stays.
 *
 * Everything below @lock is protected by it. The packet path takes it in softirq (spin_lock), everybody else with spin_lock_bh. Lock
 * order: flow, then session. Nothing is transmitted under it.
 */
#ifndef RC_FLOW_H
#define RC_FLOW_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include "../packet/track.h"
#include "addr.h"

struct rc_table;

struct rc_pt_count {
	u64 packets;
	u64 bytes;
	u8 pt;
};

/**
 * struct rc_output_count - counters of an output, shared by the versions of a target that have the same output id
 * @refs: outputs that point here; under the namespace's mutex
 */
struct rc_output_count {
	struct rtpc_output_stats stats;
	u64 send_errors; /* in transmission, so outside of the flow's lock: this_cpu is not worth it, races lose a count */
	unsigned int refs;
};

/* An event that waits to be sent; one per kind and flow. */
struct rc_event {
	struct rc_addr source;
	u32 count;
	u32 ssrc;
	u8 pt;
	unsigned long sent; /* jiffies; 0: never */
};

/**
 * struct rc_flow - see above; what each packet touches is in the first lines
 * @dead: deleted: no packet is counted any more
 * @idle: the idle event was sent
 * @last_packet: of rc_clock(); 0: never
 * @ssrcs: the most recent one first, linked by next
 * @recent_pt: the payload type counted last
 * @packets: those of struct rtpc_stats, as the next ones
 * @sent_packets: copies of all outputs, those that are gone included
 * @pts: by first packet
 * @refs: whoever points here
 * @index: in its table
 * @local: its address
 * @table: its table; immutable like the two before
 * @installed: of rc_clock()
 * @pts_seen: payload types an UNKNOWN_PT event was sent for
 * @events_queued: in the namespace's list of flows with events
 */
struct rc_flow {
	spinlock_t lock;
	bool dead;
	bool idle;
	u8 ssrcs_n;
	u8 pts_n;
	u64 last_packet;
	struct rc_ssrc *ssrcs;
	struct rc_pt_count *recent_pt;
	u64 packets;
	u64 bytes;
	u64 sent_packets;
	u64 sent_bytes;
	struct rc_pt_count pts[RTPC_MAX_PTS];

	u64 errors;
	u64 rtcp_packets;
	u64 userspace;
	u64 drops[RTPC_DROP_MAX + 1];

	refcount_t refs;
	u32 index;
	struct rc_addr local;
	struct rc_table *table;
	u64 installed;

	u64 pts_seen[2];
	bool events_queued;
	struct list_head events_node;
	struct rc_event events[__RTPC_EVENT_MAX];
};

struct rc_flow *rc_flow_new(struct rc_table *table, const struct rc_addr *local);
void rc_flow_get(struct rc_flow *flow);
void rc_flow_put(struct rc_flow *flow);

/* All counters but those of outputs start anew. Takes the lock. */
void rc_flow_reset(struct rc_flow *flow);

/* Finds an SSRC and makes it the most recent one; NULL: unknown. Under the lock. */
struct rc_ssrc *rc_flow_find_slow(struct rc_flow *flow, u32 ssrc);

static inline struct rc_ssrc *rc_flow_find(struct rc_flow *flow, u32 ssrc)
{
	struct rc_ssrc *first = flow->ssrcs;

	return likely(first && first->ssrc == ssrc) ? first : rc_flow_find_slow(flow, ssrc);
}

/* Adds one that is not known; the oldest of RTPC_MAX_SSRCS goes. NULL: no memory, no statistics. Under the lock. */
struct rc_ssrc *rc_flow_add(struct rc_flow *flow, u32 ssrc);

/* Finds or adds a payload type; NULL: it is the 33rd and is not counted. Under the lock. */
struct rc_pt_count *rc_flow_pt_slow(struct rc_flow *flow, u8 pt);

static inline void rc_flow_count_pt(struct rc_flow *flow, u8 pt, unsigned int bytes)
{
	struct rc_pt_count *count = flow->recent_pt;

	if (unlikely(!count || count->pt != pt))
		count = rc_flow_pt_slow(flow, pt);
	if (likely(count)) {
		count->packets++;
		count->bytes += bytes;
	}
}

/* Copies for the reader. Under the lock. */
void rc_flow_export(const struct rc_flow *flow, struct rtpc_stats *stats);
void rc_flow_export_ssrc(const struct rc_ssrc *ssrc, struct rtpc_ssrc_stats *stats);

/* Adds the flow's counters to its table's sums. Under the lock. */
void rc_flow_sum(const struct rc_flow *flow, struct rtpc_table_stats *sum);

#endif
