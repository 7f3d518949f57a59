// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <net/genetlink.h>
#include "events.h"
#include "netlink.h"

void rc_events_note(struct rc_net *rcn, struct rc_flow *flow, enum rtpc_event kind, const struct rc_addr *source, u32 ssrc, u8 pt)
{
	struct rc_event *event = &flow->events[kind];

	if (source)
		event->source = *source;
	event->ssrc = ssrc;
	event->pt = pt;
	event->count++;
	if (flow->events_queued)
		return;
	flow->events_queued = true;
	rc_flow_get(flow);
	spin_lock(&rcn->events_lock);
	list_add_tail(&flow->events_node, &rcn->events);
	spin_unlock(&rcn->events_lock);
	queue_work(rc_workqueue, &rcn->events_work);
}

void rc_events_kick(struct rc_net *rcn)
{
	queue_work(rc_workqueue, &rcn->events_work);
}

static int rc_events_put(struct sk_buff *msg, const struct rc_flow *flow, enum rtpc_event kind, const struct rc_event *event,
			 const struct rtpc_stats *stats)
{
	struct rtpc_addr addr;

	rc_addr_to_uapi(&flow->local, &addr);
	if (nla_put_u32(msg, RTPC_A_TABLE, flow->table->id) || nla_put(msg, RTPC_A_LOCAL, sizeof(addr), &addr) ||
	    nla_put_u8(msg, RTPC_A_EVENT, kind) || nla_put_u32(msg, RTPC_A_COUNT, event->count))
		return -EMSGSIZE;
	if (kind == RTPC_EVENT_IDLE)
		return nla_put(msg, RTPC_A_STATS, sizeof(*stats), stats);
	rc_addr_to_uapi(&event->source, &addr);
	if (nla_put(msg, RTPC_A_SOURCE, sizeof(addr), &addr))
		return -EMSGSIZE;
	if (kind != RTPC_EVENT_SOURCE_CHANGED && nla_put_u32(msg, RTPC_A_SSRC, event->ssrc))
		return -EMSGSIZE;
	if ((kind == RTPC_EVENT_NEW_SSRC || kind == RTPC_EVENT_UNKNOWN_PT) && nla_put_u8(msg, RTPC_A_PT, event->pt))
		return -EMSGSIZE;
	return 0;
}

static void rc_events_send(struct rc_net *rcn, const struct rc_flow *flow, enum rtpc_event kind, const struct rc_event *event,
			   const struct rtpc_stats *stats)
{
	struct sk_buff *msg;
	void *head;

	if (!genl_has_listeners(&rc_genl_family, rcn->net, 0))
		return;
	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return;
	head = genlmsg_put(msg, 0, 0, &rc_genl_family, 0, RTPC_CMD_EVENT);
	if (!head || rc_events_put(msg, flow, kind, event, stats)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, head);
	genlmsg_multicast_netns(&rc_genl_family, rcn->net, msg, 0, 0, GFP_KERNEL);
}

/*
 * Sends what is due of one flow. Returns true when the flow may leave the queue: nothing waits any more, or it is dead.
 */
static bool rc_events_flow(struct rc_net *rcn, struct rc_flow *flow)
{
	bool waits = false;
	struct rtpc_stats stats;
	struct rc_event event;
	unsigned int kind;

	for (kind = 0; kind < __RTPC_EVENT_MAX; kind++) {
		struct rc_event *noted = &flow->events[kind];
		bool due = false;

		spin_lock_bh(&flow->lock);
		if (noted->count && !flow->dead) {
			due = !noted->sent || time_after_eq(jiffies, noted->sent + HZ);
			waits |= !due;
			event = *noted;
			rc_flow_export(flow, &stats);
			if (due) {
				noted->count = 0;
				noted->sent = jiffies | 1;
			}
		}
		spin_unlock_bh(&flow->lock);
		if (due)
			rc_events_send(rcn, flow, kind, &event, &stats);
	}
	return !waits;
}

/* Takes a flow with nothing to tell out of the queue, unless something came meanwhile. */
static bool rc_events_leave(struct rc_flow *flow)
{
	unsigned int kind;
	bool leaves = true;

	spin_lock_bh(&flow->lock);
	for (kind = 0; kind < __RTPC_EVENT_MAX && !flow->dead; kind++)
		leaves &= !flow->events[kind].count;
	if (leaves)
		flow->events_queued = false;
	spin_unlock_bh(&flow->lock);
	return leaves;
}

void rc_events_work(struct work_struct *work)
{
	struct rc_net *rcn = container_of(work, struct rc_net, events_work);
	struct rc_flow *flow;
	LIST_HEAD(stay);
	LIST_HEAD(all);

	spin_lock_bh(&rcn->events_lock);
	list_splice_init(&rcn->events, &all);
	spin_unlock_bh(&rcn->events_lock);

	/* The nodes of queued flows belong to whoever holds the list they are in: nobody else touches these. */
	while ((flow = list_first_entry_or_null(&all, struct rc_flow, events_node))) {
		list_del_init(&flow->events_node);
		if (rc_events_flow(rcn, flow) && rc_events_leave(flow))
			rc_flow_put(flow);
		else
			list_add_tail(&flow->events_node, &stay);
	}

	spin_lock_bh(&rcn->events_lock);
	list_splice(&stay, &rcn->events);
	spin_unlock_bh(&rcn->events_lock);
}

void rc_events_lease_expired(struct rc_table *table)
{
	struct rc_net *rcn = table->rcn;
	struct sk_buff *msg;
	void *head;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return;
	head = genlmsg_put(msg, 0, 0, &rc_genl_family, 0, RTPC_CMD_EVENT);
	if (!head || nla_put_u32(msg, RTPC_A_TABLE, table->id) || nla_put_u8(msg, RTPC_A_EVENT, RTPC_EVENT_LEASE_EXPIRED) ||
	    nla_put_u32(msg, RTPC_A_COUNT, 1) || nla_put_u64_64bit(msg, RTPC_A_OWNER, table->owner, RTPC_A_PAD)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, head);
	genlmsg_multicast_netns(&rc_genl_family, rcn->net, msg, 0, 0, GFP_KERNEL);
}
