// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/minmax.h>
#include "aes.h"
#include "bytes.h"
#include "kapi.h"
#include "ni.h"

static const u8 sbox[256] __aligned(64) = {
	0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7, 0xab, 0x76, 0xca, 0x82, 0xc9, 0x7d, 0xfa, 0x59,
	0x47, 0xf0, 0xad, 0xd4, 0xa2, 0xaf, 0x9c, 0xa4, 0x72, 0xc0, 0xb7, 0xfd, 0x93, 0x26, 0x36, 0x3f, 0xf7, 0xcc, 0x34, 0xa5, 0xe5, 0xf1,
	0x71, 0xd8, 0x31, 0x15, 0x04, 0xc7, 0x23, 0xc3, 0x18, 0x96, 0x05, 0x9a, 0x07, 0x12, 0x80, 0xe2, 0xeb, 0x27, 0xb2, 0x75, 0x09, 0x83,
	0x2c, 0x1a, 0x1b, 0x6e, 0x5a, 0xa0, 0x52, 0x3b, 0xd6, 0xb3, 0x29, 0xe3, 0x2f, 0x84, 0x53, 0xd1, 0x00, 0xed, 0x20, 0xfc, 0xb1, 0x5b,
	0x6a, 0xcb, 0xbe, 0x39, 0x4a, 0x4c, 0x58, 0xcf, 0xd0, 0xef, 0xaa, 0xfb, 0x43, 0x4d, 0x33, 0x85, 0x45, 0xf9, 0x02, 0x7f, 0x50, 0x3c,
	0x9f, 0xa8, 0x51, 0xa3, 0x40, 0x8f, 0x92, 0x9d, 0x38, 0xf5, 0xbc, 0xb6, 0xda, 0x21, 0x10, 0xff, 0xf3, 0xd2, 0xcd, 0x0c, 0x13, 0xec,
	0x5f, 0x97, 0x44, 0x17, 0xc4, 0xa7, 0x7e, 0x3d, 0x64, 0x5d, 0x19, 0x73, 0x60, 0x81, 0x4f, 0xdc, 0x22, 0x2a, 0x90, 0x88, 0x46, 0xee,
	0xb8, 0x14, 0xde, 0x5e, 0x0b, 0xdb, 0xe0, 0x32, 0x3a, 0x0a, 0x49, 0x06, 0x24, 0x5c, 0xc2, 0xd3, 0xac, 0x62, 0x91, 0x95, 0xe4, 0x79,
	0xe7, 0xc8, 0x37, 0x6d, 0x8d, 0xd5, 0x4e, 0xa9, 0x6c, 0x56, 0xf4, 0xea, 0x65, 0x7a, 0xae, 0x08, 0xba, 0x78, 0x25, 0x2e, 0x1c, 0xa6,
	0xb4, 0xc6, 0xe8, 0xdd, 0x74, 0x1f, 0x4b, 0xbd, 0x8b, 0x8a, 0x70, 0x3e, 0xb5, 0x66, 0x48, 0x03, 0xf6, 0x0e, 0x61, 0x35, 0x57, 0xb9,
	0x86, 0xc1, 0x1d, 0x9e, 0xe1, 0xf8, 0x98, 0x11, 0x69, 0xd9, 0x8e, 0x94, 0x9b, 0x1e, 0x87, 0xe9, 0xce, 0x55, 0x28, 0xdf, 0x8c, 0xa1,
	0x89, 0x0d, 0xbf, 0xe6, 0x42, 0x68, 0x41, 0x99, 0x2d, 0x0f, 0xb0, 0x54, 0xbb, 0x16,
};

/* Multiplies each byte by x in the field of AES. */
static u32 double4(u32 v)
{
	return (v & 0x7f7f7f7f) << 1 ^ ((v & 0x80808080) >> 7) * 0x1b;
}

static u32 ror(u32 v, unsigned int bits)
{
	return v >> bits | v << (32 - bits);
}

static u32 substitute(u32 v)
{
	return (u32)sbox[v >> 24] << 24 | (u32)sbox[v >> 16 & 255] << 16 | (u32)sbox[v >> 8 & 255] << 8 | sbox[v & 255];
}

int rc_aes_expand(struct rc_aes_key *key, const u8 *bytes, unsigned int length)
{
	const unsigned int words = length / 4;
	u32 round_constant = 0x01000000;
	unsigned int i;

	if (length != 16 && length != 24 && length != 32)
		return -EINVAL;
	key->kernel = NULL;
	key->rounds = words + 6;
	memcpy(key->schedule, bytes, length);
	for (i = words; i < 4 * (key->rounds + 1); i++) {
		u32 word = rc_load_be32(key->schedule + 4 * (i - 1));

		if (i % words == 0) {
			word = substitute(ror(word, 24)) ^ round_constant;
			round_constant = double4(round_constant);
		} else if (words == 8 && i % 8 == 4) {
			word = substitute(word);
		}
		rc_store_be32(key->schedule + 4 * i, word ^ rc_load_be32(key->schedule + 4 * (i - words)));
	}
	return 0;
}

