/* SPDX-License-Identifier: GPL-2.0 */
/* Counts sections instead of saving registers, and can refuse them as the kernel does inside of another one. */
#ifndef SHIM_ASM_FPU_API_H
#define SHIM_ASM_FPU_API_H

#include <linux/types.h>

extern bool shim_fpu_usable;
extern int shim_fpu_sections;

static inline bool irq_fpu_usable(void)
{
	return shim_fpu_usable;
}

static inline void kernel_fpu_begin(void)
{
	shim_fpu_sections++;
}

static inline void kernel_fpu_end(void)
{
	shim_fpu_sections--;
}

#endif
