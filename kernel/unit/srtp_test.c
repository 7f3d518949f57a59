// SPDX-License-Identifier: GPL-2.0
/* What SRTP accepts, refuses and leaves alone, for all suites on all paths. */
#include <linux/errno.h>
#include <linux/string.h>
#include <stdlib.h>
#include <asm/fpu/api.h>
#include "packets.h"
#include "paths.h"
#include "test.h"

#define SSRC 0x01020304

TEST(every_path_makes_the_same_packet_and_reads_it_for_every_suite_and_length)
{
	for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
		struct rc_srtp_params params = random_params(suite);
		static u8 plain[PACKET_MAX + 1][PACKET_ROOM], sealed[PACKET_MAX + 1][PACKET_ROOM];

		params.mki_length = suite % 5;
		FOR_EACH_PATH(cpu) {
			struct rc_srtp_key key;

			rc_srtp_key_init(&key, &params);
			for (unsigned int length = 12; length <= PACKET_MAX; length++) {
				const u64 index = (u64)suite << 40 | length;
				int room = length + rc_srtp_overhead(&key);
				u8 *exact;

				if (path_i == 0)
					random_rtp(plain[length], length, SSRC, (u16)index, length & 1);
				exact = test_exact(plain[length], length, room);
				EXPECT(rc_srtp_protect(cpu, &key, exact, length, room, index) == room);
				if (path_i == 0)
					memcpy(sealed[length], exact, room);
				EXPECT(memcmp(exact, sealed[length], room) == 0);
				EXPECT(rc_srtp_unprotect(cpu, &key, exact, room, index) == (int)length);
				EXPECT(memcmp(exact, plain[length], length) == 0);
				free(exact);
			}
			rc_srtp_key_wipe(&key);
		}
	}
}

/* Flips each byte in turn: refused, and the packet is untouched. */
TEST(a_changed_byte_anywhere_is_refused_and_nothing_changes)
{
	FOR_EACH_PATH(cpu) {
		for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
			struct rc_srtp_params params = random_params(suite);
			u8 pkt[256], before[256];
			struct rc_replay window = {};
			struct rc_srtp_key key;
			int size;

			rc_srtp_key_init(&key, &params);
			random_rtp(pkt, 60, SSRC, 1000, false);
			size = rc_srtp_protect(cpu, &key, pkt, 60, sizeof(pkt), 1000);
			for (int i = 0; i < size; i++) {
				pkt[i] ^= 1 << i % 8;
				memcpy(before, pkt, size);
				EXPECT(rc_srtp_receive(cpu, &key, &window, pkt, size) < 0);
				EXPECT(memcmp(before, pkt, size) == 0);
				EXPECT(!window.started);
				pkt[i] ^= 1 << i % 8;
			}
			EXPECT(rc_srtp_receive(cpu, &key, &window, pkt, size) == 60);
			rc_srtp_key_wipe(&key);
		}
	}
}

TEST(a_changed_byte_of_srtcp_is_refused_and_nothing_changes)
{
	FOR_EACH_PATH(cpu) {
		for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
			struct rc_srtp_params params = random_params(suite);
			struct rc_replay window = {}, out = {};
			u8 pkt[256], before[256];
			struct rc_srtp_key key;
			int size;

			rc_srtp_key_init(&key, &params);
			random_rtcp(pkt, 60, SSRC);
			size = rc_srtcp_send(cpu, &key, &out, pkt, 60, sizeof(pkt));
			for (int i = 0; i < size; i++) {
				pkt[i] ^= 1 << i % 8;
				memcpy(before, pkt, size);
				EXPECT(rc_srtcp_receive(cpu, &key, &window, pkt, size) < 0);
				EXPECT(memcmp(before, pkt, size) == 0);
				EXPECT(!window.started);
				pkt[i] ^= 1 << i % 8;
			}
			EXPECT(rc_srtcp_receive(cpu, &key, &window, pkt, size) == 60);
			EXPECT(window.highest == 1);
			rc_srtp_key_wipe(&key);
		}
	}
}

