// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/slab.h>
#include "../control/events.h"
#include "../control/proc.h"
#include "../path/hook.h"
#include "table.h"
#include "tick.h"

unsigned int rc_net_id;
struct workqueue_struct *rc_workqueue;

void rc_table_get(struct rc_table *table)
{
	kref_get(&table->refs);
}

static void rc_table_release(struct kref *refs)
{
	struct rc_table *table = container_of(refs, struct rc_table, refs);

	rhashtable_destroy(&table->sessions);
	xa_destroy(&table->targets);
	kfree(table);
}

void rc_table_put(struct rc_table *table)
{
	kref_put(&table->refs, rc_table_release);
}

struct rc_table *rc_table_new(struct rc_net *rcn, u32 id)
{
	struct rc_table *table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (!table)
		return ERR_PTR(err);
	kref_init(&table->refs);
	table->rcn = rcn;
	table->id = id;
	table->renewed = jiffies;
	xa_init_flags(&table->targets, XA_FLAGS_ALLOC1);
	err = rhashtable_init(&table->sessions, &rc_session_params);
	if (err)
		goto err_free;
	err = rc_proc_add_table(rcn, table);
	if (err)
		goto err_sessions;
	if (!rcn->tables_n) {
		err = rc_hook_register(rcn);
		if (err)
			goto err_proc;
		rc_tick_start(rcn);
	}
	mutex_lock(&rcn->mutex);
	rcn->tables_n++;
	rcn->table[id] = table;
	mutex_unlock(&rcn->mutex);
	return table;

err_proc:
	rc_proc_remove_table(table);
err_sessions:
	rhashtable_destroy(&table->sessions);
err_free:
	kfree(table);
	return ERR_PTR(err);
}

void rc_table_flush(struct rc_table *table)
{
	struct rc_target *target;
	unsigned long index;

	xa_for_each(&table->targets, index, target)
		rc_target_remove(table, target);
}

void rc_table_remove(struct rc_table *table)
{
	struct rc_net *rcn = table->rcn;

	mutex_lock(&rcn->mutex);
	rc_table_flush(table);
	rcn->table[table->id] = NULL;
	rcn->tables_n--;
	mutex_unlock(&rcn->mutex);
	if (!rcn->tables_n)
		rc_hook_unregister(rcn);
	rc_proc_remove_table(table);
	rc_table_put(table);
}

void rc_table_sum(struct rc_table *table, struct rtpc_table_stats *sum)
{
	struct rc_target *target;
	unsigned long index;

	*sum = table->gone;
	xa_for_each(&table->targets, index, target) {
		spin_lock_bh(&target->flow->lock);
		rc_flow_sum(target->flow, sum);
		spin_unlock_bh(&target->flow->lock);
	}
}

void rc_table_forget(struct rc_net *rcn, const struct net_device *dev)
{
	struct rc_target *target;
	unsigned long index;
	unsigned int i;

	mutex_lock(&rcn->mutex);
	for (i = 0; i < RTPC_MAX_TABLES; i++)
		if (rcn->table[i])
			xa_for_each(&rcn->table[i]->targets, index, target)
				rc_target_forget(target, dev);
	mutex_unlock(&rcn->mutex);
}

void rc_table_renew(struct rc_table *table)
{
	table->renewed = jiffies;
}

u32 rc_table_lease_left(const struct rc_table *table)
{
	unsigned long end = table->renewed + table->lease * HZ;

	return time_after(end, jiffies) ? DIV_ROUND_UP(end - jiffies, HZ) : 0;
}

int rc_net_init(struct rc_net *rcn, struct net *net)
{
	rcn->net = net;
	mutex_init(&rcn->table_mutex);
	mutex_init(&rcn->mutex);
	spin_lock_init(&rcn->events_lock);
	INIT_LIST_HEAD(&rcn->events);
	INIT_WORK(&rcn->events_work, rc_events_work);
	INIT_DELAYED_WORK(&rcn->tick, rc_tick);
	return rc_proc_add_net(rcn);
}

/* Nothing but this can reach the namespace any more. */
void rc_net_exit(struct rc_net *rcn)
{
	unsigned int i;

	mutex_lock(&rcn->table_mutex);
	for (i = 0; i < RTPC_MAX_TABLES; i++)
		if (rcn->table[i])
			rc_table_remove(rcn->table[i]);
	mutex_unlock(&rcn->table_mutex);
	cancel_delayed_work_sync(&rcn->tick);
	cancel_work_sync(&rcn->events_work);
	rc_events_work(&rcn->events_work); /* lets go of the dead flows */
	/* Wait for the grace period of retired targets, then for the work that frees them. */
	rcu_barrier();
	flush_workqueue(rc_workqueue);
	rc_proc_remove_net(rcn);
	rc_index_free(&rcn->targets);
}
