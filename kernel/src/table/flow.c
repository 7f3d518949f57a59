// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include "clock.h"
#include "flow.h"
#include "table.h"

struct rc_flow *rc_flow_new(struct rc_table *table, const struct rc_addr *local)
{
	struct rc_flow *flow = kzalloc(sizeof(*flow), GFP_KERNEL_ACCOUNT);

	if (!flow)
		return NULL;
	refcount_set(&flow->refs, 1);
	spin_lock_init(&flow->lock);
	INIT_LIST_HEAD(&flow->events_node);
	flow->local = *local;
	flow->installed = rc_clock();
	rc_table_get(table);
	flow->table = table;
	return flow;
}

void rc_flow_get(struct rc_flow *flow)
{
	refcount_inc(&flow->refs);
}

static void rc_flow_free_ssrcs(struct rc_flow *flow)
{
	struct rc_ssrc *ssrc, *next;

	for (ssrc = flow->ssrcs; ssrc; ssrc = next) {
		next = ssrc->next;
		kfree(ssrc);
	}
	flow->ssrcs = NULL;
	flow->ssrcs_n = 0;
}

void rc_flow_put(struct rc_flow *flow)
{
	if (!refcount_dec_and_test(&flow->refs))
		return;
	rc_flow_free_ssrcs(flow);
	rc_table_put(flow->table);
	kfree(flow);
}

void rc_flow_reset(struct rc_flow *flow)
{
	unsigned int i;

	spin_lock_bh(&flow->lock);
	flow->packets = flow->bytes = flow->errors = flow->rtcp_packets = flow->userspace = 0;
	flow->sent_packets = flow->sent_bytes = 0;
	memset(flow->drops, 0, sizeof(flow->drops));
	for (i = 0; i < flow->pts_n; i++)
		flow->pts[i].packets = flow->pts[i].bytes = 0;
	rc_flow_free_ssrcs(flow);
	flow->last_packet = 0;
	flow->installed = rc_clock();
	flow->idle = false;
	spin_unlock_bh(&flow->lock);
}

struct rc_ssrc *rc_flow_find_slow(struct rc_flow *flow, u32 ssrc)
{
	struct rc_ssrc **link, *found;

	for (link = &flow->ssrcs; (found = *link); link = &found->next) {
		if (found->ssrc == ssrc) {
			*link = found->next;
			found->next = flow->ssrcs;
			flow->ssrcs = found;
			return found;
		}
	}
	return NULL;
}

/* Takes the oldest one out, for the new one to live in its memory. */
static struct rc_ssrc *rc_flow_evict(struct rc_flow *flow)
{
	struct rc_ssrc **link = &flow->ssrcs, *last;

	while ((*link)->next)
		link = &(*link)->next;
	last = *link;
	*link = NULL;
	memset(last, 0, sizeof(*last));
	return last;
}

struct rc_ssrc *rc_flow_add(struct rc_flow *flow, u32 ssrc)
{
	struct rc_ssrc *added;

	if (flow->ssrcs_n == RTPC_MAX_SSRCS) {
		added = rc_flow_evict(flow);
	} else {
		added = kzalloc(sizeof(*added), GFP_ATOMIC | __GFP_NOWARN);
		if (!added)
			return NULL;
		flow->ssrcs_n++;
	}
	added->ssrc = ssrc;
	added->next = flow->ssrcs;
	flow->ssrcs = added;
	return added;
}

struct rc_pt_count *rc_flow_pt_slow(struct rc_flow *flow, u8 pt)
{
	unsigned int i;

	for (i = 0; i < flow->pts_n; i++)
		if (flow->pts[i].pt == pt)
			break;
	if (i == RTPC_MAX_PTS)
		return NULL;
	if (i == flow->pts_n)
		flow->pts[flow->pts_n++].pt = pt;
	flow->recent_pt = &flow->pts[i];
	return flow->recent_pt;
}

void rc_flow_export(const struct rc_flow *flow, struct rtpc_stats *stats)
{
	*stats = (struct rtpc_stats){
		.packets = flow->packets,
		.bytes = flow->bytes,
		.errors = flow->errors,
		.rtcp_packets = flow->rtcp_packets,
		.userspace = flow->userspace,
		.last_packet = rc_clock_unix_us(flow->last_packet),
	};
}

void rc_flow_export_ssrc(const struct rc_ssrc *ssrc, struct rtpc_ssrc_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	stats->packets = ssrc->packets;
	stats->bytes = ssrc->bytes;
	stats->last_packet = rc_clock_unix_us(ssrc->last_packet);
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

	sum->packets += flow->packets;
	sum->bytes += flow->bytes;
	sum->errors += flow->errors;
	sum->sent_packets += flow->sent_packets;
	sum->sent_bytes += flow->sent_bytes;
	for (i = 0; i <= RTPC_DROP_MAX; i++)
		sum->drops[i] += flow->drops[i];
}