TEST(no_packet_is_read_or_written_beyond_its_end)
{
	for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
		struct rc_srtp_params params = random_params(suite);
		struct rc_srtp_key key;

		params.mki_length = 3;
		rc_srtp_key_init(&key, &params);
		FOR_EACH_PATH(cpu) {
			for (unsigned int length = 0; length < 64; length++) {
				struct rc_replay window = {};
				u8 *pkt = test_exact(NULL, 0, length);

				test_fill(pkt, length);
				if (length)
					pkt[0] = 0x80 | (pkt[0] & 0x3f);
				EXPECT(rc_srtp_receive(cpu, &key, &window, pkt, length) < 0);
				EXPECT(rc_srtp_send(cpu, &key, &window, pkt, length, length) < 0);
				if (length > 1)
					pkt[1] = 200;
				EXPECT(rc_srtcp_receive(cpu, &key, &window, pkt, length) < 0);
				EXPECT(rc_srtcp_send(cpu, &key, &window, pkt, length, length) < 0);
				free(pkt);
			}
		}
		rc_srtp_key_wipe(&key);
	}
}

TEST(a_replayed_packet_is_refused_and_one_behind_the_window_too)
{
	struct rc_srtp_params params = random_params(RC_SRTP_AES_CM_128_SHA1_80);
	struct rc_replay window = {};
	struct rc_srtp_key key;
	rc_cpu_t cpu = rc_crypto_begin();
	u8 pkt[64];

	rc_srtp_key_init(&key, &params);
	for (u32 index = 200; index >= 50; index -= 50) {
		random_rtp(pkt, 40, SSRC, index, false);
		EXPECT(rc_srtp_protect(cpu, &key, pkt, 40, sizeof(pkt), index) == 50);
		EXPECT(rc_srtp_receive(cpu, &key, &window, pkt, 50) == (index > 200 - 128 ? 40 : -ESTALE));
		random_rtp(pkt, 40, SSRC, index, false);
		EXPECT(rc_srtp_protect(cpu, &key, pkt, 40, sizeof(pkt), index) == 50);
		EXPECT(rc_srtp_receive(cpu, &key, &window, pkt, 50) == (index > 200 - 128 ? -EALREADY : -ESTALE));
	}
	rc_srtp_key_wipe(&key);
	rc_crypto_end(cpu);
}

TEST(a_receiver_finds_the_rollover_counter_that_it_did_not_guess)
{
	static const u64 starts[] = { 0x10000 | 40000, 0x20000 | 100, 0x30000 | 65535 };
	/* One rollover ahead, the same, one behind the sender's start, and a sender that began again. */
	struct rc_srtp_params params = random_params(RC_SRTP_AEAD_AES_128_GCM);
	struct rc_srtp_key key;
	rc_cpu_t cpu = rc_crypto_begin();
	u8 pkt[64];

	rc_srtp_key_init(&key, &params);
	for (unsigned int i = 0; i < ARRAY_SIZE(starts); i++) {
		for (unsigned int ahead = 1; ahead < 0x20000; ahead += 4999) {
			struct rc_replay window = {};
			u64 index = starts[i] + ahead;

			rc_replay_seed(&window, starts[i]);
			if ((index >> 16) - (starts[i] >> 16) > 1)
				continue;
			random_rtp(pkt, 40, SSRC, (u16)index, false);
			EXPECT(rc_srtp_protect(cpu, &key, pkt, 40, sizeof(pkt), index) == 56);
			EXPECT(rc_srtp_receive(cpu, &key, &window, pkt, 56) == 40);
			EXPECT(window.highest == index);
		}
	}
	rc_srtp_key_wipe(&key);
	rc_crypto_end(cpu);
}

