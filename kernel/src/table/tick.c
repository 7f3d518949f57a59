// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include "../control/events.h"
#include "clock.h"
#include "tick.h"

static void rc_tick_idle(struct rc_table *table)
{
	u64 now = rc_clock(), since;
	struct rc_target *target;
	struct rc_flow *flow;
	unsigned long index;

	xa_for_each(&table->targets, index, target) {
		flow = target->flow;
		if (!target->idle || READ_ONCE(flow->idle))
			continue;
		spin_lock_bh(&flow->lock);
		since = max(flow->last_packet, flow->installed);
		if (now > since && now - since >= (u64)target->idle * NSEC_PER_SEC) {
			flow->idle = true;
			rc_events_note(table->rcn, flow, RTPC_EVENT_IDLE, NULL, 0, 0);
		}
		spin_unlock_bh(&flow->lock);
	}
}

void rc_tick(struct work_struct *work)
{
	struct rc_net *rcn = container_of(to_delayed_work(work), struct rc_net, tick);
	struct rc_table *table;
	unsigned int i;

	mutex_lock(&rcn->table_mutex);
	for (i = 0; i < RTPC_MAX_TABLES; i++) {
		table = rcn->table[i];
		if (!table)
			continue;
		if (table->lease && !rc_table_lease_left(table)) {
			rc_events_lease_expired(table);
			rc_table_remove(table);
			continue;
		}
		mutex_lock(&rcn->mutex);
		rc_tick_idle(table);
		mutex_unlock(&rcn->mutex);
	}
	if (rcn->tables_n)
		rc_tick_start(rcn);
	mutex_unlock(&rcn->table_mutex);
	rc_events_work(&rcn->events_work);
}

void rc_tick_start(struct rc_net *rcn)
{
	queue_delayed_work(rc_workqueue, &rcn->tick, HZ);
}
