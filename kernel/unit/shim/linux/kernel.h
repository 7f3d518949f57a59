/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <linux/minmax.h>
#include <linux/types.h>

#define ALIGN(n, to) (((n) + (to) - 1) & ~((to) - 1))
#define abs(x) ((x) < 0 ? -(x) : (x))

#endif
