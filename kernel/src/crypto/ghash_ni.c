// SPDX-License-Identifier: GPL-2.0
/* GHASH with carry-less multiplication, up to eight blocks per reduction. */
#include "ni.h"
#include "ni_vector.h"

#ifndef __CHECKER__ /* sparse knows no vectors */

struct product {
	rc_v2 low;
	rc_v2 middle;
	rc_v2 high;
};

static __always_inline void multiply(struct product *sum, rc_v2 a, rc_v2 b)
{
	sum->low ^= __builtin_ia32_pclmulqdq128(a, b, 0x00);
	sum->middle ^= __builtin_ia32_pclmulqdq128(a, b, 0x01) ^ __builtin_ia32_pclmulqdq128(a, b, 0x10);
	sum->high ^= __builtin_ia32_pclmulqdq128(a, b, 0x11);
}

static __always_inline rc_v2 swap(rc_v2 value)
{
	return (rc_v2)__builtin_ia32_pshufd((rc_v4)value, 0x4e);
}

/* Divides by x^128 modulo the polynomial of POLYVAL, 64 bits at a time. */
static __always_inline rc_v2 reduce(const struct product *sum)
{
	const rc_v2 polynomial = { (long long)0xc200000000000000ULL, 0 };
	rc_v2 low = sum->low ^ (rc_v2){ 0, sum->middle[0] };
	rc_v2 high = sum->high ^ (rc_v2){ sum->middle[1], 0 };

	low = swap(low) ^ __builtin_ia32_pclmulqdq128(low, polynomial, 0x00);
	low = swap(low) ^ __builtin_ia32_pclmulqdq128(low, polynomial, 0x00);
	return high ^ low;
}

void rc_ni_ghash(const struct rc_gcm_key *key, u64 state[2], const u8 *data, unsigned int length)
{
	const rc_v2 *powers = (const rc_v2 *)key->powers;
	rc_v2 hash = rc_load(state);

	while (length) {
		unsigned int count = (length + 15) / 16;
		struct product sum = {};

		if (count > RC_GCM_POWERS)
			count = RC_GCM_POWERS;
		while (count) {
			rc_v2 input;

			if (length >= 16) {
				input = rc_load(data);
				data += 16;
				length -= 16;
			} else {
				input = rc_load_part(data, length);
				length = 0;
			}
			multiply(&sum, rc_reverse(input) ^ hash, powers[--count]);
			hash = (rc_v2){};
		}
		hash = reduce(&sum);
	}
	rc_store(state, hash);
}

#endif
