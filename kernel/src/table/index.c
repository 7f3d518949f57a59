// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include "index.h"

int rc_index_insert(struct rc_index *index, struct rc_target *target)
{
	u16 slot = rc_index_slot_of(&target->local);
	struct hlist_head *page = rcu_dereference_protected(index->page[slot / RC_INDEX_PAGE], true);

	if (!page) {
		page = kcalloc(RC_INDEX_PAGE, sizeof(*page), GFP_KERNEL_ACCOUNT);
		if (!page)
			return -ENOMEM;
		rcu_assign_pointer(index->page[slot / RC_INDEX_PAGE], page);
	}
	hlist_add_head_rcu(&target->node, &page[slot % RC_INDEX_PAGE]);
	return 0;
}

void rc_index_replace(struct rc_target *old, struct rc_target *target)
{
	hlist_replace_rcu(&old->node, &target->node);
}

void rc_index_remove(struct rc_target *target)
{
	hlist_del_rcu(&target->node);
}

void rc_index_free(struct rc_index *index)
{
	unsigned int i;

	for (i = 0; i < RC_INDEX_PAGES; i++)
		kfree(rcu_dereference_protected(index->page[i], true));
}
