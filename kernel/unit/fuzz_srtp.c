// SPDX-License-Identifier: GPL-2.0
/*
 * Arbitrary bytes into unprotecting, and what protecting makes of them. The first bytes choose suite, path, parameters and state; the
 * rest is the packet, in a buffer of exactly its size.
 */
#include <linux/string.h>
#include <stdlib.h>
#include "../src/srtp.h"

#define CHOICE 8

static void require(bool condition)
{
	if (!condition)
		abort();
}

/* What was sealed must open again; what cannot be opened must not change. */
static void there_and_back(rc_cpu_t cpu, const struct rc_srtp_key *key, const u8 *data, unsigned int length, u64 index)
{
	unsigned int room = length + rc_srtp_overhead(key);
	u8 *pkt = malloc(room + 1);
	int sealed;

	memcpy(pkt, data, length);
	sealed = rc_srtp_protect(cpu, key, pkt, length, room, index);
	if (sealed > 0) {
		require(sealed == (int)room);
		require(rc_srtp_unprotect(cpu, key, pkt, sealed, index) == (int)length);
	}
	require(memcmp(pkt, data, length) == 0);
	free(pkt);
}

static void there_and_back_rtcp(rc_cpu_t cpu, const struct rc_srtp_key *key, const u8 *data, unsigned int length, u32 index)
{
	unsigned int room = length + rc_srtcp_overhead(key);
	u8 *pkt = malloc(room + 1);
	int sealed;
	u32 seen;

	memcpy(pkt, data, length);
	sealed = rc_srtcp_protect(cpu, key, pkt, length, room, index);
	if (sealed > 0) {
		require(sealed == (int)room);
		require(rc_srtcp_unprotect(cpu, key, pkt, sealed, &seen) == (int)length && seen == index);
	}
	require(memcmp(pkt, data, length) == 0);
	free(pkt);
}

static void open_only(rc_cpu_t cpu, const struct rc_srtp_key *key, const u8 *data, unsigned int length, u64 index)
{
	struct rc_replay window = {};
	u8 *pkt = malloc(length + 1);

	memcpy(pkt, data, length);
	if (index & 1)
		rc_replay_seed(&window, index);
	if (rc_srtp_receive(cpu, key, &window, pkt, length) < 0)
		require(memcmp(pkt, data, length) == 0);
	memcpy(pkt, data, length);
	if (rc_srtcp_receive(cpu, key, &window, pkt, length) < 0)
		require(memcmp(pkt, data, length) == 0);
	free(pkt);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const unsigned int masks[] = { ~0U & ~RC_CPU_KERNEL, 0, RC_CPU_KERNEL };
	struct rc_srtp_params params = {};
	static struct rc_srtp_key key;
	rc_cpu_t cpu;
	u64 index;

	if (size < CHOICE || size > 2000)
		return 0;
	params.suite = 1 + data[0] % (RC_SRTP_SUITES - 1);
	params.flags = data[1] & RC_SRTP_FLAGS_ALL;
	params.mki_length = data[2] % (RC_SRTP_MKI_MAX + 1);
	rc_crypto_detect(masks[data[3] % 3]);
	memcpy(&index, data, sizeof(index));
	index >>= 16;
	data += CHOICE;
	size -= CHOICE;

	if (rc_srtp_key_init(&key, &params))
		abort();
	cpu = rc_crypto_begin();
	open_only(cpu, &key, data, size, index);
	there_and_back(cpu, &key, data, size, index);
	there_and_back_rtcp(cpu, &key, data, size, index & RC_RTCP_INDEX_MAX);
	rc_crypto_end(cpu);
	rc_srtp_key_wipe(&key);
	return 0;
}
