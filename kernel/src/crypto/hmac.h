/* SPDX-License-Identifier: GPL-2.0 */
/* HMAC-SHA1 (RFC 2104) with the states behind the inner and outer pads saved in the key. */
#ifndef RC_CRYPTO_HMAC_H
#define RC_CRYPTO_HMAC_H

#include <linux/types.h>
#include "cpu.h"

#define RC_SHA1_WORDS 5
#define RC_SHA1_LENGTH 20
#define RC_SHA1_BLOCK 64

struct crypto_shash;

/**
 * struct rc_hmac_key - saved states
 * @inner: state behind key XOR 0x36...
 * @outer: state behind key XOR 0x5c...
 * @kernel: hmac(sha1) of the kernel's crypto API, where our own instructions lack; else NULL
 */
struct rc_hmac_key {
	u32 inner[RC_SHA1_WORDS];
	u32 outer[RC_SHA1_WORDS];
	struct crypto_shash *kernel;
};

/* Prepares a key of at most 64 bytes. Does not set up @kernel. */
void rc_hmac_expand(struct rc_hmac_key *key, const u8 *bytes, unsigned int length);

/*
 * Authentication code of @length bytes of data followed, if @with_suffix, by the four bytes of @suffix in network order: the rollover
 * counter of SRTP.
 */
void rc_hmac(rc_cpu_t cpu, const struct rc_hmac_key *key, const u8 *data, unsigned int length, bool with_suffix, u32 suffix,
	     u8 code[RC_SHA1_LENGTH]);

#endif
