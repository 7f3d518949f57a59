// SPDX-License-Identifier: GPL-2.0
/*
 * SRTCP packets. With HMAC: header (8 bytes) | rest (encrypted) | E and index | MKI | tag, RFC 3711 section 3.4; with GCM: header |
 * rest (encrypted) | tag | E and index | MKI, RFC 7714 section 9.
 */
#include <linux/errno.h>
#include "crypto/bytes.h"
#include "crypto/compare.h"
#include "srtp.h"
#include "srtp_wire.h"

#define RTCP_FIXED 8
#define RTCP_FIRST_TYPE 194
#define RTCP_LAST_TYPE 223
#define WORD 4
#define ENCRYPTED 0x80000000U

static bool is_rtcp(const u8 *pkt, unsigned int length)
{
	return length >= RTCP_FIXED && pkt[0] >> 6 == 2 && pkt[1] >= RTCP_FIRST_TYPE && pkt[1] <= RTCP_LAST_TYPE;
}

/* Encrypts or decrypts what follows the first two words, but for GCM. @word: E and index, as on the wire. */
static int crypt(rc_cpu_t cpu, const struct rc_srtp_session *session, u8 *pkt, unsigned int length, u32 word)
{
	u8 iv[RC_AES_BLOCK] __aligned(16) = {};

	if (!(word & ENCRYPTED) || session->cipher == RC_SRTP_CIPHER_NULL)
		return 0;
	if (session->cipher == RC_SRTP_CIPHER_CM) {
		rc_srtp_iv_cm(iv, session, rc_load_be32(pkt + 4), word & ~ENCRYPTED);
		return rc_aes_ctr(cpu, &session->aes, iv, pkt + RTCP_FIXED, length - RTCP_FIXED);
	}
	/* f8: 0..0 || E || index || V || P || RC || PT || length || SSRC, RFC 3711 section 4.1.2.3. */
	rc_store_be32(iv + 4, word);
	memcpy(iv + 8, pkt, RTCP_FIXED);
	rc_aes_f8(cpu, &session->aes, &session->f8_mask, iv, pkt + RTCP_FIXED, length - RTCP_FIXED);
	return 0;
}

/* Associated data of GCM: what stays readable, then the word (RFC 7714 sections 9.2 and 9.3). @wire: the word in network order. */
static struct rc_gcm_aad associate(const struct rc_srtp_session *session, const u8 *pkt, unsigned int length, u32 word, u8 *iv, u8 *wire)
{
	rc_srtp_iv_gcm(iv, session, rc_load_be32(pkt + 4), word & ~ENCRYPTED);
	rc_store_be32(wire, word);
	return (struct rc_gcm_aad){
		.head = pkt,
		.head_length = word & ENCRYPTED ? RTCP_FIXED : length,
		.tail = wire,
		.tail_length = WORD,
	};
}

int rc_srtcp_protect(rc_cpu_t cpu, const struct rc_srtp_key *key, u8 *pkt, unsigned int length, unsigned int room, u32 index)
{
	const struct rc_srtp_session *session = &key->rtcp;
	const u32 word = index | (session->plain ? 0 : ENCRYPTED);
	u8 iv[RC_GCM_IV], wire[WORD], code[RC_SHA1_LENGTH];
	u8 *end = pkt + length;
	int err;

	if (!is_rtcp(pkt, length))
		return -EINVAL;
	if (index > RC_RTCP_INDEX_MAX)
		return -EOVERFLOW;
	if (room < length || room - length < rc_srtcp_overhead(key))
		return -ENOSPC;

	if (session->cipher == RC_SRTP_CIPHER_GCM) {
		const struct rc_gcm_aad aad = associate(session, pkt, length, word, iv, wire);

		err = rc_gcm_seal(cpu, &session->aes, &session->gcm, iv, &aad, pkt + aad.head_length, length - aad.head_length, end);
		if (err)
			return err;
		end += session->tag;
		memcpy(end, wire, WORD);
		rc_srtp_store_mki(end + WORD, key);
		return length + rc_srtcp_overhead(key);
	}
	err = crypt(cpu, session, pkt, length, word);
	if (err)
		return err;
	rc_store_be32(end, word);
	rc_srtp_store_mki(end + WORD, key);
	rc_hmac(cpu, &session->hmac, pkt, length + WORD, false, 0, code);
	rc_srtp_store_tag(end + WORD + session->mki_length, code, session->tag);
	return length + rc_srtcp_overhead(key);
}

