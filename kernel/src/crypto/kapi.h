/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's crypto API, for CPUs without AES instructions of our own: on arm64 and on old x86 it beats portable code. Requests live
 * on the stack and the transforms are synchronous, so nothing is allocated per packet and nothing sleeps.
 */
#ifndef RC_CRYPTO_KAPI_H
#define RC_CRYPTO_KAPI_H

#include "aes.h"
#include "hmac.h"

/*
 * Give an expanded key its transform. Process context, may load modules. A transform that cannot be had is no error: the portable code
 * does it then.
 */
void rc_kapi_attach_aes(struct rc_aes_key *key, const u8 *bytes, unsigned int length);
void rc_kapi_attach_hmac(struct rc_hmac_key *key, const u8 *bytes, unsigned int length);

/* Free the transforms, if there are. */
void rc_kapi_detach_aes(struct rc_aes_key *key);
void rc_kapi_detach_hmac(struct rc_hmac_key *key);

/* Like rc_aes_ctr() and rc_hmac(), with the key's transform. 0 or an error of the API. */
int rc_kapi_ctr(const struct rc_aes_key *key, const u8 *iv, u8 *data, unsigned int length);
int rc_kapi_hmac(const struct rc_hmac_key *key, const u8 *data, unsigned int length, bool with_suffix, u32 suffix, u8 *code);

#endif
