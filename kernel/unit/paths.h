/* SPDX-License-Identifier: GPL-2.0 */
/* The sets of instructions that a test repeats itself with: all of the CPU, each one alone, none, and the kernel's crypto API. */
#ifndef PATHS_H
#define PATHS_H

#include "../src/crypto/cpu.h"

static const unsigned int path_masks[] = {
	RC_CPU_AES | RC_CPU_SHA | RC_CPU_CLMUL, RC_CPU_AES, RC_CPU_SHA, RC_CPU_CLMUL, RC_CPU_AES | RC_CPU_CLMUL, 0, RC_CPU_KERNEL,
};

/* Enters each path in turn; keys made inside have what the path needs. Leaves everything as the CPU is. */
#define FOR_EACH_PATH(cpu)                                                                  \
	for (unsigned int path_i = 0;                                                       \
	     path_i < ARRAY_SIZE(path_masks) ? (rc_crypto_detect(path_masks[path_i]), true) : (rc_crypto_detect(~0U), false); path_i++) \
		for (rc_cpu_t cpu = rc_crypto_begin(), path_once = 1; path_once; path_once = 0, rc_crypto_end(cpu))

#endif
