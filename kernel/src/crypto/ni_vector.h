/* SPDX-License-Identifier: GPL-2.0 */
/* 128-bit vectors with the compiler's own builtins: the intrinsics headers are not there when a kernel is built. *_ni.c only. */
#ifndef RC_CRYPTO_NI_VECTOR_H
#define RC_CRYPTO_NI_VECTOR_H

#include <linux/types.h>

#ifndef __CHECKER__ /* sparse knows no vectors */

typedef long long rc_v2 __attribute__((vector_size(16)));
typedef int rc_v4 __attribute__((vector_size(16)));
typedef char rc_v16 __attribute__((vector_size(16)));
typedef long long rc_v2_unaligned __attribute__((vector_size(16), aligned(1), may_alias));

/* Additions that wrap: signed ones must not. */
static inline __attribute__((always_inline)) rc_v2 rc_add2(rc_v2 a, unsigned long long low)
{
	typedef unsigned long long wrapping __attribute__((vector_size(16)));

	return (rc_v2)((wrapping)a + (wrapping){ low, 0 });
}

static inline __attribute__((always_inline)) rc_v4 rc_add4(rc_v4 a, rc_v4 b)
{
	typedef unsigned int wrapping __attribute__((vector_size(16)));

	return (rc_v4)((wrapping)a + (wrapping)b);
}

static inline __attribute__((always_inline)) rc_v2 rc_load(const void *from)
{
	return *(const rc_v2_unaligned *)from;
}

static inline __attribute__((always_inline)) void rc_store(void *to, rc_v2 value)
{
	*(rc_v2_unaligned *)to = value;
}

static inline __attribute__((always_inline)) rc_v2 rc_shuffle(rc_v2 value, rc_v2 mask)
{
	return (rc_v2)__builtin_ia32_pshufb128((rc_v16)value, (rc_v16)mask);
}

/* Reverses the 16 bytes. */
static inline __attribute__((always_inline)) rc_v2 rc_reverse(rc_v2 value)
{
	const rc_v16 mask = { 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 };

	return rc_shuffle(value, (rc_v2)mask);
}

/* The first @length (0 to 15) bytes of @from, then zeros; reads no byte behind them. */
static inline __attribute__((always_inline)) rc_v2 rc_load_part(const u8 *from, unsigned int length)
{
	u8 block[16] __attribute__((aligned(16))) = {};
	unsigned int at = 0;

	if (length & 8) {
		__builtin_memcpy(block, from, 8);
		at = 8;
	}
	if (length & 4) {
		__builtin_memcpy(block + at, from + at, 4);
		at += 4;
	}
	if (length & 2) {
		__builtin_memcpy(block + at, from + at, 2);
		at += 2;
	}
	if (length & 1)
		block[at] = from[at];
	return rc_load(block);
}

/* Stores the first @length (0 to 15) bytes. */
static inline __attribute__((always_inline)) void rc_store_part(u8 *to, rc_v2 value, unsigned int length)
{
	u8 block[16] __attribute__((aligned(16)));
	unsigned int at = 0;

	rc_store(block, value);
	if (length & 8) {
		__builtin_memcpy(to, block, 8);
		at = 8;
	}
	if (length & 4) {
		__builtin_memcpy(to + at, block + at, 4);
		at += 4;
	}
	if (length & 2) {
		__builtin_memcpy(to + at, block + at, 2);
		at += 2;
	}
	if (length & 1)
		to[at] = block[at];
}

#endif
#endif
