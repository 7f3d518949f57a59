/* SPDX-License-Identifier: GPL-2.0 */
/* Comparison of authentication tags in constant time: crypto_memneq(), which moved between kernel versions. */
#ifndef RC_CRYPTO_COMPARE_H
#define RC_CRYPTO_COMPARE_H

#ifdef __KERNEL__
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <crypto/utils.h>
#else
#include <crypto/algapi.h>
#endif
#else
#include <crypto/utils.h>
#endif

static inline bool rc_differ(const u8 *a, const u8 *b, unsigned int length)
{
	return crypto_memneq(a, b, length);
}

#endif
