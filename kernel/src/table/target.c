// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include "../control/events.h"
#include "table.h"

struct rc_target *rc_target_new(struct rc_net *rcn, unsigned int outputs)
{
	struct rc_target *target = kvzalloc(struct_size(target, output, outputs), GFP_KERNEL_ACCOUNT);

	if (target)
		target->rcn = rcn;
	return target;
}

static void rc_output_free(struct rc_output *output)
{
	rc_session_put(output->session);
	if (output->count && !--output->count->refs)
		kfree(output->count);
	kfree(output->rules);
	dst_release(output->hop.dst);
	if (output->hop.neighbour)
		neigh_release(output->hop.neighbour);
}

void rc_target_free(struct rc_target *target)
{
	unsigned int i;

	for (i = 0; i < rc_target_outputs(target); i++)
		rc_output_free(&target->output[i]);
	rc_session_put(target->session);
	if (target->flow)
		rc_flow_put(target->flow);
	kfree(target->cookie);
	kvfree(target);
}

static void rc_target_free_work(struct work_struct *work)
{
	struct rc_target *target = container_of(to_rcu_work(work), struct rc_target, free_work);
	struct rc_net *rcn = target->rcn;

	mutex_lock(&rcn->mutex);
	rc_target_free(target);
	mutex_unlock(&rcn->mutex);
}

static void rc_target_retire(struct rc_target *target)
{
	INIT_RCU_WORK(&target->free_work, rc_target_free_work);
	queue_rcu_work(rc_workqueue, &target->free_work);
}

struct rc_target *rc_target_find(struct rc_net *rcn, const struct rc_addr *local)
{
	struct rc_target *target;

	rcu_read_lock();
	target = rc_index_find(&rcn->targets, local);
	rcu_read_unlock();
	return target;
}

struct rc_output *rc_target_output(struct rc_target *target, u32 id)
{
	unsigned int i;

	for (i = 0; i < rc_target_outputs(target); i++)
		if (target->output[i].id == id)
			return &target->output[i];
	return NULL;
}

/* Outputs that go on keep their counters, others get new ones. */
static int rc_target_take_counts(struct rc_target *target, struct rc_target *old)
{
	struct rc_output *output, *before;
	unsigned int i;

	for (i = 0; i < rc_target_outputs(target); i++) {
		output = &target->output[i];
		/* Order rarely changes: look at the same place first. */
		before = old && i < rc_target_outputs(old) && old->output[i].id == output->id ? &old->output[i] : NULL;
		if (!before && old)
			before = rc_target_output(old, output->id);
		if (before) {
			output->count = before->count;
		} else {
			output->count = kzalloc(sizeof(*output->count), GFP_KERNEL_ACCOUNT);
			if (!output->count)
				return -ENOMEM;
			output->count->stats.id = output->id;
		}
		output->count->refs++;
	}
	return 0;
}

/* The SSRCs that the agent knows already. They count as known from now on, without a packet. */
static void rc_target_know_ssrcs(struct rc_target *target)
{
	struct rc_flow *flow = target->flow;
	unsigned int i;

	spin_lock_bh(&flow->lock);
	for (i = target->ssrcs_n; i--;)
		if (!rc_flow_find_slow(flow, target->ssrcs[i]))
			rc_flow_add(flow, target->ssrcs[i]);
	spin_unlock_bh(&flow->lock);
}

static int rc_target_add_first(struct rc_table *table, struct rc_target *target)
{
	int err;

	target->flow = rc_flow_new(table, &target->local);
	if (!target->flow)
		return -ENOMEM;
	err = rc_target_take_counts(target, NULL);
	if (err)
		goto err_flow;
	err = xa_alloc_cyclic(&table->targets, &target->flow->index, target, xa_limit_31b, &table->next, GFP_KERNEL_ACCOUNT);
	if (err < 0)
		goto err_flow;
	rc_target_know_ssrcs(target);
	err = rc_index_insert(&table->rcn->targets, target);
	if (err)
		goto err_index;
	table->targets_n++;
	return 0;

err_index:
	xa_erase(&table->targets, target->flow->index);
err_flow:
	rc_flow_put(target->flow);
	target->flow = NULL;
	return err;
}

int rc_target_publish(struct rc_table *table, struct rc_target *target, bool reset)
{
	struct rc_target *old = rc_target_find(table->rcn, &target->local);
	int err;

	if (!old)
		return rc_target_add_first(table, target);
	err = rc_target_take_counts(target, reset ? NULL : old);
	if (err)
		return err;
	target->flow = old->flow;
	rc_flow_get(target->flow);
	/* The slot exists, so this cannot fail for want of memory. */
	xa_store(&table->targets, target->flow->index, target, GFP_KERNEL_ACCOUNT);
	if (reset)
		rc_flow_reset(target->flow);
	rc_target_know_ssrcs(target);
	rc_index_replace(old, target);
	rc_target_retire(old);
	return 0;
}

void rc_target_forget(struct rc_target *target, const struct net_device *dev)
{
	struct rc_output *output = target->output, *end = output + rc_target_outputs(target);

	spin_lock_bh(&target->flow->lock);
	for (; output < end; output++) {
		if (output->hop.neighbour && output->hop.neighbour->dev == dev) {
			neigh_release(output->hop.neighbour);
			output->hop.neighbour = NULL;
		}
	}
	spin_unlock_bh(&target->flow->lock);
}

void rc_target_remove(struct rc_table *table, struct rc_target *target)
{
	struct rc_flow *flow = target->flow;

	rc_index_remove(target);
	xa_erase(&table->targets, flow->index);
	table->targets_n--;
	spin_lock_bh(&flow->lock);
	flow->dead = true;
	rc_flow_sum(flow, &table->gone);
	spin_unlock_bh(&flow->lock);
	rc_events_kick(table->rcn);
	rc_target_retire(target);
}