TEST(a_sender_refuses_an_index_twice_and_goes_on_from_a_checkpoint)
{
	struct rc_srtp_params params = random_params(RC_SRTP_AES_CM_128_SHA1_32);
	struct rc_replay window = {};
	struct rc_srtp_key key;
	u8 pkt[64];

	rc_srtp_key_init(&key, &params);
	random_rtp(pkt, 40, SSRC, 7, false);
	EXPECT(rc_srtp_send(0, &key, &window, pkt, 40, sizeof(pkt)) == 44);
	random_rtp(pkt, 40, SSRC, 7, false);
	EXPECT(rc_srtp_send(0, &key, &window, pkt, 40, sizeof(pkt)) == -EALREADY);

	rc_replay_seed_sender(&window, 0x5fffe);
	random_rtp(pkt, 40, SSRC, 0xff00, false);
	EXPECT(rc_srtp_send(0, &key, &window, pkt, 40, sizeof(pkt)) == 44);
	EXPECT(window.highest == 0x5ff00);
	EXPECT(!window.resync);
	random_rtp(pkt, 40, SSRC, 2, false);
	EXPECT(rc_srtp_send(0, &key, &window, pkt, 40, sizeof(pkt)) == 44);
	EXPECT(window.highest == 0x60002);
	rc_srtp_key_wipe(&key);
}

TEST(a_key_that_is_used_up_sends_nothing_more)
{
	struct rc_srtp_params params = random_params(RC_SRTP_AES_CM_128_SHA1_80);
	struct rc_replay window = {};
	struct rc_srtp_key key;
	u8 pkt[64];

	rc_srtp_key_init(&key, &params);
	rc_replay_seed_sender(&window, RC_RTP_INDEX_MAX);
	random_rtp(pkt, 40, SSRC, 1, false);
	EXPECT(rc_srtp_send(0, &key, &window, pkt, 40, sizeof(pkt)) == -EOVERFLOW);
	rc_replay_seed(&window, RC_RTCP_INDEX_MAX);
	random_rtcp(pkt, 28, SSRC);
	EXPECT(rc_srtcp_send(0, &key, &window, pkt, 28, sizeof(pkt)) == -EOVERFLOW);
	rc_srtp_key_wipe(&key);
}

TEST(a_packet_with_another_mki_is_told_apart)
{
	for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
		struct rc_srtp_params params = random_params(suite), other;
		struct rc_srtp_key key, wrong;
		u8 pkt[300];
		u32 index;
		int size;

		params.mki_length = 128;
		test_fill(params.mki, sizeof(params.mki));
		other = params;
		other.mki[127] ^= 1;
		rc_srtp_key_init(&key, &params);
		rc_srtp_key_init(&wrong, &other);
		random_rtp(pkt, 60, SSRC, 5, false);
		size = rc_srtp_protect(0, &key, pkt, 60, sizeof(pkt), 5);
		EXPECT(size == 60 + 128 + rc_srtp_suite_info(suite)->rtp_tag);
		EXPECT(rc_srtp_unprotect(0, &wrong, pkt, size, 5) == -ENOKEY);
		EXPECT(rc_srtp_unprotect(0, &key, pkt, size, 5) == 60);
		random_rtcp(pkt, 60, SSRC);
		size = rc_srtcp_protect(0, &key, pkt, 60, sizeof(pkt), 5);
		EXPECT(size == 60 + 4 + 128 + rc_srtp_suite_info(suite)->rtcp_tag);
		EXPECT(rc_srtcp_unprotect(0, &wrong, pkt, size, &index) == -ENOKEY);
		EXPECT(rc_srtcp_unprotect(0, &key, pkt, size, &index) == 60);
		rc_srtp_key_wipe(&key);
		rc_srtp_key_wipe(&wrong);
	}
}

TEST(session_parameters_leave_out_encryption_or_authentication)
{
	for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
		const bool gcm = rc_srtp_suite_info(suite)->cipher == RC_SRTP_CIPHER_GCM;
		struct rc_srtp_params params = random_params(suite);
		struct rc_srtp_key key;
		u8 plain[64], pkt[128];
		u32 index;
		int size;

		params.flags = RC_SRTP_UNENCRYPTED_RTP | RC_SRTP_UNENCRYPTED_RTCP | RC_SRTP_UNAUTHENTICATED_RTP;
		rc_srtp_key_init(&key, &params);
		random_rtp(plain, 60, SSRC, 5, false);
		memcpy(pkt, plain, 60);
		size = rc_srtp_protect(0, &key, pkt, 60, sizeof(pkt), 5);
		EXPECT(size == (gcm ? 76 : 60));
		EXPECT(memcmp(pkt, plain, 60) == 0);
		EXPECT(rc_srtp_unprotect(0, &key, pkt, size, 5) == 60);
		random_rtcp(plain, 60, SSRC);
		memcpy(pkt, plain, 60);
		size = rc_srtcp_protect(0, &key, pkt, 60, sizeof(pkt), 5);
		EXPECT(size == 64 + rc_srtp_suite_info(suite)->rtcp_tag);
		EXPECT(memcmp(pkt, plain, 60) == 0);
		EXPECT(rc_srtcp_unprotect(0, &key, pkt, size, &index) == 60);
		rc_srtp_key_wipe(&key);
	}
}

