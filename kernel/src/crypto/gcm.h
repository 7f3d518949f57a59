/* SPDX-License-Identifier: GPL-2.0 */
/* AES-GCM (NIST SP 800-38D) with a 12-byte IV and a 16-byte tag. */
#ifndef RC_CRYPTO_GCM_H
#define RC_CRYPTO_GCM_H

#include <linux/types.h>
#include "aes.h"

#define RC_GCM_IV 12
#define RC_GCM_TAG 16
#define RC_GCM_POWERS 8

/**
 * struct rc_gcm_key - the hash key
 * @powers: H, H^2 ... H^8, each as low and high 64 bits of the POLYVAL form (RFC 8452 appendix A), which needs no bit reversal
 */
struct rc_gcm_key {
	u64 powers[RC_GCM_POWERS][2] __aligned(16);
};

/*
 * What is authenticated only: @head (@head_length bytes, a packet's clear part), then @tail_length (0 or 4) bytes of @tail (the index
 * word of SRTCP).
 */
struct rc_gcm_aad {
	const u8 *head;
	unsigned int head_length;
	const u8 *tail;
	unsigned int tail_length;
};

/* Prepares the hash key from an expanded AES key. */
void rc_gcm_expand(struct rc_gcm_key *key, const struct rc_aes_key *aes);

/* Encrypts data in place and writes the tag. 0, or what rc_aes_ctr() returns. */
int rc_gcm_seal(rc_cpu_t cpu, const struct rc_aes_key *aes, const struct rc_gcm_key *key, const u8 iv[RC_GCM_IV],
		const struct rc_gcm_aad *aad, u8 *data, unsigned int length, u8 tag[RC_GCM_TAG]);

/* Verifies, then decrypts in place. 0; -EBADMSG: the tag is wrong and the data is as it was; or what rc_aes_ctr() returns. */
int rc_gcm_open(rc_cpu_t cpu, const struct rc_aes_key *aes, const struct rc_gcm_key *key, const u8 iv[RC_GCM_IV],
		const struct rc_gcm_aad *aad, u8 *data, unsigned int length, const u8 tag[RC_GCM_TAG]);

#endif
