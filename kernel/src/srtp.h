/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SRTP and SRTCP (RFC 3711, 6188, 7714) in place, without allocation per packet.
 *
 * Two levels:
 *   rc_srtp_protect() and its three sisters transform one packet under a given index. They touch no state: a key is immutable after
 *   rc_srtp_key_init() and may be used by all CPUs at once, under RCU.
 *   rc_srtp_send() and its three sisters also pick the index and keep the replay window. They need the lock of the window.
 *
 * All of them are called between rc_crypto_begin() and rc_crypto_end() and take the value that the former returned.
 *
 * Packets are linear and writable: skb_linearize() and skb_ensure_writable() first; protect needs rc_srtp_overhead() of tailroom. They
 * never read or write outside of pkt[0 .. room).
 *
 * Every function that takes a packet returns its new length (> 0) or
 *   -EINVAL	no RTP or RTCP, or too short
 *   -EBADMSG	authentication failed
 *   -ENOKEY	the master key identifier is not ours
 *   -EALREADY	replayed (or, sending: this index was used already)
 *   -ESTALE	behind the replay window
 *   -ENOSPC	no room for tag, index and MKI
 *   -EOVERFLOW	the key is used up
 *   -EIO		the kernel's crypto API failed (arm64 and old CPUs only): the packet is spoilt
 * and but for the last one leaves packet and window as they were. Authentication always comes before decryption and before any change.
 */
#ifndef RC_SRTP_H
#define RC_SRTP_H

#include <linux/cache.h>
#include <linux/types.h>
#include "crypto/aes.h"
#include "crypto/cpu.h"
#include "crypto/gcm.h"
#include "crypto/hmac.h"
#include "replay.h"

#define RC_SRTP_KEY_MAX 32
#define RC_SRTP_SALT_MAX 14
#define RC_SRTP_AUTH_LENGTH 20
#define RC_SRTP_TAG_MAX 16
#define RC_SRTP_MKI_MAX 128 /* RFC 4568 section 6.1 */

/* Room that protects any packet under any key. */
#define RC_SRTP_OVERHEAD_MAX (RC_SRTP_TAG_MAX + RC_SRTP_MKI_MAX)
#define RC_SRTCP_OVERHEAD_MAX (RC_SRTP_OVERHEAD_MAX + 4)

/* The numbers are those of the control process (SrtpSuite) and part of the netlink interface. */
enum rc_srtp_suite {
	RC_SRTP_NONE = 0,
	RC_SRTP_AEAD_AES_256_GCM = 1,
	RC_SRTP_AEAD_AES_128_GCM = 2,
	RC_SRTP_AES_256_CM_SHA1_80 = 3,
	RC_SRTP_AES_256_CM_SHA1_32 = 4,
	RC_SRTP_AES_192_CM_SHA1_80 = 5,
	RC_SRTP_AES_192_CM_SHA1_32 = 6,
	RC_SRTP_AES_CM_128_SHA1_80 = 7,
	RC_SRTP_AES_CM_128_SHA1_32 = 8,
	RC_SRTP_F8_128_SHA1_80 = 9,
	RC_SRTP_F8_128_SHA1_32 = 10,
	RC_SRTP_NULL_SHA1_80 = 11,
	RC_SRTP_NULL_SHA1_32 = 12,
	RC_SRTP_SUITES
};

enum rc_srtp_cipher {
	RC_SRTP_CIPHER_NULL,
	RC_SRTP_CIPHER_CM,
	RC_SRTP_CIPHER_F8,
	RC_SRTP_CIPHER_GCM,
};

/**
 * struct rc_srtp_suite_info - one row of the suite table; lengths in bytes
 * @name: SDP name
 * @cipher_name: as the list in /proc shows it, "AES-CM-128"
 * @hmac_name: likewise, "HMAC-SHA1"; "none" for GCM, whose tag is the cipher's own
 * @cipher: &enum rc_srtp_cipher
 * @key_length: master and session key
 * @salt_length: master and session salt
 * @auth_length: session authentication key; 0 for GCM
 * @rtp_tag: authentication tag of SRTP
 * @rtcp_tag: authentication tag of SRTCP, which stays 10 where SRTP has 4
 */
struct rc_srtp_suite_info {
	const char *name;
	const char *cipher_name;
	const char *hmac_name;
	u8 cipher;
	u8 key_length;
	u8 salt_length;
	u8 auth_length;
	u8 rtp_tag;
	u8 rtcp_tag;
};

/* The row of a suite; NULL for RC_SRTP_NONE and for numbers that are no suite. */
const struct rc_srtp_suite_info *rc_srtp_suite_info(unsigned int suite);

/* Session parameters of RFC 4568 section 6.3. */
#define RC_SRTP_UNENCRYPTED_RTP 1U
#define RC_SRTP_UNENCRYPTED_RTCP 2U
#define RC_SRTP_UNAUTHENTICATED_RTP 4U /* ignored for GCM, RFC 7714 section 14.3 */
/* The session keys are handed over; master key and salt are kept for the list only and may be zero. */
#define RC_SRTP_SESSION_KEYS 8U
#define RC_SRTP_FLAGS_ALL 15U

/* Session keys of SRTP or of SRTCP, lengths as the suite says. */
struct rc_srtp_session_keys {
	u8 key[RC_SRTP_KEY_MAX];
	u8 salt[RC_SRTP_SALT_MAX];
	u8 auth[RC_SRTP_AUTH_LENGTH];
};

