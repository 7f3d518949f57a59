// SPDX-License-Identifier: GPL-2.0
#include "srtp.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum { RTP_HEADER = 12, RTCP_HEADER = 8, GCM_TAG = 16 };
enum { LABEL_RTP_KEY, LABEL_RTP_AUTH, LABEL_RTP_SALT, LABEL_RTCP_KEY, LABEL_RTCP_AUTH, LABEL_RTCP_SALT };

static const EVP_CIPHER *cipher(unsigned key, char mode)
{
	switch (mode) {
	case 'e': return key == 16 ? EVP_aes_128_ecb() : key == 24 ? EVP_aes_192_ecb() : EVP_aes_256_ecb();
	case 'g': return key == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
	default: return key == 16 ? EVP_aes_128_ctr() : key == 24 ? EVP_aes_192_ctr() : EVP_aes_256_ctr();
	}
}

/* One context for everything: making one costs more than a packet. */
static EVP_CIPHER_CTX *context(void)
{
	static EVP_CIPHER_CTX *made;

	if (!made)
		made = EVP_CIPHER_CTX_new();
	return made;
}

static void counter_mode(const uint8_t *key, unsigned key_length, const uint8_t iv[16], uint8_t *data, size_t length)
{
	int written;

	EVP_EncryptInit_ex(context(), cipher(key_length, 'c'), NULL, key, iv);
	EVP_EncryptUpdate(context(), data, &written, data, length);
}

static void block(const uint8_t *key, unsigned key_length, const uint8_t from[16], uint8_t to[16])
{
	int written;

	EVP_EncryptInit_ex(context(), cipher(key_length, 'e'), NULL, key, NULL);
	EVP_CIPHER_CTX_set_padding(context(), 0);
	EVP_EncryptUpdate(context(), to, &written, from, 16);
}

static void derive(const struct keys *keys, uint8_t label, uint8_t *to, size_t length)
{
	const struct suite_sizes *suite = &suites[keys->suite];
	uint8_t iv[16] = { 0 };

	memcpy(iv, keys->key + suite->key, suite->salt);
	iv[7] ^= label;
	memset(to, 0, length);
	counter_mode(keys->key, suite->key, iv, to, length);
}

void srtp_start(struct srtp *srtp, const struct keys *keys)
{
	memset(srtp, 0, sizeof(*srtp));
	srtp->suite = &suites[keys->suite];
	srtp->flags = keys->flags;
	srtp->mki_length = keys->mki_length;
	memcpy(srtp->mki, keys->mki, keys->mki_length);
	derive(keys, LABEL_RTP_KEY, srtp->rtp.key, srtp->suite->key);
	derive(keys, LABEL_RTP_AUTH, srtp->rtp.auth, sizeof(srtp->rtp.auth));
	derive(keys, LABEL_RTP_SALT, srtp->rtp.salt, srtp->suite->salt);
	derive(keys, LABEL_RTCP_KEY, srtp->rtcp.key, srtp->suite->key);
	derive(keys, LABEL_RTCP_AUTH, srtp->rtcp.auth, sizeof(srtp->rtcp.auth));
	derive(keys, LABEL_RTCP_SALT, srtp->rtcp.salt, srtp->suite->salt);
}

struct keys test_keys(uint64_t id, uint8_t suite)
{
	struct keys keys = { .id = id, .suite = suite };

	for (unsigned i = 0; i < sizeof(keys.key); i++)
		keys.key[i] = i * 7 + id * 13 + suite;
	return keys;
}

/* F8 mode, RFC 3711 4.1.2.1, for a salt of 14 bytes. */
static void f8_mode(const struct srtp_keys *keys, const uint8_t iv[16], uint8_t *data, size_t length)
{
	uint8_t masked[16], start[16], stream[16] = { 0 }, input[16];

	for (int i = 0; i < 16; i++)
		masked[i] = keys->key[i] ^ (i < 14 ? keys->salt[i] : 0x55);
	block(masked, 16, iv, start);
	for (size_t at = 0; at < length; at += 16) {
		uint32_t number = htonl(at / 16);

		for (int i = 0; i < 16; i++)
			input[i] = start[i] ^ stream[i] ^ (i >= 12 ? ((uint8_t *)&number)[i - 12] : 0);
		block(keys->key, 16, input, stream);
		for (size_t i = 0; i < 16 && at + i < length; i++)
			data[at + i] ^= stream[i];
	}
}

/* salt XOR (SSRC * 2^64) XOR (index * 2^16), RFC 3711 4.1.1 */
static void counter_iv(const uint8_t *salt, const uint8_t *ssrc, uint64_t index, uint8_t iv[16])
{
	memset(iv, 0, 16);
	memcpy(iv, salt, 14);
	for (int i = 0; i < 4; i++)
		iv[4 + i] ^= ssrc[i];
	for (int i = 0; i < 6; i++)
		iv[8 + i] ^= index >> (40 - 8 * i);
}

static void gcm_iv(const uint8_t *salt, const uint8_t *ssrc, uint64_t index, uint8_t iv[12])
{
	memcpy(iv, salt, 12);
	for (int i = 0; i < 4; i++)
		iv[2 + i] ^= ssrc[i];
	for (int i = 0; i < 6; i++)
		iv[6 + i] ^= index >> (40 - 8 * i);
}

