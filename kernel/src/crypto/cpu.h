/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which instructions the cryptography may use, and the section in which it may use them.
 *
 * Usage, in softirq or process context, never in hard interrupts:
 *
 *	rc_cpu_t cpu = rc_crypto_begin();
 *	plain = rc_srtp_unprotect(cpu, in, ...);
 *	for each output: rc_srtp_protect(cpu, out, ...);
 *	rc_crypto_end(cpu);
 *
 * One section per packet, round all its outputs: saving the FPU state costs as much as the cryptography of a small packet. Inside a
 * section: no sleeping, no copy from or to userspace, nothing that takes long (preemption is off). Sections do not nest.
 */
#ifndef RC_CRYPTO_CPU_H
#define RC_CRYPTO_CPU_H

#include <linux/types.h>

/* A set of RC_CPU_* flags: what may be used from rc_crypto_begin() to rc_crypto_end(). 0: portable code only, always allowed. */
typedef unsigned int rc_cpu_t;

#define RC_CPU_AES 1U	/* AES-NI and SSSE3 */
#define RC_CPU_SHA 2U	/* SHA-NI */
#define RC_CPU_CLMUL 4U /* PCLMULQDQ */
#define RC_CPU_KERNEL 8U /* no AES instructions of our own (arm64, old CPUs): the keys hold transforms of the kernel's crypto API */

/* Detects the CPU. @mask takes features away, for tests (module parameter): ~0 for all. Call once at load. */
void rc_crypto_detect(unsigned int mask);

/* What rc_crypto_detect() found and was allowed. */
rc_cpu_t rc_crypto_features(void);

/* Begins a section and returns what may be used in it: nothing, if the FPU cannot be used here (irq_fpu_usable()). */
rc_cpu_t rc_crypto_begin(void);

/* Ends the section that returned @cpu. */
void rc_crypto_end(rc_cpu_t cpu);

#endif
