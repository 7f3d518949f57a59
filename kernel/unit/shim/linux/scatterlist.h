/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SCATTERLIST_H
#define SHIM_LINUX_SCATTERLIST_H

#include <linux/types.h>

struct scatterlist {
	u8 *data;
	unsigned int length;
};

static inline void sg_init_one(struct scatterlist *list, void *data, unsigned int length)
{
	list->data = data;
	list->length = length;
}

#endif
