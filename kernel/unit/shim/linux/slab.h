/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL 0
#define GFP_ATOMIC 0

/* Keys want cache lines. */
static inline void *kzalloc(size_t size, int flags)
{
	void *p = aligned_alloc(64, (size + 63) / 64 * 64);

	(void)flags;
	if (p)
		__builtin_memset(p, 0, size);
	return p;
}

static inline void kfree(void *p)
{
	free(p);
}

#endif
