/* SPDX-License-Identifier: GPL-2.0 */
/* What SRTP and SRTCP make alike: initialization vectors from SSRC, packet index and session salt; MKI and tag behind the packet. */
#ifndef RC_SRTP_WIRE_H
#define RC_SRTP_WIRE_H

#include <linux/compiler.h>
#include "crypto/bytes.h"
#include "srtp.h"

/* Counter mode: (salt * 2^16) ^ (SSRC * 2^64) ^ (index * 2^16), RFC 3711 section 4.1.1. */
static inline void rc_srtp_iv_cm(u8 iv[RC_AES_BLOCK], const struct rc_srtp_session *session, u32 ssrc, u64 index)
{
	rc_store_be64(iv, rc_load_be64(session->salt) ^ ssrc);
	rc_store_be64(iv + 8, rc_load_be64(session->salt + 8) ^ index << 16);
}

/* GCM: (0 || SSRC || index) ^ salt, RFC 7714 sections 8.1 and 9.1. */
static inline void rc_srtp_iv_gcm(u8 iv[RC_GCM_IV], const struct rc_srtp_session *session, u32 ssrc, u64 index)
{
	rc_store_be32(iv, rc_load_be32(session->salt) ^ ssrc >> 16);
	rc_store_be64(iv + 4, rc_load_be64(session->salt + 4) ^ ((u64)ssrc << 48 | index));
}

/* Writes a tag of 4 or 10 bytes, or none: sizes the compiler knows, because a call of memcpy() costs as much as a block of the cipher. */
static inline void rc_srtp_store_tag(u8 *to, const u8 code[RC_SHA1_LENGTH], unsigned int length)
{
	if (length == 10)
		memcpy(to, code, 10);
	else if (length == 4)
		memcpy(to, code, 4);
}

/* Writes the master key identifier; most keys have none. */
static inline void rc_srtp_store_mki(u8 *to, const struct rc_srtp_key *key)
{
	if (unlikely(key->params.mki_length))
		memcpy(to, key->params.mki, key->params.mki_length);
}

#endif
