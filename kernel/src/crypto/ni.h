/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The x86 instruction paths: vector types and what the files *_ni.c offer. Only those files are compiled with SSE allowed, so that the
 * compiler cannot use it elsewhere; nothing here may be called outside of a section that granted the instructions.
 */
#ifndef RC_CRYPTO_NI_H
#define RC_CRYPTO_NI_H

#include <linux/types.h>
#include "aes.h"
#include "gcm.h"
#include "hmac.h"

/* RC_NO_NI: as on other processors, for tests. */
#if defined(__x86_64__) && !defined(RC_NO_NI)
#define RC_HAVE_NI 1
#else
#define RC_HAVE_NI 0
#endif

/* Needs RC_CPU_AES. */
void rc_ni_aes_encrypt(const struct rc_aes_key *key, u8 *out, const u8 *in);
void rc_ni_aes_ctr(const struct rc_aes_key *key, const u8 *iv, u8 *data, unsigned int length);
void rc_ni_aes_f8(const struct rc_aes_key *key, const struct rc_aes_key *mask, const u8 *iv, u8 *data, unsigned int length);

/* Needs RC_CPU_SHA. */
void rc_ni_hmac(const struct rc_hmac_key *key, const u8 *data, unsigned int length, bool with_suffix, u32 suffix, u8 *code);

/* Needs RC_CPU_CLMUL. Adds data, padded with zeros to whole blocks, to a GHASH state in POLYVAL form. */
void rc_ni_ghash(const struct rc_gcm_key *key, u64 state[2], const u8 *data, unsigned int length);

#endif