TEST(there_must_be_room_for_tag_and_mki)
{
	for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
		struct rc_srtp_params params = random_params(suite);
		struct rc_srtp_key key;
		u8 pkt[128];

		rc_srtp_key_init(&key, &params);
		random_rtp(pkt, 60, SSRC, 5, false);
		EXPECT(rc_srtp_protect(0, &key, pkt, 60, 59 + rc_srtp_overhead(&key), 5) == -ENOSPC);
		EXPECT(rc_srtp_protect(0, &key, pkt, 60, 60 + rc_srtp_overhead(&key), 5) > 60);
		random_rtcp(pkt, 60, SSRC);
		EXPECT(rc_srtcp_protect(0, &key, pkt, 60, 59 + rc_srtcp_overhead(&key), 5) == -ENOSPC);
		EXPECT(rc_srtcp_protect(0, &key, pkt, 60, 60 + rc_srtcp_overhead(&key), 5) > 60);
		rc_srtp_key_wipe(&key);
	}
}

TEST(impossible_parameters_make_no_key)
{
	struct rc_srtp_params params = random_params(RC_SRTP_AES_CM_128_SHA1_80);
	struct rc_srtp_key key;

	params.suite = RC_SRTP_NONE;
	EXPECT(rc_srtp_key_init(&key, &params) == -EINVAL);
	params.suite = RC_SRTP_SUITES;
	EXPECT(rc_srtp_key_init(&key, &params) == -EINVAL);
	params.suite = RC_SRTP_NULL_SHA1_80;
	params.mki_length = RC_SRTP_MKI_MAX + 1;
	EXPECT(rc_srtp_key_init(&key, &params) == -EINVAL);
	params.mki_length = 0;
	params.flags = 0x80;
	EXPECT(rc_srtp_key_init(&key, &params) == -EINVAL);
}

TEST(a_wiped_key_holds_nothing_and_may_be_wiped_again)
{
	static const struct rc_srtp_key nothing;

	for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
		struct rc_srtp_params params = random_params(suite);
		struct rc_srtp_key key;

		rc_srtp_key_init(&key, &params);
		EXPECT(memcmp(&key, &nothing, sizeof(key)) != 0);
		rc_srtp_key_wipe(&key);
		EXPECT(memcmp(&key, &nothing, sizeof(key)) == 0);
		rc_srtp_key_wipe(&key);
	}
}

TEST(handed_over_session_keys_work_like_derived_ones)
{
	for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite++) {
		struct rc_srtp_params params = random_params(suite);
		struct rc_srtp_key derived, given;
		u8 pkt[128];
		int size;

		rc_srtp_key_init(&derived, &params);
		params.rtp = *rc_srtp_key_session(&derived);
		params.rtcp = *rc_srtcp_key_session(&derived);
		params.flags = RC_SRTP_SESSION_KEYS;
		memset(params.master_key, 0, sizeof(params.master_key));
		rc_srtp_key_init(&given, &params);
		random_rtp(pkt, 60, SSRC, 5, false);
		size = rc_srtp_protect(0, &derived, pkt, 60, sizeof(pkt), 5);
		EXPECT(rc_srtp_unprotect(0, &given, pkt, size, 5) == 60);
		rc_srtp_key_wipe(&derived);
		rc_srtp_key_wipe(&given);
	}
}

TEST(where_the_fpu_may_not_be_used_portable_code_works)
{
	rc_crypto_detect(~0U);
	shim_fpu_usable = false;
	EXPECT(rc_crypto_begin() == 0);
	EXPECT(shim_fpu_sections == 0);
	rc_crypto_end(0);
	shim_fpu_usable = true;
	EXPECT(shim_fpu_sections == 0);
}
