// SPDX-License-Identifier: GPL-2.0
/*
 * SRTP packets. With HMAC: header | payload (encrypted) | MKI | tag, RFC 3711 section 3.1; with GCM: header | payload (encrypted) |
 * tag | MKI, RFC 7714 section 8.1.
 */
#include <linux/errno.h>
#include "crypto/bytes.h"
#include "crypto/compare.h"
#include "srtp.h"
#include "srtp_wire.h"

#define RTP_FIXED 12
#define RTP_EXTENSION_BIT 0x10

/* Length of the RTP header with CSRCs and extension; 0: not version 2, or the packet is shorter than that. */
static unsigned int header_length(const u8 *pkt, unsigned int length)
{
	unsigned int header;

	if (length < RTP_FIXED || pkt[0] >> 6 != 2)
		return 0;
	header = RTP_FIXED + 4 * (pkt[0] & 15);
	if (pkt[0] & RTP_EXTENSION_BIT) {
		if (length < header + 4)
			return 0;
		header += 4 + 4 * rc_load_be16(pkt + header + 2);
	}
	return header <= length ? header : 0;
}

/* Encrypts or decrypts the payload, but for GCM. */
static int crypt(rc_cpu_t cpu, const struct rc_srtp_session *session, u8 *pkt, unsigned int header, unsigned int length, u64 index)
{
	u8 iv[RC_AES_BLOCK] __aligned(16);

	if (session->plain)
		return 0;
	if (session->cipher == RC_SRTP_CIPHER_CM) {
		rc_srtp_iv_cm(iv, session, rc_load_be32(pkt + 8), index);
		return rc_aes_ctr(cpu, &session->aes, iv, pkt + header, length - header);
	}
	/* f8: 0 || M || PT || SEQ || TS || SSRC || ROC, RFC 3711 section 4.1.2.2. */
	memcpy(iv, pkt, RTP_FIXED);
	iv[0] = 0;
	rc_store_be32(iv + RTP_FIXED, index >> 16);
	rc_aes_f8(cpu, &session->aes, &session->f8_mask, iv, pkt + header, length - header);
	return 0;
}

static __always_inline int crypt_gcm(rc_cpu_t cpu, const struct rc_srtp_session *session, u8 *pkt, unsigned int header, unsigned int length,
				     u64 index, bool seal)
{
	const unsigned int clear = session->plain ? length : header;
	const struct rc_gcm_aad aad = { .head = pkt, .head_length = clear };
	u8 iv[RC_GCM_IV];

	rc_srtp_iv_gcm(iv, session, rc_load_be32(pkt + 8), index);
	return seal ? rc_gcm_seal(cpu, &session->aes, &session->gcm, iv, &aad, pkt + clear, length - clear, pkt + length)
		    : rc_gcm_open(cpu, &session->aes, &session->gcm, iv, &aad, pkt + clear, length - clear, pkt + length);
}

int rc_srtp_protect(rc_cpu_t cpu, const struct rc_srtp_key *key, u8 *pkt, unsigned int length, unsigned int room, u64 index)
{
	const struct rc_srtp_session *session = &key->rtp;
	unsigned int header = header_length(pkt, length);
	u8 code[RC_SHA1_LENGTH];
	u8 *end = pkt + length;
	int err;

	if (!header)
		return -EINVAL;
	if (index > RC_RTP_INDEX_MAX)
		return -EOVERFLOW;
	if (room < length || room - length < rc_srtp_overhead(key))
		return -ENOSPC;

	if (session->cipher == RC_SRTP_CIPHER_GCM) {
		err = crypt_gcm(cpu, session, pkt, header, length, index, true);
		end += session->tag;
	} else {
		err = crypt(cpu, session, pkt, header, length, index);
	}
	if (err)
		return err;
	rc_srtp_store_mki(end, key);
	if (session->cipher != RC_SRTP_CIPHER_GCM && session->tag) {
		rc_hmac(cpu, &session->hmac, pkt, length, true, index >> 16, code);
		rc_srtp_store_tag(end + session->mki_length, code, session->tag);
	}
	return length + rc_srtp_overhead(key);
}

int rc_srtp_unprotect(rc_cpu_t cpu, const struct rc_srtp_key *key, u8 *pkt, unsigned int length, u64 index)
{
	const struct rc_srtp_session *session = &key->rtp;
	const bool gcm = session->cipher == RC_SRTP_CIPHER_GCM;
	u8 code[RC_SHA1_LENGTH];
	unsigned int header;
	const u8 *end;
	int err;

	if (length < RTP_FIXED + rc_srtp_overhead(key))
		return -EINVAL;
	length -= rc_srtp_overhead(key);
	header = header_length(pkt, length);
	if (!header)
		return -EINVAL;
	if (index > RC_RTP_INDEX_MAX)
		return -ESTALE;
	end = pkt + length;
	if (session->mki_length && memcmp(end + (gcm ? session->tag : 0), key->params.mki, session->mki_length))
		return -ENOKEY;

	if (gcm) {
		err = crypt_gcm(cpu, session, pkt, header, length, index, false);
		return err ? err : (int)length;
	}
	if (session->tag) {
		rc_hmac(cpu, &session->hmac, pkt, length, true, index >> 16, code);
		if (rc_differ(code, end + session->mki_length, session->tag))
			return -EBADMSG;
	}
	err = crypt(cpu, session, pkt, header, length, index);
	return err ? err : (int)length;
}

int rc_srtp_send(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length, unsigned int room)
{
	u64 index;
	int err;

	if (length < RTP_FIXED)
		return -EINVAL;
	index = rc_index_guess(window, rc_load_be16(pkt + 2));
	err = window->resync ? 0 : rc_replay_check(window, index);
	if (err)
		return err;
	err = rc_srtp_protect(cpu, key, pkt, length, room, index);
	if (err < 0)
		return err;
	if (window->resync)
		rc_replay_reset(window);
	rc_replay_commit(window, index);
	return err;
}

static int receive_at(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length, u64 index)
{
	int err = rc_replay_check(window, index);

	if (err)
		return err;
	err = rc_srtp_unprotect(cpu, key, pkt, length, index);
	if (err > 0)
		rc_replay_commit(window, index);
	return err;
}

int rc_srtp_receive(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length)
{
	u64 guess, other;
	unsigned int i;
	u16 sequence;
	int result;

	if (length < RTP_FIXED)
		return -EINVAL;
	sequence = rc_load_be16(pkt + 2);
	guess = rc_index_guess(window, sequence);
	result = receive_at(cpu, key, window, pkt, length, guess);
	for (i = 0; (result == -EBADMSG || result == -ESTALE) && i < RC_INDEX_CANDIDATES; i++) {
		other = rc_index_candidate(window, sequence, i);
		if (other != guess) {
			int retry = receive_at(cpu, key, window, pkt, length, other);

			/* What the guess said stands unless a candidate does better. */
			result = retry > 0 ? retry : result;
		}
	}
	return result;
}