/* Encrypts data in place and puts the tag behind it; @more goes into the authenticated data after @header. */
static void gcm(const struct srtp *srtp, const struct srtp_keys *keys, const uint8_t iv[12], const uint8_t *header, size_t header_length,
		const uint8_t *more, size_t more_length, uint8_t *data, size_t length, uint8_t *tag)
{
	int written;

	EVP_EncryptInit_ex(context(), cipher(srtp->suite->key, 'g'), NULL, keys->key, iv);
	EVP_EncryptUpdate(context(), NULL, &written, header, header_length);
	if (more_length)
		EVP_EncryptUpdate(context(), NULL, &written, more, more_length);
	if (length)
		EVP_EncryptUpdate(context(), data, &written, data, length);
	EVP_EncryptFinal_ex(context(), data + length, &written);
	EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_GCM_GET_TAG, GCM_TAG, tag);
}

static size_t rtp_header(const uint8_t *packet)
{
	size_t length = RTP_HEADER + 4 * (packet[0] & 15);

	return packet[0] & 0x10 ? length + 4 + 4 * (packet[length + 2] << 8 | packet[length + 3]) : length;
}

static void encrypt_rtp(const struct srtp *srtp, uint8_t *packet, size_t header, size_t length, uint64_t index)
{
	uint32_t roc = htonl(index >> 16);
	uint8_t iv[16] = { 0 };

	if (srtp->suite->null || srtp->flags & RTPC_CF_UNENCRYPTED_SRTP)
		return;
	if (srtp->suite->f8) {
		memcpy(iv + 1, packet + 1, 11);
		memcpy(iv + 12, &roc, 4);
		f8_mode(&srtp->rtp, iv, packet + header, length - header);
		return;
	}
	counter_iv(srtp->rtp.salt, packet + 8, index, iv);
	counter_mode(srtp->rtp.key, srtp->suite->key, iv, packet + header, length - header);
}

static size_t append_mki(const struct srtp *srtp, uint8_t *packet, size_t length)
{
	memcpy(packet + length, srtp->mki, srtp->mki_length);
	return length + srtp->mki_length;
}

static void hmac(const uint8_t *key, const uint8_t *data, size_t length, uint8_t digest[20])
{
	unsigned written = 20;

	HMAC(EVP_sha1(), key, 20, data, length, digest, &written);
}

size_t seal_rtp(const struct srtp *srtp, uint8_t *packet, size_t length, uint32_t roc)
{
	uint64_t index = (uint64_t)roc << 16 | packet[2] << 8 | packet[3];
	uint32_t wire_roc = htonl(roc);
	size_t header = rtp_header(packet), authenticated = length;
	uint8_t digest[20], iv[12];

	if (srtp->suite->aead) {
		gcm_iv(srtp->rtp.salt, packet + 8, index, iv);
		gcm(srtp, &srtp->rtp, iv, packet, header, NULL, 0, packet + header, length - header, packet + length);
		return append_mki(srtp, packet, length + GCM_TAG);
	}
	encrypt_rtp(srtp, packet, header, length, index);
	if (srtp->flags & RTPC_CF_UNAUTHENTICATED_SRTP)
		return append_mki(srtp, packet, length);
	memcpy(packet + length, &wire_roc, 4);
	hmac(srtp->rtp.auth, packet, authenticated + 4, digest);
	length = append_mki(srtp, packet, length);
	memcpy(packet + length, digest, srtp->suite->rtp_tag);
	return length + srtp->suite->rtp_tag;
}

static void encrypt_rtcp(const struct srtp *srtp, uint8_t *packet, size_t length, uint32_t index)
{
	uint32_t word = htonl(index | 1u << 31);
	uint8_t iv[16] = { 0 };

	if (srtp->suite->f8) {
		memcpy(iv + 4, &word, 4);
		memcpy(iv + 8, packet, 8);
		f8_mode(&srtp->rtcp, iv, packet + RTCP_HEADER, length - RTCP_HEADER);
		return;
	}
	counter_iv(srtp->rtcp.salt, packet + 4, index, iv);
	counter_mode(srtp->rtcp.key, srtp->suite->key, iv, packet + RTCP_HEADER, length - RTCP_HEADER);
}

static size_t seal_rtcp_gcm(const struct srtp *srtp, uint8_t *packet, size_t length, uint32_t index, bool encrypted)
{
	uint32_t word = htonl(index | (encrypted ? 1u << 31 : 0));
	size_t open = encrypted ? RTCP_HEADER : length;
	uint8_t iv[12];

	gcm_iv(srtp->rtcp.salt, packet + 4, index, iv);
	gcm(srtp, &srtp->rtcp, iv, packet, open, (uint8_t *)&word, 4, packet + open, length - open, packet + length);
	memcpy(packet + length + GCM_TAG, &word, 4);
	return append_mki(srtp, packet, length + GCM_TAG + 4);
}

size_t seal_rtcp(const struct srtp *srtp, uint8_t *packet, size_t length, uint32_t index)
{
	bool encrypted = !(srtp->flags & RTPC_CF_UNENCRYPTED_SRTCP);
	uint32_t word;
	uint8_t digest[20];

	if (srtp->suite->aead)
		return seal_rtcp_gcm(srtp, packet, length, index, encrypted);
	encrypted = encrypted && !srtp->suite->null;
	if (encrypted)
		encrypt_rtcp(srtp, packet, length, index);
	word = htonl(index | (encrypted ? 1u << 31 : 0));
	memcpy(packet + length, &word, 4);
	length += 4;
	hmac(srtp->rtcp.auth, packet, length, digest);
	length = append_mki(srtp, packet, length);
	memcpy(packet + length, digest, srtp->suite->rtcp_tag);
	return length + srtp->suite->rtcp_tag;
}
