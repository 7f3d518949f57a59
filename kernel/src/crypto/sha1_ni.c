// SPDX-License-Identifier: GPL-2.0
/* HMAC-SHA1 with the SHA-NI instructions. The message's end is padded on the stack, the rest is read where it lies. */
#include "bytes.h"
#include "ni.h"
#include "ni_vector.h"

#ifndef __CHECKER__ /* sparse knows no vectors */

/* a, b, c, d from the highest lane down, and e in the highest lane of the second. */
struct state {
	rc_v4 abcd;
	rc_v4 e;
};

#define ROUNDS(e, f) abcd = __builtin_ia32_sha1rnds4(abcd, e, f)

/*
 * Four rounds with message words @m0 while the schedule of the words that follow goes on: @e_in gets what the last four rounds left,
 * @e_out saves this state's part for the next four.
 */
#define QUAD(e_in, e_out, m0, m1, m2, m3, f)                            \
	do {                                                            \
		e_in = __builtin_ia32_sha1nexte(e_in, m0);              \
		e_out = abcd;                                           \
		m1 = __builtin_ia32_sha1msg2(m1, m0);                   \
		ROUNDS(e_in, f);                                        \
		m3 = __builtin_ia32_sha1msg1(m3, m0);                   \
		m2 ^= m0;                                               \
	} while (0)

/* One block of 80 rounds; the words of the message from the highest lane down. */
static __always_inline void block(struct state *state, rc_v4 m0, rc_v4 m1, rc_v4 m2, rc_v4 m3)
{
	rc_v4 abcd = state->abcd;
	rc_v4 e0 = state->e;
	rc_v4 e1;

	e0 = rc_add4(e0, m0);
	e1 = abcd;
	ROUNDS(e0, 0);

	e1 = __builtin_ia32_sha1nexte(e1, m1);
	e0 = abcd;
	ROUNDS(e1, 0);
	m0 = __builtin_ia32_sha1msg1(m0, m1);

	e0 = __builtin_ia32_sha1nexte(e0, m2);
	e1 = abcd;
	ROUNDS(e0, 0);
	m1 = __builtin_ia32_sha1msg1(m1, m2);
	m0 ^= m2;

	QUAD(e1, e0, m3, m0, m1, m2, 0);
	QUAD(e0, e1, m0, m1, m2, m3, 0);
	QUAD(e1, e0, m1, m2, m3, m0, 1);
	QUAD(e0, e1, m2, m3, m0, m1, 1);
	QUAD(e1, e0, m3, m0, m1, m2, 1);
	QUAD(e0, e1, m0, m1, m2, m3, 1);
	QUAD(e1, e0, m1, m2, m3, m0, 1);
	QUAD(e0, e1, m2, m3, m0, m1, 2);
	QUAD(e1, e0, m3, m0, m1, m2, 2);
	QUAD(e0, e1, m0, m1, m2, m3, 2);
	QUAD(e1, e0, m1, m2, m3, m0, 2);
	QUAD(e0, e1, m2, m3, m0, m1, 2);
	QUAD(e1, e0, m3, m0, m1, m2, 3);
	QUAD(e0, e1, m0, m1, m2, m3, 3);

	e1 = __builtin_ia32_sha1nexte(e1, m1);
	e0 = abcd;
	m2 = __builtin_ia32_sha1msg2(m2, m1);
	ROUNDS(e1, 3);
	m3 ^= m1;

	e0 = __builtin_ia32_sha1nexte(e0, m2);
	e1 = abcd;
	m3 = __builtin_ia32_sha1msg2(m3, m2);
	ROUNDS(e0, 3);

	e1 = __builtin_ia32_sha1nexte(e1, m3);
	e0 = abcd;
	ROUNDS(e1, 3);

	state->e = __builtin_ia32_sha1nexte(e0, state->e);
	state->abcd = rc_add4(state->abcd, abcd);
}

static __always_inline rc_v4 words(const u8 *data)
{
	return (rc_v4)rc_reverse(rc_load(data));
}

static void blocks(struct state *state, const u8 *data, unsigned int count)
{
	struct state s = *state;

	for (; count; count--, data += RC_SHA1_BLOCK)
		block(&s, words(data), words(data + 16), words(data + 32), words(data + 48));
	*state = s;
}

static __always_inline struct state load_state(const u32 saved[RC_SHA1_WORDS])
{
	return (struct state){
		.abcd = { (int)saved[3], (int)saved[2], (int)saved[1], (int)saved[0] },
		.e = { 0, 0, 0, (int)saved[4] },
	};
}

void rc_ni_hmac(const struct rc_hmac_key *key, const u8 *data, unsigned int length, bool with_suffix, u32 suffix, u8 *code)
{
	/* 64 bytes that end where the data ends, then suffix and padding of up to two blocks. */
	u8 tail[3 * RC_SHA1_BLOCK] __aligned(16);
	const unsigned int rest = length % RC_SHA1_BLOCK;
	unsigned int end = with_suffix ? 4 : 0;
	const unsigned int count = rest + end + 9 > RC_SHA1_BLOCK ? 2 : 1;
	u8 *first = tail + RC_SHA1_BLOCK - rest;
	u8 *padding = tail + RC_SHA1_BLOCK;
	struct state state = load_state(key->inner);
	unsigned int i;

	/* Prepared before the other blocks are hashed, so that these stores have long arrived when they are read. */
	if (length >= RC_SHA1_BLOCK) {
		for (i = 0; i < RC_SHA1_BLOCK; i += 16)
			rc_store(tail + i, rc_load(data + length - RC_SHA1_BLOCK + i));
	} else {
		memcpy(first, data, rest);
	}
	for (i = 0; i < 2 * RC_SHA1_BLOCK; i += 16)
		rc_store(padding + i, (rc_v2){});
	rc_store_be32(padding, with_suffix ? suffix : 0);
	padding[end] = 0x80;
	rc_store_be32(first + count * RC_SHA1_BLOCK - 4, (RC_SHA1_BLOCK + length + end) * 8);

	blocks(&state, data, length / RC_SHA1_BLOCK);
	blocks(&state, first, count);

	/* The outer message is the inner code and padding: it is in the right lanes already. */
	{
		struct state outer = load_state(key->outer);
		const rc_v4 mark = { 0, 0, (int)0x80000000, 0 };
		const rc_v4 bits = { (RC_SHA1_BLOCK + RC_SHA1_LENGTH) * 8, 0, 0, 0 };

		block(&outer, state.abcd, state.e | mark, (rc_v4){}, bits);
		rc_store(code, rc_reverse((rc_v2)outer.abcd));
		rc_store_be32(code + 16, (u32)outer.e[3]);
	}
}

#endif