/**
 * struct rc_srtp_params - what a key is made of; secret, so wipe it (memzero_explicit()) when the key is made
 * @suite: &enum rc_srtp_suite, not RC_SRTP_NONE: plain RTP has no key at all (a NULL pointer in the output)
 * @flags: RC_SRTP_UNENCRYPTED_RTP ...
 * @mki_length: 0 to RC_SRTP_MKI_MAX; 0: no MKI
 * @mki: master key identifier as on the wire
 * @master_key: as long as the suite says
 * @master_salt: as long as the suite says
 * @rtp: with RC_SRTP_SESSION_KEYS
 * @rtcp: with RC_SRTP_SESSION_KEYS
 */
struct rc_srtp_params {
	u8 suite;
	u8 flags;
	u8 mki_length;
	u8 mki[RC_SRTP_MKI_MAX];
	u8 master_key[RC_SRTP_KEY_MAX];
	u8 master_salt[RC_SRTP_SALT_MAX];
	struct rc_srtp_session_keys rtp;
	struct rc_srtp_session_keys rtcp;
};

/* Session keys ready for use, hot part first: a packet of AES_CM_128 reads four or five cache lines of it. */
struct rc_srtp_session {
	u8 cipher;
	u8 plain; /* not encrypted: a NULL cipher or UNENCRYPTED_... */
	u8 tag;	  /* bytes */
	u8 mki_length;
	u8 salt[16]; /* padded with zeros */
	struct rc_hmac_key hmac;
	struct rc_aes_key aes;
	union {
		struct rc_gcm_key gcm;
		struct rc_aes_key f8_mask; /* AES under key XOR mask, RFC 3711 section 4.1.2 */
	};
};

/**
 * struct rc_srtp_key - keys and session parameters of one direction; immutable, shared by all CPUs, about 1.5 KB
 *
 * Allocate it with kzalloc() or embed it. Read the fields through the accessors.
 */
struct rc_srtp_key {
	struct rc_srtp_session rtp ____cacheline_aligned;
	struct rc_srtp_session rtcp ____cacheline_aligned;
	struct rc_srtp_params params ____cacheline_aligned; /* for the list; packets look at the MKI's length alone */
};

/*
 * Derives the session keys (key derivation rate 0) unless they are given. Process context, may sleep: 0, -EINVAL (unknown suite or
 * flag, MKI too long) or what the kernel's crypto API says where it is needed. After an error there is nothing to wipe.
 */
int rc_srtp_key_init(struct rc_srtp_key *key, const struct rc_srtp_params *params);

/* Wipes the key. Process context or after call_rcu; not while a CPU may still use it. A zeroed key may be wiped, too. */
void rc_srtp_key_wipe(struct rc_srtp_key *key);

/* For the list in /proc. */
static inline const struct rc_srtp_suite_info *rc_srtp_key_suite(const struct rc_srtp_key *key)
{
	return rc_srtp_suite_info(key->params.suite);
}

static inline const u8 *rc_srtp_key_master(const struct rc_srtp_key *key)
{
	return key->params.master_key;
}

static inline const u8 *rc_srtp_key_master_salt(const struct rc_srtp_key *key)
{
	return key->params.master_salt;
}

static inline const struct rc_srtp_session_keys *rc_srtp_key_session(const struct rc_srtp_key *key)
{
	return &key->params.rtp;
}

static inline const struct rc_srtp_session_keys *rc_srtcp_key_session(const struct rc_srtp_key *key)
{
	return &key->params.rtcp;
}

/* Bytes by which rc_srtp_protect() lengthens a packet: tag and MKI. */
static inline unsigned int rc_srtp_overhead(const struct rc_srtp_key *key)
{
	return key->rtp.tag + key->rtp.mki_length;
}

/* Bytes by which rc_srtcp_protect() lengthens a packet: tag, index and MKI. */
static inline unsigned int rc_srtcp_overhead(const struct rc_srtp_key *key)
{
	return key->rtcp.tag + key->rtcp.mki_length + 4;
}

/* Level 1: one packet under a given index. @room: bytes that pkt may grow to, @length included. */
int rc_srtp_protect(rc_cpu_t cpu, const struct rc_srtp_key *key, u8 *pkt, unsigned int length, unsigned int room, u64 index);
int rc_srtp_unprotect(rc_cpu_t cpu, const struct rc_srtp_key *key, u8 *pkt, unsigned int length, u64 index);
int rc_srtcp_protect(rc_cpu_t cpu, const struct rc_srtp_key *key, u8 *pkt, unsigned int length, unsigned int room, u32 index);
/* The index is in the packet; @index receives it when the packet is authentic. */
int rc_srtcp_unprotect(rc_cpu_t cpu, const struct rc_srtp_key *key, u8 *pkt, unsigned int length, u32 *index);

/*
 * Level 2: one packet of the stream to which the window belongs (RTP: the packet's SSRC; RTCP: its sender SSRC, the second word).
 * Receiving tries the guessed index and, when it does not authenticate, the candidates of rc_index_candidate(). Sending refuses an
 * index that was used already: two packets under one index would give both away.
 */
int rc_srtp_send(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length, unsigned int room);
int rc_srtp_receive(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length);
int rc_srtcp_send(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length, unsigned int room);
int rc_srtcp_receive(rc_cpu_t cpu, const struct rc_srtp_key *key, struct rc_replay *window, u8 *pkt, unsigned int length);

/*
 * Known answers of every suite on every path the CPU has; returns 0 or -EBADMSG and says in the log which one failed. Process
 * context. Called at load (module parameter selftest).
 */
int rc_srtp_selftest(void);

#endif
