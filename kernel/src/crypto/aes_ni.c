// SPDX-License-Identifier: GPL-2.0
/* AES with the AES-NI instructions, eight blocks interleaved in counter mode: one round's latency is spent on eight blocks. */
#include "bytes.h"
#include "ni.h"
#include "ni_vector.h"

#ifndef __CHECKER__ /* sparse knows no vectors */

static __always_inline rc_v2 encrypt(const struct rc_aes_key *key, rc_v2 block)
{
	const rc_v2 *round = (const rc_v2 *)key->schedule;
	const rc_v2 *last = round + key->rounds;

	block ^= *round;
	while (++round < last)
		block = __builtin_ia32_aesenc128(block, *round);
	return __builtin_ia32_aesenclast128(block, *last);
}

void rc_ni_aes_encrypt(const struct rc_aes_key *key, u8 *out, const u8 *in)
{
	rc_store(out, encrypt(key, rc_load(in)));
}

/* Slides the first @length (1 to 15) bytes to the end and fills up with zeros in front: XORed over 16 bytes, it changes the last ones. */
static __always_inline rc_v2 slide_to_end(rc_v2 stream, unsigned int length)
{
	static const u8 mask[32] = {
		0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
		0,    1,    2,	  3,	4,    5,    6,	  7,	8,    9,    10,	  11,	12,   13,   14,	  15,
	};

	return rc_shuffle(stream, rc_load(mask + length));
}

/* XORs the end of the data with a part of a block. @total: bytes that may be touched, ending where the data ends. */
static __always_inline void xor_part(u8 *data, unsigned int length, rc_v2 stream, unsigned int total)
{
	if (total >= 16) {
		u8 *last = data + length - 16;

		rc_store(last, rc_load(last) ^ slide_to_end(stream, length));
	} else {
		rc_store_part(data, rc_load_part(data, length) ^ stream, length);
	}
}

/* XORs the next block of the data, or what is left of it. False: that was the end. */
static __always_inline bool xor_next(u8 **data, unsigned int *length, rc_v2 stream, unsigned int total)
{
	if (*length < 16) {
		if (*length)
			xor_part(*data, *length, stream, total);
		return false;
	}
	rc_store(*data, rc_load(*data) ^ stream);
	*data += 16;
	*length -= 16;
	return true;
}

#define EACH4(op) op(0) op(1) op(2) op(3)
#define EACH8(op) EACH4(op) op(4) op(5) op(6) op(7)
#define COUNT(n) rc_v2 block##n = rc_reverse(rc_add2(counter, n)) ^ round[0];
#define ROUND(n) block##n = __builtin_ia32_aesenc128(block##n, round_key);
#define LAST(n) block##n = __builtin_ia32_aesenclast128(block##n, round[rounds]);
#define XOR(n) rc_store(data + 16 * n, rc_load(data + 16 * n) ^ block##n);

/* Eight whole blocks. */
static __always_inline void ctr8(const rc_v2 *round, unsigned int rounds, rc_v2 counter, u8 *data)
{
	unsigned int i;

	EACH8(COUNT)
	for (i = 1; i < rounds; i++) {
		const rc_v2 round_key = round[i];

		EACH8(ROUND)
	}
	EACH8(LAST)
	EACH8(XOR)
}

/* One to 64 bytes at the end of @total. */
static __always_inline void ctr4(const rc_v2 *round, unsigned int rounds, rc_v2 counter, u8 *data, unsigned int length, unsigned int total)
{
	unsigned int i;

	EACH4(COUNT)
	for (i = 1; i < rounds; i++) {
		const rc_v2 round_key = round[i];

		EACH4(ROUND)
	}
	EACH4(LAST)
#define STEP(n)                                                         \
	if (!xor_next(&data, &length, block##n, total))                 \
		return;
	EACH4(STEP)
}

void rc_ni_aes_ctr(const struct rc_aes_key *key, const u8 *iv, u8 *data, unsigned int length)
{
	const rc_v2 *round = (const rc_v2 *)key->schedule;
	rc_v2 counter = rc_reverse(rc_load(iv));
	unsigned int total = length;

	/* The lower 64 bits never wrap: rc_aes_ctr() saw to that. */
	while (length >= 128) {
		ctr8(round, key->rounds, counter, data);
		counter = rc_add2(counter, 8);
		data += 128;
		length -= 128;
	}
	while (length) {
		unsigned int part = length < 64 ? length : 64;

		ctr4(round, key->rounds, counter, data, part, total);
		counter = rc_add2(counter, 4);
		data += part;
		length -= part;
	}
}

void rc_ni_aes_f8(const struct rc_aes_key *key, const struct rc_aes_key *mask, const u8 *iv, u8 *data, unsigned int length)
{
	const rc_v2 start = encrypt(mask, rc_load(iv));
	const unsigned int total = length;
	rc_v2 stream = {};
	u32 block;

	for (block = 0; length; block++) {
		/* The block number is the last four bytes in network order. */
		stream = encrypt(key, start ^ stream ^ (rc_v2)(rc_v4){ 0, 0, 0, (int)__builtin_bswap32(block) });
		if (!xor_next(&data, &length, stream, total))
			return;
	}
}

#endif
