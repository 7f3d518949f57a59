// SPDX-License-Identifier: GPL-2.0
#include <linux/kconfig.h>
#include "cpu.h"
#include "ni.h"

#if RC_HAVE_NI
#include <asm/fpu/api.h>

#define INSTRUCTIONS (RC_CPU_AES | RC_CPU_SHA | RC_CPU_CLMUL)

/* CPUID leaf 1: SSSE3, SSE4.1, AES and PCLMULQDQ; leaf 7: SHA. */
#define LEAF1_SSE (1U << 9 | 1U << 19)
#define LEAF1_AES (1U << 25)
#define LEAF1_CLMUL (1U << 1)
#define LEAF7_SHA (1U << 29)

struct registers {
	u32 a, b, c, d;
};

/* Asked of the CPU itself, because User Mode Linux has no feature table; SSE needs no more than that. */
static struct registers ask(u32 leaf)
{
	struct registers r = { .a = leaf };

	asm volatile("cpuid" : "+a"(r.a), "=b"(r.b), "+c"(r.c), "=d"(r.d));
	return r;
}

static rc_cpu_t detect(void)
{
	struct registers one = ask(1);
	struct registers seven = {};
	rc_cpu_t found = 0;

	if ((one.c & LEAF1_SSE) != LEAF1_SSE)
		return 0;
	if (ask(0).a >= 7)
		seven = ask(7);
	if (one.c & LEAF1_AES)
		found |= RC_CPU_AES;
	if (one.c & LEAF1_CLMUL)
		found |= RC_CPU_CLMUL;
	if (seven.b & LEAF7_SHA)
		found |= RC_CPU_SHA;
	return found;
}

/* User Mode Linux is a process: its SSE registers are its own, whatever its stub of irq_fpu_usable() says. */
static bool usable(void)
{
	return IS_ENABLED(CONFIG_UML) || irq_fpu_usable();
}
#else
#define INSTRUCTIONS 0U

static rc_cpu_t detect(void)
{
	return 0;
}

static bool usable(void)
{
	return false;
}

static inline void kernel_fpu_begin(void)
{
}

static inline void kernel_fpu_end(void)
{
}
#endif

static rc_cpu_t features;

void rc_crypto_detect(unsigned int mask)
{
	features = detect() & mask;
	/* Without AES instructions of our own the kernel's crypto API is faster; it may have others (arm64), or bit slicing. */
	if (!(features & RC_CPU_AES) && (mask & RC_CPU_KERNEL))
		features = RC_CPU_KERNEL;
}

rc_cpu_t rc_crypto_features(void)
{
	return features;
}

rc_cpu_t rc_crypto_begin(void)
{
	if (!(features & INSTRUCTIONS))
		return features;
	if (!usable())
		return 0;
	kernel_fpu_begin();
	return features;
}

void rc_crypto_end(rc_cpu_t cpu)
{
	if (cpu & INSTRUCTIONS)
		kernel_fpu_end();
}
