// SPDX-License-Identifier: GPL-2.0
/*
 * Packets against libsrtp, both ways, byte for byte.
 * It has no f8, and derives the session keys of AES-192 with AES-256: there the vectors of RFC 6188 must do.
 */
#include <linux/string.h>
#include <srtp2/srtp.h>
#include <stdlib.h>
#include "packets.h"
#include "paths.h"
#include "test.h"

#define SSRC 0xcafe1234

typedef void (*policy_fn)(srtp_crypto_policy_t *);

struct peer {
	unsigned int suite;
	policy_fn rtp;
	policy_fn rtcp;
};

static const struct peer peers[] = {
	{ RC_SRTP_AEAD_AES_256_GCM, srtp_crypto_policy_set_aes_gcm_256_16_auth, srtp_crypto_policy_set_aes_gcm_256_16_auth },
	{ RC_SRTP_AEAD_AES_128_GCM, srtp_crypto_policy_set_aes_gcm_128_16_auth, srtp_crypto_policy_set_aes_gcm_128_16_auth },
	{ RC_SRTP_AES_256_CM_SHA1_80, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80 },
	{ RC_SRTP_AES_256_CM_SHA1_32, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80 },
	{ RC_SRTP_AES_CM_128_SHA1_80, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtcp_default },
	{ RC_SRTP_AES_CM_128_SHA1_32, srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32, srtp_crypto_policy_set_rtcp_default },
	{ RC_SRTP_NULL_SHA1_80, srtp_crypto_policy_set_null_cipher_hmac_sha1_80, srtp_crypto_policy_set_null_cipher_hmac_sha1_80 },
};

static srtp_t make_peer(const struct peer *peer, const struct rc_srtp_params *params)
{
	const struct rc_srtp_suite_info *info = rc_srtp_suite_info(peer->suite);
	srtp_policy_t policy = { .ssrc = { ssrc_specific, SSRC }, .window_size = 128, .allow_repeat_tx = 0 };
	u8 key[64];
	srtp_t session = NULL;

	peer->rtp(&policy.rtp);
	peer->rtcp(&policy.rtcp);
	memcpy(key, params->master_key, info->key_length);
	memcpy(key + info->key_length, params->master_salt, info->salt_length);
	policy.key = key;
	EXPECT(srtp_create(&session, &policy) == srtp_err_status_ok);
	return session;
}

static void start(void)
{
	static bool started;

	if (!started)
		EXPECT(srtp_init() == srtp_err_status_ok);
	started = true;
}

static void exchange_rtp(rc_cpu_t cpu, const struct peer *peer)
{
	struct rc_srtp_params params = random_params(peer->suite);
	srtp_t sender = make_peer(peer, &params), receiver = make_peer(peer, &params);
	u8 plain[PACKET_ROOM], theirs[PACKET_ROOM], ours[PACKET_ROOM];
	struct rc_replay out = {}, in = {};
	struct rc_srtp_key key;
	u16 sequence = 65000;

	EXPECT(rc_srtp_key_init(&key, &params) == 0);
	/* 1489 lengths from sequence number 65000 on: the rollover counter becomes 1 on the way. */
	for (unsigned int length = 12; length <= PACKET_MAX; length++, sequence++) {
		int size = length, sealed;
		u8 *exact;

		random_rtp(plain, length, SSRC, sequence, length % 2);
		memcpy(theirs, plain, length);
		EXPECT(srtp_protect(sender, theirs, &size) == srtp_err_status_ok);
		exact = test_exact(plain, length, length + rc_srtp_overhead(&key));
		sealed = rc_srtp_send(cpu, &key, &out, exact, length, length + rc_srtp_overhead(&key));
		EXPECT(sealed == size);
		EXPECT(sealed < 0 || memcmp(exact, theirs, sealed) == 0);

		memcpy(ours, exact, sealed > 0 ? sealed : 0);
		EXPECT(srtp_unprotect(receiver, ours, &size) == srtp_err_status_ok);
		EXPECT(rc_srtp_receive(cpu, &key, &in, exact, sealed) == (int)length);
		EXPECT(memcmp(exact, plain, length) == 0);
		free(exact);
	}
	EXPECT(rc_replay_roc(&out) == 1 && rc_replay_roc(&in) == 1);
	rc_srtp_key_wipe(&key);
	srtp_dealloc(sender);
	srtp_dealloc(receiver);
}

TEST(srtp_packets_are_those_of_libsrtp_for_every_length)
{
	start();
	FOR_EACH_PATH(cpu)
		for (unsigned int i = 0; i < ARRAY_SIZE(peers); i++)
			exchange_rtp(cpu, &peers[i]);
}

static void exchange_rtcp(rc_cpu_t cpu, const struct peer *peer)
{
	struct rc_srtp_params params = random_params(peer->suite);
	srtp_t sender = make_peer(peer, &params), receiver = make_peer(peer, &params);
	u8 plain[PACKET_ROOM], theirs[PACKET_ROOM], ours[PACKET_ROOM];
	struct rc_replay out = {}, in = {};
	struct rc_srtp_key key;

	EXPECT(rc_srtp_key_init(&key, &params) == 0);
	for (unsigned int length = 8; length <= PACKET_MAX; length += 4) {
		int size = length, sealed;
		u8 *exact;

		random_rtcp(plain, length, SSRC);
		memcpy(theirs, plain, length);
		EXPECT(srtp_protect_rtcp(sender, theirs, &size) == srtp_err_status_ok);
		exact = test_exact(plain, length, length + rc_srtcp_overhead(&key));
		sealed = rc_srtcp_send(cpu, &key, &out, exact, length, length + rc_srtcp_overhead(&key));
		EXPECT(sealed == size);
		EXPECT(sealed < 0 || memcmp(exact, theirs, sealed) == 0);

		memcpy(ours, exact, sealed > 0 ? sealed : 0);
		EXPECT(srtp_unprotect_rtcp(receiver, ours, &size) == srtp_err_status_ok);
		EXPECT(rc_srtcp_receive(cpu, &key, &in, exact, sealed) == (int)length);
		EXPECT(memcmp(exact, plain, length) == 0);
		free(exact);
	}
	rc_srtp_key_wipe(&key);
	srtp_dealloc(sender);
	srtp_dealloc(receiver);
}

TEST(srtcp_packets_are_those_of_libsrtp_for_every_length)
{
	start();
	FOR_EACH_PATH(cpu)
		for (unsigned int i = 0; i < ARRAY_SIZE(peers); i++)
			exchange_rtcp(cpu, &peers[i]);
}
