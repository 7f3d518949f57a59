/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The targets of a namespace by local address: 65,536 chains in pages that come when the first target needs them and stay until the
 * namespace ends. Only CAP_NET_ADMIN chooses what is in it, so the slots need not resist attacks. Ports in a row lie in a row.
 */
#ifndef RC_INDEX_H
#define RC_INDEX_H

#include <linux/rculist.h>
#include "target.h"

#define RC_INDEX_PAGES 256
#define RC_INDEX_PAGE 256

/* Readers hold rcu_read_lock(), writers the namespace's mutex. */
struct rc_index {
	struct hlist_head __rcu *page[RC_INDEX_PAGES];
};

static inline u16 rc_index_slot(u32 word, __be16 port)
{
	return ntohs(port) ^ (u16)(word ^ word >> 16);
}

static inline u16 rc_index_slot_of(const struct rc_addr *local)
{
	const u32 *x = (const u32 *)local->word;

	return rc_index_slot(x[0] ^ x[1] ^ x[2] ^ x[3], local->port);
}

static inline struct rc_target *rc_index_find(const struct rc_index *index, const struct rc_addr *local)
{
	u16 slot = rc_index_slot_of(local);
	struct hlist_head *page = rcu_dereference(index->page[slot / RC_INDEX_PAGE]);
	struct rc_target *target;

	if (page)
		hlist_for_each_entry_rcu(target, &page[slot % RC_INDEX_PAGE], node)
			if (rc_addr_equal(&target->local, local))
				return target;
	return NULL;
}

static inline struct rc_target *rc_index_find_v4(const struct rc_index *index, __be32 address, __be16 port)
{
	u16 slot = rc_index_slot((__force u32)address, port);
	struct hlist_head *page = rcu_dereference(index->page[slot / RC_INDEX_PAGE]);
	struct rc_target *target;

	if (page)
		hlist_for_each_entry_rcu(target, &page[slot % RC_INDEX_PAGE], node)
			if (target->local.v4 == address && target->local.port == port && target->local.family == AF_INET)
				return target;
	return NULL;
}

/* -ENOMEM or 0. The address must be free. */
int rc_index_insert(struct rc_index *index, struct rc_target *target);
/* One target in the place of another with the same address. */
void rc_index_replace(struct rc_target *old, struct rc_target *target);
void rc_index_remove(struct rc_target *target);
/* When no packet can look any more. */
void rc_index_free(struct rc_index *index);

#endif
