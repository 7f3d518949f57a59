/* SPDX-License-Identifier: GPL-2.0 */
/* ctr(aes) of the kernel's crypto API on libcrypto. */
#ifndef SHIM_CRYPTO_SKCIPHER_H
#define SHIM_CRYPTO_SKCIPHER_H

#include <linux/errno.h>
#include <linux/scatterlist.h>
#include <linux/types.h>
#include <stdlib.h>
#include <openssl/evp.h>

struct crypto_sync_skcipher {
	EVP_CIPHER_CTX *context;
};

struct skcipher_request {
	struct crypto_sync_skcipher *tfm;
	struct scatterlist *list;
	unsigned int length;
	u8 *iv;
};

#define SYNC_SKCIPHER_REQUEST_ON_STACK(name, tfm) struct skcipher_request name##_request = {}, *name = &name##_request

struct crypto_sync_skcipher *crypto_alloc_sync_skcipher(const char *name, u32 type, u32 mask);
int crypto_sync_skcipher_setkey(struct crypto_sync_skcipher *tfm, const u8 *key, unsigned int length);
void crypto_free_sync_skcipher(struct crypto_sync_skcipher *tfm);
int crypto_skcipher_encrypt(struct skcipher_request *request);

static inline void skcipher_request_set_sync_tfm(struct skcipher_request *request, struct crypto_sync_skcipher *tfm)
{
	request->tfm = tfm;
}

#define skcipher_request_set_callback(request, flags, complete, data)

static inline void skcipher_request_set_crypt(struct skcipher_request *request, struct scatterlist *from, struct scatterlist *to,
					      unsigned int length, void *iv)
{
	request->list = from == to ? from : NULL;
	request->length = length;
	request->iv = iv;
}

static inline void skcipher_request_zero(struct skcipher_request *request)
{
	*request = (struct skcipher_request){};
}

#endif
