// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/slab.h>
#include "flow.h"
#include "table.h"

struct rc_flow *rc_flow_new(struct rc_table *table, const struct rc_addr *local)
{
	struct rc_flow *flow = kzalloc(sizeof(*flow), GFP_KERNEL_ACCOUNT);

	if (!flow)
		return NULL;
	flow->pts = kcalloc(RTPC_MAX_PTS, sizeof(*flow->pts), GFP_KERNEL_ACCOUNT);
	if (!flow->pts) {
		kfree(flow);
		return NULL;
	}
	refcount_set(&flow->refs, 1);
	spin_lock_init(&flow->lock);
	INIT_LIST_HEAD(&flow->events_node);
	flow->local = *local;
	flow->installed = ktime_get_ns();
	rc_table_get(table);
	flow->table = table;
	return flow;
}

void rc_flow_get(struct rc_flow *flow)
{
	refcount_inc(&flow->refs);
}

void rc_flow_put(struct rc_flow *flow)
{
	unsigned int i;

	if (!refcount_dec_and_test(&flow->refs))
		return;
	for (i = 0; i < flow->ssrcs_n; i++)
		kfree(flow->ssrcs[i]);
	kfree(flow->pts);
	rc_table_put(flow->table);
	kfree(flow);
}

void rc_flow_reset(struct rc_flow *flow)
{
	unsigned int i;

	spin_lock_bh(&flow->lock);
	memset(&flow->stats, 0, sizeof(flow->stats));
	memset(flow->drops, 0, sizeof(flow->drops));
	for (i = 0; i < flow->pts_n; i++)
		flow->pts[i].packets = flow->pts[i].bytes = 0;
	for (i = 0; i < flow->ssrcs_n; i++)
		kfree(flow->ssrcs[i]);
	memset(flow->ssrcs, 0, sizeof(flow->ssrcs));
	flow->ssrcs_n = 0;
	flow->sent_packets = flow->sent_bytes = 0;
	flow->last_packet = 0;
	flow->installed = ktime_get_ns();
	flow->idle = false;
	spin_unlock_bh(&flow->lock);
}

static void rc_flow_move_front(struct rc_flow *flow, unsigned int at)
{
	struct rc_ssrc *found = flow->ssrcs[at];

	memmove(&flow->ssrcs[1], &flow->ssrcs[0], at * sizeof(found));
	flow->ssrcs[0] = found;
}

struct rc_ssrc *rc_flow_find_slow(struct rc_flow *flow, u32 ssrc)
{
	unsigned int i;

	for (i = 0; i < flow->ssrcs_n; i++) {
		if (flow->ssrcs[i]->ssrc == ssrc) {
			rc_flow_move_front(flow, i);
			return flow->ssrcs[0];
		}
	}
	return NULL;
}

struct rc_ssrc *rc_flow_add(struct rc_flow *flow, u32 ssrc)
{
	unsigned int at = flow->ssrcs_n;

	if (at == RTPC_MAX_SSRCS) {
		at--;
		memset(flow->ssrcs[at], 0, sizeof(*flow->ssrcs[at]));
	} else {
		flow->ssrcs[at] = kzalloc(sizeof(*flow->ssrcs[at]), GFP_ATOMIC | __GFP_NOWARN);
		if (!flow->ssrcs[at])
			return NULL;
		flow->ssrcs_n++;
	}
	flow->ssrcs[at]->ssrc = ssrc;
	rc_flow_move_front(flow, at);
	return flow->ssrcs[0];
}

void rc_flow_count_pt(struct rc_flow *flow, u8 pt, unsigned int bytes)
{
	unsigned int slot = flow->pt_slot[pt];

	if (!slot) {
		if (flow->pts_n == RTPC_MAX_PTS)
			return;
		slot = ++flow->pts_n;
		flow->pt_slot[pt] = slot;
		flow->pts[slot - 1].pt = pt;
	}
	flow->pts[slot - 1].packets++;
	flow->pts[slot - 1].bytes += bytes;
}

u64 rc_flow_unix_us(u64 mono)
{
	return mono ? div_u64(ktime_to_ns(ktime_mono_to_real(ns_to_ktime(mono))), NSEC_PER_USEC) : 0;
}

void rc_flow_export(const struct rc_flow *flow, struct rtpc_stats *stats)
{
	*stats = flow->stats;
	stats->last_packet = rc_flow_unix_us(flow->last_packet);
}

void rc_flow_export_ssrc(const struct rc_ssrc *ssrc, struct rtpc_ssrc_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	stats->packets = ssrc->packets;
	stats->bytes = ssrc->bytes;
	stats->last_packet = rc_flow_unix_us(ssrc->last_packet);
	stats->lost = rc_track_lost(ssrc);
	stats->highest_sequence = ssrc->highest;
	stats->ssrc = ssrc->ssrc;
	stats->last_timestamp = ssrc->last_timestamp;
	stats->jitter_us = rc_track_jitter_us(ssrc);
	stats->duplicates = ssrc->duplicates;
	stats->reordered = ssrc->reordered;
	stats->payload_type = ssrc->payload_type;
}

void rc_flow_sum(const struct rc_flow *flow, struct rtpc_table_stats *sum)
{
	unsigned int i;

	sum->packets += flow->stats.packets;
	sum->bytes += flow->stats.bytes;
	sum->errors += flow->stats.errors;
	sum->sent_packets += flow->sent_packets;
	sum->sent_bytes += flow->sent_bytes;
	for (i = 0; i <= RTPC_DROP_MAX; i++)
		sum->drops[i] += flow->drops[i];
}
