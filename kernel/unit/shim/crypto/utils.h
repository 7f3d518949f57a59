/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_CRYPTO_UTILS_H
#define SHIM_CRYPTO_UTILS_H

#include <linux/types.h>
#include <openssl/crypto.h>

static inline unsigned long crypto_memneq(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) != 0;
}

#endif
