// SPDX-License-Identifier: GPL-2.0
/* AES, HMAC and GCM on every path against libcrypto, for every length that a packet has. */
#include <linux/string.h>
#include <linux/errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include "../src/crypto/gcm.h"
#include "../src/crypto/hmac.h"
#include "../src/crypto/kapi.h"
#include "paths.h"
#include "test.h"

#define LONGEST 1500

static void evp_ctr(const u8 *key, unsigned int key_length, const u8 *iv, u8 *data, unsigned int length)
{
	const EVP_CIPHER *cipher = key_length == 16 ? EVP_aes_128_ctr() : key_length == 24 ? EVP_aes_192_ctr() : EVP_aes_256_ctr();
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int out;

	EXPECT(EVP_EncryptInit_ex(context, cipher, NULL, key, iv) == 1);
	EXPECT(EVP_EncryptUpdate(context, data, &out, data, length) == 1);
	EVP_CIPHER_CTX_free(context);
}

TEST(counter_mode_is_that_of_libcrypto_for_every_length_and_key_size)
{
	FOR_EACH_PATH(cpu) {
		for (unsigned int length = 0; length <= LONGEST; length++) {
			unsigned int key_length = 16 + 8 * (length % 3);
			u8 key[32], iv[16], data[LONGEST];
			struct rc_aes_key aes;
			u8 *copy;

			test_fill(key, sizeof(key));
			test_fill(iv, sizeof(iv));
			test_fill(data, sizeof(data));
			copy = test_exact(data, length, length);
			EXPECT(rc_aes_expand(&aes, key, key_length) == 0);
			if (cpu & RC_CPU_KERNEL)
				rc_kapi_attach_aes(&aes, key, key_length);
			EXPECT(rc_aes_ctr(cpu, &aes, iv, copy, length) == 0);
			evp_ctr(key, key_length, iv, data, length);
			EXPECT(memcmp(copy, data, length) == 0);
			rc_kapi_detach_aes(&aes);
			free(copy);
		}
	}
}

TEST(counter_mode_carries_over_all_of_its_128_bits)
{
	FOR_EACH_PATH(cpu) {
		u8 key[16], iv[16], data[160] = {}, expected[160] = {};
		struct rc_aes_key aes;

		test_fill(key, sizeof(key));
		memset(iv, 0xff, sizeof(iv));
		iv[15] = 0xfc;
		rc_aes_expand(&aes, key, sizeof(key));
		rc_aes_ctr(cpu, &aes, iv, data, sizeof(data));
		evp_ctr(key, sizeof(key), iv, expected, sizeof(expected));
		EXPECT(memcmp(data, expected, sizeof(data)) == 0);
	}
}

TEST(a_key_of_another_length_is_refused)
{
	struct rc_aes_key aes;
	u8 key[33] = {};

	for (unsigned int length = 0; length <= sizeof(key); length++)
		EXPECT((rc_aes_expand(&aes, key, length) == 0) == (length == 16 || length == 24 || length == 32));
}

TEST(f8_is_the_same_on_every_path_and_of_every_length)
{
	for (unsigned int length = 0; length <= LONGEST; length++) {
		u8 key[16], masked[16], iv[16], data[LONGEST], expected[LONGEST];
		struct rc_aes_key aes, mask;

		test_fill(key, sizeof(key));
		test_fill(masked, sizeof(masked));
		test_fill(iv, sizeof(iv));
		test_fill(data, sizeof(data));
		memcpy(expected, data, sizeof(data));
		rc_aes_expand(&aes, key, sizeof(key));
		rc_aes_expand(&mask, masked, sizeof(masked));
		rc_aes_f8(0, &aes, &mask, iv, expected, length);
		FOR_EACH_PATH(cpu) {
			u8 *copy = test_exact(data, length, length);

			rc_aes_f8(cpu, &aes, &mask, iv, copy, length);
			EXPECT(memcmp(copy, expected, length) == 0);
			free(copy);
		}
	}
}