/* The word of a protected packet whose RTCP packet is @length bytes long. */
static const u8 *word_of(const struct rc_srtp_session *session, const u8 *pkt, unsigned int length)
{
	return pkt + length + (session->cipher == RC_SRTP_CIPHER_GCM ? session->tag : 0);
}

/* Length of the RTCP packet in a protected one, or why it is none. */
static int inner_length(const struct rc_srtp_key *key, const u8 *pkt, unsigned int length)
{
	const struct rc_srtp_session *session = &key->rtcp;

	if (length < RTCP_FIXED + rc_srtcp_overhead(key) || !is_rtcp(pkt, length))
		return -EINVAL;
	length -= rc_srtcp_overhead(key);
	if (session->mki_length && memcmp(word_of(session, pkt, length) + WORD, key->params.mki, session->mki_length))
		return -ENOKEY;
	return length;
}

/* Verifies and decrypts a packet that inner_length() measured. */
static int open_packet(rc_cpu_t cpu, const struct rc_srtp_session *session, u8 *pkt, unsigned int length, u32 word)
{
	u8 iv[RC_GCM_IV], wire[WORD], code[RC_SHA1_LENGTH];

	if (session->cipher == RC_SRTP_CIPHER_GCM) {
		const struct rc_gcm_aad aad = associate(session, pkt, length, word, iv, wire);

		return rc_gcm_open(cpu, &session->aes, &session->gcm, iv, &aad, pkt + aad.head_length, length - aad.head_length,
				   pkt + length);
	}
	rc_hmac(cpu, &session->hmac, pkt, length + WORD, false, 0, code);
	if (rc_differ(code, pkt + length + WORD + session->mki_length, session->tag))
		return -EBADMSG;
	return crypt(cpu, session, pkt, length, word);
}

/* Opens a packet, unless @window, which may be NULL, has seen its index. */
static int open_new(rc_cpu_t cpu, const struct rc_srtp_key *key, const struct rc_replay *window, u8 *pkt, unsigned int length, u32 *index)
{
	int inner = inner_length(key, pkt, length), err;
	u32 word;

	if (inner < 0)
		return inner;
	word = rc_load_be32(word_of(&key->rtcp, pkt, inner));
	err = window ? rc_replay_check(window, word & ~ENCRYPTED) : 0;
	if (!err)
		err = open_packet(cpu, &key->rtcp, pkt, inner, word);
	if (err)
		return err;
	*index = word & ~ENCRYPTED;
	return inner;
}

int rc_srtcp_unprotect(rc_cpu_t cpu, const struct rc_srtp_key *key, u8 *pkt, unsigned int length, u32 *index)
{
	return open_new(cpu, key, NULL, pkt, length, index);
}

int rc_srtcp_send(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length, unsigned int room)
{
	/* The first index is 1, so that 0 can mean "none yet" in a checkpoint. */
	u64 index = window->highest + 1;
	int result;

	if (index > RC_RTCP_INDEX_MAX)
		return -EOVERFLOW;
	result = rc_srtcp_protect(cpu, key, pkt, length, room, index);
	if (result > 0)
		rc_replay_commit(window, index);
	return result;
}

int rc_srtcp_receive(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length)
{
	u32 index;
	int inner = open_new(cpu, key, window, pkt, length, &index);

	if (inner > 0)
		rc_replay_commit(window, index);
	return inner;
}
