// SPDX-License-Identifier: GPL-2.0
#include "bytes.h"
#include "hmac.h"
#include "kapi.h"
#include "ni.h"

static u32 rol(u32 v, unsigned int bits)
{
	return v << bits | v >> (32 - bits);
}

#define CHOOSE(b, c, d) ((d) ^ ((b) & ((c) ^ (d))))
#define PARITY(b, c, d) ((b) ^ (c) ^ (d))
#define MAJORITY(b, c, d) (((b) & (c)) + ((d) & ((b) ^ (c))))

/* Words 0 to 15 are the message, the later ones replace them in a ring. */
#define WORD(i) \
	((i) < 16 ? w[i] : (w[(i) & 15] = rol(w[((i) + 13) & 15] ^ w[((i) + 8) & 15] ^ w[((i) + 2) & 15] ^ w[(i) & 15], 1)))
#define ROUND(a, b, c, d, e, i, f, constant)                            \
	do {                                                            \
		e += rol(a, 5) + f(b, c, d) + (constant) + WORD(i);     \
		b = rol(b, 30);                                         \
	} while (0)
#define ROUNDS5(i, f, constant)                                         \
	do {                                                            \
		ROUND(a, b, c, d, e, (i), f, constant);                 \
		ROUND(e, a, b, c, d, (i) + 1, f, constant);             \
		ROUND(d, e, a, b, c, (i) + 2, f, constant);             \
		ROUND(c, d, e, a, b, (i) + 3, f, constant);             \
		ROUND(b, c, d, e, a, (i) + 4, f, constant);             \
	} while (0)
#define ROUNDS20(i, f, constant)                                        \
	do {                                                            \
		ROUNDS5(i, f, constant);                                \
		ROUNDS5((i) + 5, f, constant);                          \
		ROUNDS5((i) + 10, f, constant);                         \
		ROUNDS5((i) + 15, f, constant);                         \
	} while (0)

static void sha1_block(u32 state[RC_SHA1_WORDS], const u8 *data)
{
	u32 a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
	u32 w[16];
	unsigned int i;

	for (i = 0; i < 16; i++)
		w[i] = rc_load_be32(data + 4 * i);
	ROUNDS20(0, CHOOSE, 0x5a827999);
	ROUNDS20(20, PARITY, 0x6ed9eba1);
	ROUNDS20(40, MAJORITY, 0x8f1bbcdc);
	ROUNDS20(60, PARITY, 0xca62c1d6);
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

/* The state behind one block of the key XOR @pad. */
static void expand_pad(u32 state[RC_SHA1_WORDS], const u8 *bytes, unsigned int length, u8 pad)
{
	static const u32 initial[RC_SHA1_WORDS] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	u8 block[RC_SHA1_BLOCK];
	unsigned int i;

	for (i = 0; i < RC_SHA1_BLOCK; i++)
		block[i] = pad ^ (i < length ? bytes[i] : 0);
	memcpy(state, initial, sizeof(initial));
	sha1_block(state, block);
	memzero_explicit(block, sizeof(block));
}

void rc_hmac_expand(struct rc_hmac_key *key, const u8 *bytes, unsigned int length)
{
	key->kernel = NULL;
	expand_pad(key->inner, bytes, length, 0x36);
	expand_pad(key->outer, bytes, length, 0x5c);
}

/* Pads the last @length (less than 64) bytes of a message of @total bytes in a buffer of two blocks, and hashes them. */
static void sha1_finish(u32 state[RC_SHA1_WORDS], u8 buffer[2 * RC_SHA1_BLOCK], unsigned int length, unsigned int total)
{
	unsigned int size = length + 9 > RC_SHA1_BLOCK ? 2 * RC_SHA1_BLOCK : RC_SHA1_BLOCK;

	buffer[length] = 0x80;
	memset(buffer + length + 1, 0, size - length - 1);
	rc_store_be32(buffer + size - 4, total * 8);
	sha1_block(state, buffer);
	if (size > RC_SHA1_BLOCK)
		sha1_block(state, buffer + RC_SHA1_BLOCK);
}

static void hmac_portable(const struct rc_hmac_key *key, const u8 *data, unsigned int length, bool with_suffix, u32 suffix, u8 *code)
{
	const unsigned int rest = length % RC_SHA1_BLOCK;
	const unsigned int extra = with_suffix ? 4 : 0;
	u8 buffer[2 * RC_SHA1_BLOCK];
	u32 state[RC_SHA1_WORDS];
	unsigned int i;

	memcpy(state, key->inner, sizeof(state));
	for (i = 0; i + RC_SHA1_BLOCK <= length; i += RC_SHA1_BLOCK)
		sha1_block(state, data + i);
	memcpy(buffer, data + i, rest);
	rc_store_be32(buffer + rest, suffix);
	if (rest + extra >= RC_SHA1_BLOCK) {
		/* The suffix crosses the block's end. */
		sha1_block(state, buffer);
		memmove(buffer, buffer + RC_SHA1_BLOCK, RC_SHA1_BLOCK);
		sha1_finish(state, buffer, rest + extra - RC_SHA1_BLOCK, RC_SHA1_BLOCK + length + extra);
	} else {
		sha1_finish(state, buffer, rest + extra, RC_SHA1_BLOCK + length + extra);
	}

	for (i = 0; i < RC_SHA1_WORDS; i++)
		rc_store_be32(buffer + 4 * i, state[i]);
	memcpy(state, key->outer, sizeof(state));
	sha1_finish(state, buffer, RC_SHA1_LENGTH, RC_SHA1_BLOCK + RC_SHA1_LENGTH);
	for (i = 0; i < RC_SHA1_WORDS; i++)
		rc_store_be32(code + 4 * i, state[i]);
}

void rc_hmac(rc_cpu_t cpu, const struct rc_hmac_key *key, const u8 *data, unsigned int length, bool with_suffix, u32 suffix,
	     u8 code[RC_SHA1_LENGTH])
{
	if (RC_HAVE_NI && (cpu & RC_CPU_SHA))
		rc_ni_hmac(key, data, length, with_suffix, suffix, code);
	else if (!(cpu & RC_CPU_KERNEL) || !key->kernel || rc_kapi_hmac(key, data, length, with_suffix, suffix, code))
		hmac_portable(key, data, length, with_suffix, suffix, code);
}
