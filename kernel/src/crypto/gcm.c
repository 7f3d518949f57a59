// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/swab.h>
#include "bytes.h"
#include "compare.h"
#include "gcm.h"
#include "ni.h"

/* A polynomial of degree 127 over GF(2) in the form of POLYVAL: the lowest bit is the coefficient of x^0. */
struct field {
	u64 low;
	u64 high;
};

static u64 reverse_bits(u64 v)
{
	v = (v & 0x5555555555555555ULL) << 1 | (v >> 1 & 0x5555555555555555ULL);
	v = (v & 0x3333333333333333ULL) << 2 | (v >> 2 & 0x3333333333333333ULL);
	v = (v & 0x0f0f0f0f0f0f0f0fULL) << 4 | (v >> 4 & 0x0f0f0f0f0f0f0f0fULL);
	return swab64(v);
}

/*
 * The lower half of a carry-less product, in constant time: every fourth bit is multiplied apart, so that the carries of the integer
 * multiplication fall into the holes and are masked away.
 */
static u64 multiply_low(u64 x, u64 y)
{
	const u64 mask = 0x1111111111111111ULL;
	u64 a[4], b[4], sum = 0;
	unsigned int i, j;

	for (i = 0; i < 4; i++) {
		a[i] = x & mask << i;
		b[i] = y & mask << i;
	}
	for (i = 0; i < 4; i++) {
		u64 part = 0;

		for (j = 0; j < 4; j++)
			part ^= a[j] * b[(i - j) & 3];
		sum |= part & mask << i;
	}
	return sum;
}

/* The whole carry-less product of 64 by 64 bits; its upper half is the lower half of the product of the reversed factors. */
static struct field multiply(u64 x, u64 y)
{
	return (struct field){ multiply_low(x, y), reverse_bits(multiply_low(reverse_bits(x), reverse_bits(y))) >> 1 };
}

/* One half of the division by x^128: the lower 64 bits times 0xc2 << 56, added to the swapped halves. */
static struct field fold(struct field v)
{
	return (struct field){
		v.high ^ v.low << 63 ^ v.low << 62 ^ v.low << 57,
		v.low ^ v.low >> 1 ^ v.low >> 2 ^ v.low >> 7,
	};
}

/* a * b / x^128 modulo x^128 + x^127 + x^126 + x^121 + 1. */
static struct field dot(struct field a, struct field b)
{
	struct field low = multiply(a.low, b.low);
	struct field high = multiply(a.high, b.high);
	struct field cross = multiply(a.low, b.high);
	struct field other = multiply(a.high, b.low);

	low.high ^= cross.low ^ other.low;
	high.low ^= cross.high ^ other.high;
	low = fold(fold(low));
	return (struct field){ high.low ^ low.low, high.high ^ low.high };
}

void rc_gcm_expand(struct rc_gcm_key *key, const struct rc_aes_key *aes)
{
	u8 block[RC_AES_BLOCK] = {};
	struct field h, power;
	unsigned int i;
	u64 carry;

	rc_aes_encrypt(0, aes, block, block);
	h.high = rc_load_be64(block);
	h.low = rc_load_be64(block + 8);
	/* Times x: the step from GHASH to POLYVAL. */
	carry = h.high >> 63;
	h.high = h.high << 1 | h.low >> 63;
	h.low = h.low << 1 ^ carry;
	h.high ^= (0 - carry) & 0xc200000000000000ULL;
	for (i = 0, power = h; i < RC_GCM_POWERS; i++, power = dot(power, h)) {
		key->powers[i][0] = power.low;
		key->powers[i][1] = power.high;
	}
	memzero_explicit(block, sizeof(block));
	memzero_explicit(&h, sizeof(h));
	memzero_explicit(&power, sizeof(power));
}

static void ghash_portable(const struct rc_gcm_key *key, u64 state[2], const u8 *data, unsigned int length)
{
	const struct field h = { key->powers[0][0], key->powers[0][1] };
	struct field hash = { state[0], state[1] };

	while (length) {
		unsigned int part = min_t(unsigned int, length, RC_AES_BLOCK);
		u8 block[RC_AES_BLOCK] = {};

		memcpy(block, data, part);
		hash.high ^= rc_load_be64(block);
		hash.low ^= rc_load_be64(block + 8);
		hash = dot(hash, h);
		data += part;
		length -= part;
	}
	state[0] = hash.low;
	state[1] = hash.high;
}