TEST(hmac_is_that_of_libcrypto_for_every_length_with_and_without_suffix)
{
	FOR_EACH_PATH(cpu) {
		for (unsigned int length = 0; length <= LONGEST; length++) {
			unsigned int key_length = 1 + test_random() % 64;
			u8 key[64], data[LONGEST + 4], expected[64], code[RC_SHA1_LENGTH];
			unsigned int suffixed = length % 2 ? 4 : 0;
			struct rc_hmac_key hmac;
			u32 suffix = test_random();
			u8 *copy;

			test_fill(key, sizeof(key));
			test_fill(data, sizeof(data));
			copy = test_exact(data, length, length);
			for (unsigned int twice = 0; twice < 2; twice++, suffixed ^= 4) {
				rc_hmac_expand(&hmac, key, key_length);
				if (cpu & RC_CPU_KERNEL)
					rc_kapi_attach_hmac(&hmac, key, key_length);
				rc_hmac(cpu, &hmac, copy, length, suffixed, suffix, code);
				for (unsigned int i = 0; i < 4; i++)
					data[length + i] = (u8)(suffix >> (24 - 8 * i));
				HMAC(EVP_sha1(), key, key_length, data, length + suffixed, expected, NULL);
				EXPECT(memcmp(code, expected, sizeof(code)) == 0);
				rc_kapi_detach_hmac(&hmac);
			}
			free(copy);
		}
	}
}

struct sealed {
	u8 key[32];
	unsigned int key_length;
	u8 iv[RC_GCM_IV];
	u8 aad[64];
	u8 data[LONGEST];
	u8 tag[RC_GCM_TAG];
};

static void evp_seal(struct sealed *s, unsigned int aad_length, unsigned int length)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int out;

	EVP_EncryptInit_ex(context, s->key_length == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm(), NULL, s->key, s->iv);
	if (aad_length)
		EVP_EncryptUpdate(context, NULL, &out, s->aad, aad_length);
	if (length)
		EVP_EncryptUpdate(context, s->data, &out, s->data, length);
	EVP_EncryptFinal_ex(context, s->tag, &out);
	EXPECT(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, RC_GCM_TAG, s->tag) == 1);
	EVP_CIPHER_CTX_free(context);
}

static void check_gcm(rc_cpu_t cpu, unsigned int aad_length, unsigned int tail, unsigned int length)
{
	struct sealed s = { .key_length = length % 2 ? 16 : 32 };
	struct rc_gcm_aad aad = { .head = s.aad, .head_length = aad_length - tail, .tail = s.aad + aad_length - tail, .tail_length = tail };
	struct rc_aes_key aes;
	struct rc_gcm_key gcm;
	u8 tag[RC_GCM_TAG];
	u8 *copy, *plain;

	test_fill(s.key, sizeof(s.key));
	test_fill(s.iv, sizeof(s.iv));
	test_fill(s.aad, sizeof(s.aad));
	test_fill(s.data, sizeof(s.data));
	plain = test_exact(s.data, length, length);
	copy = test_exact(s.data, length, length);
	rc_aes_expand(&aes, s.key, s.key_length);
	rc_gcm_expand(&gcm, &aes);
	evp_seal(&s, aad_length, length);

	EXPECT(rc_gcm_seal(cpu, &aes, &gcm, s.iv, &aad, copy, length, tag) == 0);
	EXPECT(memcmp(copy, s.data, length) == 0);
	EXPECT(memcmp(tag, s.tag, sizeof(tag)) == 0);
	s.tag[length % RC_GCM_TAG] ^= 1;
	EXPECT(rc_gcm_open(cpu, &aes, &gcm, s.iv, &aad, copy, length, s.tag) == -EBADMSG);
	EXPECT(memcmp(copy, s.data, length) == 0);
	EXPECT(rc_gcm_open(cpu, &aes, &gcm, s.iv, &aad, copy, length, tag) == 0);
	EXPECT(memcmp(copy, plain, length) == 0);
	free(plain);
	free(copy);
}

TEST(gcm_is_that_of_libcrypto_for_every_length_of_data_and_header)
{
	FOR_EACH_PATH(cpu) {
		for (unsigned int length = 0; length <= LONGEST; length++)
			check_gcm(cpu, 12 + 4 * (length % 8), 0, length);
		for (unsigned int aad = 4; aad <= 64; aad++)
			check_gcm(cpu, aad, 4, 160);
	}
}
