// SPDX-License-Identifier: GPL-2.0
#include <crypto/hash.h>
#include <crypto/skcipher.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/scatterlist.h>
#include "bytes.h"
#include "kapi.h"

/* A transform that is missing is asked for once: the kernel looks for a module each time, and that takes long. */
static bool no_aes, no_hmac;

void rc_kapi_attach_aes(struct rc_aes_key *key, const u8 *bytes, unsigned int length)
{
	struct crypto_sync_skcipher *tfm;

	if (READ_ONCE(no_aes))
		return;
	tfm = crypto_alloc_sync_skcipher("ctr(aes)", 0, 0);
	if (IS_ERR(tfm)) {
		WRITE_ONCE(no_aes, PTR_ERR(tfm) == -ENOENT);
		return;
	}
	if (crypto_sync_skcipher_setkey(tfm, bytes, length))
		crypto_free_sync_skcipher(tfm);
	else
		key->kernel = tfm;
}

void rc_kapi_attach_hmac(struct rc_hmac_key *key, const u8 *bytes, unsigned int length)
{
	struct crypto_shash *tfm;

	if (READ_ONCE(no_hmac))
		return;
	tfm = crypto_alloc_shash("hmac(sha1)", 0, 0);
	if (IS_ERR(tfm)) {
		WRITE_ONCE(no_hmac, PTR_ERR(tfm) == -ENOENT);
		return;
	}
	if (crypto_shash_setkey(tfm, bytes, length))
		crypto_free_shash(tfm);
	else
		key->kernel = tfm;
}

void rc_kapi_detach_aes(struct rc_aes_key *key)
{
	if (key->kernel)
		crypto_free_sync_skcipher(key->kernel);
	key->kernel = NULL;
}

void rc_kapi_detach_hmac(struct rc_hmac_key *key)
{
	if (key->kernel)
		crypto_free_shash(key->kernel);
	key->kernel = NULL;
}

int rc_kapi_ctr(const struct rc_aes_key *key, const u8 *iv, u8 *data, unsigned int length)
{
	SYNC_SKCIPHER_REQUEST_ON_STACK(request, key->kernel);
	u8 counter[RC_AES_BLOCK];
	struct scatterlist list;
	int err;

	if (!length)
		return 0;
	memcpy(counter, iv, sizeof(counter));
	sg_init_one(&list, data, length);
	skcipher_request_set_sync_tfm(request, key->kernel);
	skcipher_request_set_callback(request, 0, NULL, NULL);
	skcipher_request_set_crypt(request, &list, &list, length, counter);
	err = crypto_skcipher_encrypt(request);
	skcipher_request_zero(request);
	return err ? -EIO : 0;
}

int rc_kapi_hmac(const struct rc_hmac_key *key, const u8 *data, unsigned int length, bool with_suffix, u32 suffix, u8 *code)
{
	SHASH_DESC_ON_STACK(desc, key->kernel);
	u8 wire[4];
	int err;

	desc->tfm = key->kernel;
	rc_store_be32(wire, suffix);
	err = crypto_shash_init(desc);
	if (!err)
		err = crypto_shash_update(desc, data, length);
	if (!err && with_suffix)
		err = crypto_shash_update(desc, wire, sizeof(wire));
	if (!err)
		err = crypto_shash_final(desc, code);
	shash_desc_zero(desc);
	return err;
}
