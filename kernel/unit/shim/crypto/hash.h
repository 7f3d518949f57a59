/* SPDX-License-Identifier: GPL-2.0 */
/* hmac(sha1) of the kernel's crypto API on libcrypto. */
#ifndef SHIM_CRYPTO_HASH_H
#define SHIM_CRYPTO_HASH_H

#include <linux/types.h>

struct crypto_shash {
	u8 key[64];
	unsigned int length;
};

struct shash_desc {
	struct crypto_shash *tfm;
	u8 data[2048];
	unsigned int length;
};

#define SHASH_DESC_ON_STACK(name, tfm) struct shash_desc name##_desc = {}, *name = &name##_desc

struct crypto_shash *crypto_alloc_shash(const char *name, u32 type, u32 mask);
int crypto_shash_setkey(struct crypto_shash *tfm, const u8 *key, unsigned int length);
void crypto_free_shash(struct crypto_shash *tfm);
int crypto_shash_init(struct shash_desc *desc);
int crypto_shash_update(struct shash_desc *desc, const u8 *data, unsigned int length);
int crypto_shash_final(struct shash_desc *desc, u8 *out);

#define shash_desc_zero(desc) ((desc)->length = 0)

#endif
