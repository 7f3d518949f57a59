// SPDX-License-Identifier: GPL-2.0
/* What the shim cannot do in headers: the kernel's crypto API on libcrypto. */
#include <asm/fpu/api.h>
#include <crypto/hash.h>
#include <crypto/skcipher.h>
#include <linux/string.h>
#include <openssl/hmac.h>

bool shim_fpu_usable = true;
int shim_fpu_sections;

struct crypto_sync_skcipher *crypto_alloc_sync_skcipher(const char *name, u32 type, u32 mask)
{
	struct crypto_sync_skcipher *tfm = calloc(1, sizeof(*tfm));

	(void)name, (void)type, (void)mask;
	tfm->context = EVP_CIPHER_CTX_new();
	return tfm;
}

int crypto_sync_skcipher_setkey(struct crypto_sync_skcipher *tfm, const u8 *key, unsigned int length)
{
	const EVP_CIPHER *cipher = length == 16 ? EVP_aes_128_ctr() : length == 24 ? EVP_aes_192_ctr() : EVP_aes_256_ctr();

	return EVP_EncryptInit_ex(tfm->context, cipher, NULL, key, NULL) == 1 ? 0 : -EINVAL;
}

void crypto_free_sync_skcipher(struct crypto_sync_skcipher *tfm)
{
	EVP_CIPHER_CTX_free(tfm->context);
	free(tfm);
}

int crypto_skcipher_encrypt(struct skcipher_request *request)
{
	EVP_CIPHER_CTX *context = request->tfm->context;
	int out;

	if (!request->list || EVP_EncryptInit_ex(context, NULL, NULL, NULL, request->iv) != 1)
		return -EINVAL;
	return EVP_EncryptUpdate(context, request->list->data, &out, request->list->data, request->length) == 1 ? 0 : -EINVAL;
}

struct crypto_shash *crypto_alloc_shash(const char *name, u32 type, u32 mask)
{
	(void)name, (void)type, (void)mask;
	return calloc(1, sizeof(struct crypto_shash));
}

int crypto_shash_setkey(struct crypto_shash *tfm, const u8 *key, unsigned int length)
{
	if (length > sizeof(tfm->key))
		return -EINVAL;
	memcpy(tfm->key, key, length);
	tfm->length = length;
	return 0;
}

void crypto_free_shash(struct crypto_shash *tfm)
{
	free(tfm);
}

int crypto_shash_init(struct shash_desc *desc)
{
	desc->length = 0;
	return 0;
}

int crypto_shash_update(struct shash_desc *desc, const u8 *data, unsigned int length)
{
	if (length > sizeof(desc->data) - desc->length)
		return -EINVAL;
	memcpy(desc->data + desc->length, data, length);
	desc->length += length;
	return 0;
}

int crypto_shash_final(struct shash_desc *desc, u8 *out)
{
	unsigned int length;

	return HMAC(EVP_sha1(), desc->tfm->key, desc->tfm->length, desc->data, desc->length, out, &length) ? 0 : -EINVAL;
}
