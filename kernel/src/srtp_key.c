// SPDX-License-Identifier: GPL-2.0
/* The suite table, key derivation (RFC 3711 section 4.3, RFC 6188, RFC 7714 section 11) and the life of a key. */
#include <linux/errno.h>
#include "crypto/bytes.h"
#include "crypto/kapi.h"
#include "srtp.h"

/* Labels of RFC 3711 section 4.3.1; those of SRTCP come LABEL_RTCP later. */
enum {
	LABEL_ENCRYPTION,
	LABEL_AUTHENTICATION,
	LABEL_SALT,
	LABEL_RTCP,
};

#define GCM "none", RC_SRTP_CIPHER_GCM
#define CM "HMAC-SHA1", RC_SRTP_CIPHER_CM
#define F8 "HMAC-SHA1", RC_SRTP_CIPHER_F8
#define NUL "HMAC-SHA1", RC_SRTP_CIPHER_NULL

static const struct rc_srtp_suite_info suites[RC_SRTP_SUITES] = {
	[RC_SRTP_AEAD_AES_256_GCM] = { "AEAD_AES_256_GCM", "AEAD-AES-GCM-256", GCM, 32, 12, 0, 16, 16 },
	[RC_SRTP_AEAD_AES_128_GCM] = { "AEAD_AES_128_GCM", "AEAD-AES-GCM-128", GCM, 16, 12, 0, 16, 16 },
	[RC_SRTP_AES_256_CM_SHA1_80] = { "AES_256_CM_HMAC_SHA1_80", "AES-CM-256", CM, 32, 14, 20, 10, 10 },
	[RC_SRTP_AES_256_CM_SHA1_32] = { "AES_256_CM_HMAC_SHA1_32", "AES-CM-256", CM, 32, 14, 20, 4, 10 },
	[RC_SRTP_AES_192_CM_SHA1_80] = { "AES_192_CM_HMAC_SHA1_80", "AES-CM-192", CM, 24, 14, 20, 10, 10 },
	[RC_SRTP_AES_192_CM_SHA1_32] = { "AES_192_CM_HMAC_SHA1_32", "AES-CM-192", CM, 24, 14, 20, 4, 10 },
	[RC_SRTP_AES_CM_128_SHA1_80] = { "AES_CM_128_HMAC_SHA1_80", "AES-CM-128", CM, 16, 14, 20, 10, 10 },
	[RC_SRTP_AES_CM_128_SHA1_32] = { "AES_CM_128_HMAC_SHA1_32", "AES-CM-128", CM, 16, 14, 20, 4, 10 },
	[RC_SRTP_F8_128_SHA1_80] = { "F8_128_HMAC_SHA1_80", "AES-F8-128", F8, 16, 14, 20, 10, 10 },
	[RC_SRTP_F8_128_SHA1_32] = { "F8_128_HMAC_SHA1_32", "AES-F8-128", F8, 16, 14, 20, 4, 10 },
	[RC_SRTP_NULL_SHA1_80] = { "NULL_HMAC_SHA1_80", "NULL", NUL, 16, 14, 20, 10, 10 },
	[RC_SRTP_NULL_SHA1_32] = { "NULL_HMAC_SHA1_32", "NULL", NUL, 16, 14, 20, 4, 10 },
};

const struct rc_srtp_suite_info *rc_srtp_suite_info(unsigned int suite)
{
	return suite > RC_SRTP_NONE && suite < RC_SRTP_SUITES ? &suites[suite] : NULL;
}

/* Fills @out with the session key of a label: keystream under the master key. A salt of 12 bytes is padded with zeros. */
static void derive(const struct rc_aes_key *master, const u8 *salt, unsigned int salt_length, u8 label, u8 *out, unsigned int length)
{
	u8 iv[RC_AES_BLOCK] = {};

	memcpy(iv, salt, salt_length);
	iv[7] ^= label;
	memset(out, 0, length);
	/* Portable code: keys are made seldom, and the FPU is not ours here. */
	rc_aes_ctr(0, master, iv, out, length);
}

static void derive_session(const struct rc_srtp_suite_info *suite, const struct rc_aes_key *master, const u8 *salt, u8 first_label,
			   struct rc_srtp_session_keys *keys)
{
	derive(master, salt, suite->salt_length, first_label + LABEL_ENCRYPTION, keys->key, suite->key_length);
	derive(master, salt, suite->salt_length, first_label + LABEL_AUTHENTICATION, keys->auth, suite->auth_length);
	derive(master, salt, suite->salt_length, first_label + LABEL_SALT, keys->salt, suite->salt_length);
}