/* SubBytes and ShiftRows of one column, taken from the diagonal of four. */
static u32 diagonal(u32 a, u32 b, u32 c, u32 d)
{
	return (u32)sbox[a >> 24] << 24 | (u32)sbox[b >> 16 & 255] << 16 | (u32)sbox[c >> 8 & 255] << 8 | sbox[d & 255];
}

static u32 mix_column(u32 v)
{
	u32 twice = double4(v);

	return twice ^ ror(v ^ twice, 24) ^ ror(v, 16) ^ ror(v, 8);
}

/* Reads every cache line of the table, so that the time of what follows depends less on the key. */
static u32 touch_sbox(void)
{
	volatile const u8 *table = sbox;
	u32 sum = 0;
	unsigned int i;

	for (i = 0; i < sizeof(sbox); i += 64)
		sum += table[i];
	return sum;
}

static void encrypt_portable(const struct rc_aes_key *key, u8 *out, const u8 *in)
{
	const u8 *round = key->schedule;
	u32 s[4], t[4];
	unsigned int n, i;

	touch_sbox();
	for (i = 0; i < 4; i++)
		s[i] = rc_load_be32(in + 4 * i) ^ rc_load_be32(round + 4 * i);
	for (n = 1; n <= key->rounds; n++) {
		round += RC_AES_BLOCK;
		for (i = 0; i < 4; i++)
			t[i] = diagonal(s[i], s[(i + 1) % 4], s[(i + 2) % 4], s[(i + 3) % 4]);
		for (i = 0; i < 4; i++)
			s[i] = (n < key->rounds ? mix_column(t[i]) : t[i]) ^ rc_load_be32(round + 4 * i);
	}
	for (i = 0; i < 4; i++)
		rc_store_be32(out + 4 * i, s[i]);
}

void rc_aes_encrypt(rc_cpu_t cpu, const struct rc_aes_key *key, u8 out[RC_AES_BLOCK], const u8 in[RC_AES_BLOCK])
{
	if (RC_HAVE_NI && (cpu & RC_CPU_AES))
		rc_ni_aes_encrypt(key, out, in);
	else
		encrypt_portable(key, out, in);
}

static void xor_bytes(u8 *data, const u8 *stream, unsigned int length)
{
	unsigned int i;

	for (i = 0; i < length; i++)
		data[i] ^= stream[i];
}

static void ctr_portable(const struct rc_aes_key *key, const u8 *iv, u8 *data, unsigned int length)
{
	u64 high = rc_load_be64(iv);
	u64 low = rc_load_be64(iv + 8);
	u8 counter[RC_AES_BLOCK], stream[RC_AES_BLOCK];

	while (length) {
		unsigned int part = min_t(unsigned int, length, RC_AES_BLOCK);

		rc_store_be64(counter, high);
		rc_store_be64(counter + 8, low);
		encrypt_portable(key, stream, counter);
		xor_bytes(data, stream, part);
		high += ++low == 0;
		data += part;
		length -= part;
	}
	memzero_explicit(stream, sizeof(stream));
}

int rc_aes_ctr(rc_cpu_t cpu, const struct rc_aes_key *key, const u8 iv[RC_AES_BLOCK], u8 *data, unsigned int length)
{
	/* The instruction path counts in 64 bits; no IV of SRTP comes near their end. */
	if (RC_HAVE_NI && (cpu & RC_CPU_AES) && rc_load_be64(iv + 8) < ~(u64)length)
		rc_ni_aes_ctr(key, iv, data, length);
	else if ((cpu & RC_CPU_KERNEL) && key->kernel)
		return rc_kapi_ctr(key, iv, data, length);
	else
		ctr_portable(key, iv, data, length);
	return 0;
}

static void f8_portable(const struct rc_aes_key *key, const struct rc_aes_key *mask, const u8 *iv, u8 *data, unsigned int length)
{
	u8 start[RC_AES_BLOCK], stream[RC_AES_BLOCK] = {};
	u32 block;

	encrypt_portable(mask, start, iv);
	for (block = 0; length; block++) {
		unsigned int part = min_t(unsigned int, length, RC_AES_BLOCK);
		u8 number[4];

		rc_store_be32(number, block);
		xor_bytes(stream, start, RC_AES_BLOCK);
		xor_bytes(stream + 12, number, 4);
		encrypt_portable(key, stream, stream);
		xor_bytes(data, stream, part);
		data += part;
		length -= part;
	}
	memzero_explicit(start, sizeof(start));
	memzero_explicit(stream, sizeof(stream));
}

void rc_aes_f8(rc_cpu_t cpu, const struct rc_aes_key *key, const struct rc_aes_key *mask, const u8 iv[RC_AES_BLOCK], u8 *data,
	       unsigned int length)
{
	if (RC_HAVE_NI && (cpu & RC_CPU_AES))
		rc_ni_aes_f8(key, mask, iv, data, length);
	else
		f8_portable(key, mask, iv, data, length);
}
