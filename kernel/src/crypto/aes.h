/* SPDX-License-Identifier: GPL-2.0 */
/* AES-128, -192 and -256 (FIPS 197): key schedule, single blocks, counter mode and f8 mode. */
#ifndef RC_CRYPTO_AES_H
#define RC_CRYPTO_AES_H

#include <linux/types.h>
#include "cpu.h"

#define RC_AES_BLOCK 16
#define RC_AES_ROUNDS_MAX 14

struct crypto_sync_skcipher;

/**
 * struct rc_aes_key - an encryption key's schedule
 * @schedule: round keys in the byte order of the standard, which is that of AES-NI
 * @kernel: ctr(aes) of the kernel's crypto API, where our own instructions lack; else NULL
 * @rounds: 10, 12 or 14
 */
struct rc_aes_key {
	u8 schedule[(RC_AES_ROUNDS_MAX + 1) * RC_AES_BLOCK] __aligned(16);
	struct crypto_sync_skcipher *kernel;
	unsigned int rounds;
};

/* Expands a key of 16, 24 or 32 bytes; -EINVAL for other lengths. Does not set up @kernel. */
int rc_aes_expand(struct rc_aes_key *key, const u8 *bytes, unsigned int length);

/* Encrypts one block. */
void rc_aes_encrypt(rc_cpu_t cpu, const struct rc_aes_key *key, u8 out[RC_AES_BLOCK], const u8 in[RC_AES_BLOCK]);

/*
 * XORs data with the keystream of counter mode; the counter is the whole 128-bit @iv, big-endian. 0, or -EIO if the kernel's crypto API
 * refused (our own code cannot fail): the data is then undefined and must not be sent.
 */
int rc_aes_ctr(rc_cpu_t cpu, const struct rc_aes_key *key, const u8 iv[RC_AES_BLOCK], u8 *data, unsigned int length);

/* XORs data with the keystream of f8 mode, RFC 3711 section 4.1.2; @mask is the schedule of key XOR mask. */
void rc_aes_f8(rc_cpu_t cpu, const struct rc_aes_key *key, const struct rc_aes_key *mask, const u8 iv[RC_AES_BLOCK], u8 *data,
	       unsigned int length);

#endif