/* The key of f8's mask: key XOR (salt, then 0x55...). */
static void expand_f8_mask(struct rc_aes_key *mask, const u8 *key, unsigned int key_length, const u8 *salt, unsigned int salt_length)
{
	u8 masked[RC_SRTP_KEY_MAX];
	unsigned int i;

	for (i = 0; i < key_length; i++)
		masked[i] = key[i] ^ (i < salt_length ? salt[i] : 0x55);
	rc_aes_expand(mask, masked, key_length);
	memzero_explicit(masked, sizeof(masked));
}

static void expand_session(struct rc_srtp_session *session, const struct rc_srtp_suite_info *suite, const struct rc_srtp_session_keys *keys)
{
	const bool kernel = rc_crypto_features() & RC_CPU_KERNEL;

	session->cipher = suite->cipher;
	memcpy(session->salt, keys->salt, suite->salt_length);
	if (suite->cipher != RC_SRTP_CIPHER_NULL)
		rc_aes_expand(&session->aes, keys->key, suite->key_length);
	if (suite->cipher == RC_SRTP_CIPHER_F8)
		expand_f8_mask(&session->f8_mask, keys->key, suite->key_length, keys->salt, suite->salt_length);
	if (suite->cipher == RC_SRTP_CIPHER_GCM)
		rc_gcm_expand(&session->gcm, &session->aes);
	if (suite->auth_length)
		rc_hmac_expand(&session->hmac, keys->auth, suite->auth_length);

	if (kernel && (suite->cipher == RC_SRTP_CIPHER_CM || suite->cipher == RC_SRTP_CIPHER_GCM))
		rc_kapi_attach_aes(&session->aes, keys->key, suite->key_length);
	if (kernel && suite->auth_length)
		rc_kapi_attach_hmac(&session->hmac, keys->auth, suite->auth_length);
}

int rc_srtp_key_init(struct rc_srtp_key *key, const struct rc_srtp_params *params)
{
	const struct rc_srtp_suite_info *suite = rc_srtp_suite_info(params->suite);
	const bool null = suite && suite->cipher == RC_SRTP_CIPHER_NULL;
	struct rc_srtp_params *copy = &key->params;
	struct rc_aes_key master;

	if (!suite || (params->flags & ~RC_SRTP_FLAGS_ALL) || params->mki_length > RC_SRTP_MKI_MAX)
		return -EINVAL;

	memset(key, 0, sizeof(*key));
	*copy = *params;
	if (!(params->flags & RC_SRTP_SESSION_KEYS)) {
		rc_aes_expand(&master, params->master_key, suite->key_length);
		derive_session(suite, &master, params->master_salt, 0, &copy->rtp);
		derive_session(suite, &master, params->master_salt, LABEL_RTCP, &copy->rtcp);
		memzero_explicit(&master, sizeof(master));
	}

	expand_session(&key->rtp, suite, &copy->rtp);
	expand_session(&key->rtcp, suite, &copy->rtcp);
	key->rtp.mki_length = params->mki_length;
	key->rtcp.mki_length = params->mki_length;
	/* Without a cipher SRTCP's E flag stays 0: libsrtp refuses it otherwise, others do not mind. */
	key->rtp.plain = null || (params->flags & RC_SRTP_UNENCRYPTED_RTP);
	key->rtcp.plain = null || (params->flags & RC_SRTP_UNENCRYPTED_RTCP);
	/* GCM cannot go without its tag, RFC 7714 section 14.3. */
	if (suite->cipher == RC_SRTP_CIPHER_GCM || !(params->flags & RC_SRTP_UNAUTHENTICATED_RTP))
		key->rtp.tag = suite->rtp_tag;
	key->rtcp.tag = suite->rtcp_tag;
	return 0;
}

void rc_srtp_key_wipe(struct rc_srtp_key *key)
{
	rc_kapi_detach_aes(&key->rtp.aes);
	rc_kapi_detach_hmac(&key->rtp.hmac);
	rc_kapi_detach_aes(&key->rtcp.aes);
	rc_kapi_detach_hmac(&key->rtcp.hmac);
	memzero_explicit(key, sizeof(*key));
}