static void ghash(rc_cpu_t cpu, const struct rc_gcm_key *key, u64 state[2], const u8 *data, unsigned int length)
{
	if (RC_HAVE_NI && (cpu & RC_CPU_CLMUL))
		rc_ni_ghash(key, state, data, length);
	else
		ghash_portable(key, state, data, length);
}

/* Both pieces are one string, padded with zeros only behind the second. */
static void ghash_aad(rc_cpu_t cpu, const struct rc_gcm_key *key, u64 state[2], const struct rc_gcm_aad *aad)
{
	unsigned int rest = aad->head_length % RC_AES_BLOCK;
	unsigned int whole = aad->head_length - rest;
	u8 block[2 * RC_AES_BLOCK];

	if (!aad->tail_length) {
		ghash(cpu, key, state, aad->head, aad->head_length);
		return;
	}
	ghash(cpu, key, state, aad->head, whole);
	memcpy(block, aad->head + whole, rest);
	memcpy(block + rest, aad->tail, aad->tail_length);
	ghash(cpu, key, state, block, rest + aad->tail_length);
}

/* The tag of encrypted data. */
static void make_tag(rc_cpu_t cpu, const struct rc_aes_key *aes, const struct rc_gcm_key *key, const u8 counter[RC_AES_BLOCK],
		     const struct rc_gcm_aad *aad, const u8 *data, unsigned int length, u8 tag[RC_GCM_TAG])
{
	u8 block[RC_AES_BLOCK];
	u64 state[2] __aligned(16) = {};
	unsigned int i;

	ghash_aad(cpu, key, state, aad);
	ghash(cpu, key, state, data, length);
	rc_store_be64(block, (aad->head_length + aad->tail_length) * 8ULL);
	rc_store_be64(block + 8, length * 8ULL);
	ghash(cpu, key, state, block, RC_AES_BLOCK);

	rc_aes_encrypt(cpu, aes, tag, counter);
	rc_store_be64(block, state[1]);
	rc_store_be64(block + 8, state[0]);
	for (i = 0; i < RC_GCM_TAG; i++)
		tag[i] ^= block[i];
}

/* The counter block of the tag: IV and 1. The data's begins at 2. */
static void first_counter(u8 counter[RC_AES_BLOCK], const u8 iv[RC_GCM_IV])
{
	memcpy(counter, iv, RC_GCM_IV);
	rc_store_be32(counter + RC_GCM_IV, 1);
}

static int crypt(rc_cpu_t cpu, const struct rc_aes_key *aes, const u8 first[RC_AES_BLOCK], u8 *data, unsigned int length)
{
	u8 counter[RC_AES_BLOCK];

	memcpy(counter, first, RC_GCM_IV);
	rc_store_be32(counter + RC_GCM_IV, 2);
	return rc_aes_ctr(cpu, aes, counter, data, length);
}

int rc_gcm_seal(rc_cpu_t cpu, const struct rc_aes_key *aes, const struct rc_gcm_key *key, const u8 iv[RC_GCM_IV],
		const struct rc_gcm_aad *aad, u8 *data, unsigned int length, u8 tag[RC_GCM_TAG])
{
	u8 counter[RC_AES_BLOCK];
	int err;

	first_counter(counter, iv);
	err = crypt(cpu, aes, counter, data, length);
	if (!err)
		make_tag(cpu, aes, key, counter, aad, data, length, tag);
	return err;
}

int rc_gcm_open(rc_cpu_t cpu, const struct rc_aes_key *aes, const struct rc_gcm_key *key, const u8 iv[RC_GCM_IV],
		const struct rc_gcm_aad *aad, u8 *data, unsigned int length, const u8 tag[RC_GCM_TAG])
{
	u8 counter[RC_AES_BLOCK], expected[RC_GCM_TAG];

	first_counter(counter, iv);
	make_tag(cpu, aes, key, counter, aad, data, length, expected);
	if (rc_differ(expected, tag, RC_GCM_TAG))
		return -EBADMSG;
	return crypt(cpu, aes, counter, data, length);
}
