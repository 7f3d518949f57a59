/* SPDX-License-Identifier: GPL-2.0 */
/* Initialization vectors that SRTP and SRTCP make alike from SSRC, packet index and session salt. */
#ifndef RC_SRTP_IV_H
#define RC_SRTP_IV_H

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

#endif
