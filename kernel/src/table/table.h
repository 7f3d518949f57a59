/* SPDX-License-Identifier: GPL-2.0 */
/* Tables of a network namespace and the targets in them. */
#ifndef RC_TABLE_H
#define RC_TABLE_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "index.h"

struct proc_dir_entry;

/**
 * struct rc_table - a set of targets with one owner
 * @refs: whoever points here; flows and sessions may outlive the table
 * @id: 0 to 63
 * @lease: seconds; 0: none
 * @renewed: jiffies of the last renewal
 * @owner: the agent's token
 * @targets: by flow index
 * @targets_n: how many
 * @next: where the search for a free index goes on
 * @sessions: by id and direction
 * @gone: sums of the targets that are no more
 * @proc: its directory
 */
struct rc_table {
	struct kref refs;
	struct rc_net *rcn;
	u32 id;
	u32 lease;
	unsigned long renewed;
	u64 owner;
	struct xarray targets;
	u32 targets_n;
	u32 next;
	struct rhashtable sessions;
	struct rtpc_table_stats gone;
	struct proc_dir_entry *proc;
};

/**
 * struct rc_net - a network namespace
 * @table_mutex: held while tables come and go; taken before rtnl and @mutex (rtnl before @mutex). Readers of /proc take only @mutex, so that the directory of a table
 *	can be removed (which waits for them) under this one.
 * @mutex: held by everything that changes or walks what is in the tables; packets never take it
 * @table: the tables; changed under both mutexes
 * @tables_n: how many; the hooks are registered while there is one
 * @hooks: where packets come in, one for each IP version
 * @devices: the devices that have a hook of ours; under rtnl
 * @devices_watch: tells of those that come and go
 * @targets: all targets of all tables by address; packets look here under RCU
 * @tick: once a second while there is a table: leases, idle targets, delayed events
 * @events_lock: protects @events; taken inside of a flow's lock
 * @events: flows with events to send
 * @events_work: sends them
 * @proc: its directory
 */
struct rc_net {
	struct net *net;
	struct mutex table_mutex;
	struct mutex mutex;
	struct rc_table *table[RTPC_MAX_TABLES];
	unsigned int tables_n;
	struct nf_hook_ops hooks[2];
	struct list_head devices;
	struct notifier_block devices_watch;
	struct rc_index targets;
	struct delayed_work tick;
	spinlock_t events_lock;
	struct list_head events;
	struct work_struct events_work;
	struct proc_dir_entry *proc;
};

extern unsigned int rc_net_id;
extern struct workqueue_struct *rc_workqueue;

static inline struct rc_net *rc_net_of(const struct net *net)
{
	return net_generic(net, rc_net_id);
}

static const struct rhashtable_params __maybe_unused rc_session_params = {
	.head_offset = offsetof(struct rc_session, node),
	.key_offset = offsetof(struct rc_session, id),
	.key_len = sizeof(struct rc_session_id),
	.automatic_shrinking = true,
};

void rc_table_get(struct rc_table *table);
void rc_table_put(struct rc_table *table);

/* Under @table_mutex, not under @mutex. */
struct rc_table *rc_table_new(struct rc_net *rcn, u32 id);
void rc_table_remove(struct rc_table *table);

/* A device goes: no target of any table holds on to it. Takes @mutex. */
void rc_table_forget(struct rc_net *rcn, const struct net_device *dev);

/* Under @mutex. */
void rc_table_flush(struct rc_table *table);
void rc_table_sum(struct rc_table *table, struct rtpc_table_stats *sum);
void rc_table_renew(struct rc_table *table);
/* Seconds until the lease ends, 0 when it has; only with a lease. */
u32 rc_table_lease_left(const struct rc_table *table);

int rc_net_init(struct rc_net *rcn, struct net *net);
void rc_net_exit(struct rc_net *rcn);

#endif
