// SPDX-License-Identifier: GPL-2.0
/* The test vectors of RFC 3711 appendix B, RFC 6188 section 7 and RFC 7714 sections 16 and 17, on every path. */
#include <linux/string.h>
#include <stdlib.h>
#include "packets.h"
#include "paths.h"
#include "test.h"

struct keystream {
	const char *key;
	const char *blocks; /* 0, 1, 2, 0xfeff, 0xff00, 0xff01 */
};

static const struct keystream keystreams[] = {
	{ "2b7e151628aed2a6abf7158809cf4f3c",
	  "e03ead0935c95e80e166b16dd92b4eb4 d23513162b02d0f72a43a2fe4a5f97ab 41e95b3bb0a2e8dd477901e4fca894c0"
	  "ec8cdf7398607cb0f2d21675ea9ea1e4 362b7c3c6773516318a077d7fc5073ae 6a2cc3787889374fbeb4c81b17ba6c44" },
	{ "eab234764e517b2d3d160d587d8c86219740f65f99b6bcf7",
	  "35096cba4610028dc1b57503804ce37c 5de986291dcce161d5165ec4568f5c9a 474a40c77894bc17180202272a4c264d"
	  "d108d1a31a00bad6367ec23eb044b415 c8f57129fdeb970b59f917b257662d4c a5dab625811034e8cebdfeb6dc158dd3" },
	{ "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98",
	  "92bdd28a93c3f52511c677d08b5515a4 9da71b2378a854f67050756ded165bac 63c4868b7096d88421b563b8c94c9a31"
	  "cea518c90fd91ced9cbb18c078a54711 3dbc4814f4da5f00a08772b63c6a046d 6eb246913062a16891433e97dd01a57f" },
};

TEST(counter_mode_keystream_is_that_of_the_rfc)
{
	static const unsigned int numbers[] = { 0, 1, 2, 0xfeff, 0xff00, 0xff01 };
	static u8 stream[0xff02 * 16];

	FOR_EACH_PATH(cpu) {
		for (unsigned int i = 0; i < ARRAY_SIZE(keystreams); i++) {
			u8 key[32], iv[16], expected[96];
			struct rc_aes_key aes;

			test_hex(iv, "f0f1f2f3f4f5f6f7f8f9fafbfcfd0000");
			test_hex(expected, keystreams[i].blocks);
			rc_aes_expand(&aes, key, test_hex(key, keystreams[i].key));
			memset(stream, 0, sizeof(stream));
			rc_aes_ctr(cpu, &aes, iv, stream, sizeof(stream));
			for (unsigned int n = 0; n < ARRAY_SIZE(numbers); n++)
				EXPECT(memcmp(stream + 16 * numbers[n], expected + 16 * n, 16) == 0);
		}
	}
}

TEST(f8_keystream_is_that_of_the_rfc)
{
	static const char text[] = "pseudorandomness is the next best thing";

	FOR_EACH_PATH(cpu) {
		u8 key[16], masked[16], iv[16], expected[64], data[sizeof(text)];
		struct rc_aes_key aes, mask;

		test_hex(key, "234829008467be186c3de14aae72d62c");
		test_hex(masked, "32f2870d");
		memset(masked + 4, 0x55, 12);
		for (unsigned int i = 0; i < 16; i++)
			masked[i] ^= key[i];
		test_hex(iv, "006e5cba50681de55c621599d462564a");
		rc_aes_expand(&aes, key, 16);
		rc_aes_expand(&mask, masked, 16);
		memcpy(data, text, sizeof(text));
		rc_aes_f8(cpu, &aes, &mask, iv, data, sizeof(text) - 1);
		test_hex(expected, "019ce7a26e7854014a6366aa95d4eefd1ad4172a14f9faf455b7f1d4b62bd08f562c0eef7c4802");
		EXPECT(memcmp(data, expected, sizeof(text) - 1) == 0);
	}
}

static void check_session(unsigned int suite, const char *master, const char *salt, const char *key, const char *session_salt, const char *auth)
{
	struct rc_srtp_params params = { .suite = suite };
	struct rc_srtp_key made;
	u8 expected[32];

	test_hex(params.master_key, master);
	test_hex(params.master_salt, salt);
	EXPECT(rc_srtp_key_init(&made, &params) == 0);
	EXPECT(memcmp(rc_srtp_key_session(&made)->key, expected, test_hex(expected, key)) == 0);
	EXPECT(memcmp(rc_srtp_key_session(&made)->salt, expected, test_hex(expected, session_salt)) == 0);
	EXPECT(memcmp(rc_srtp_key_session(&made)->auth, expected, test_hex(expected, auth)) == 0);
	rc_srtp_key_wipe(&made);
}

TEST(session_keys_are_those_of_the_rfc)
{
	check_session(RC_SRTP_AES_CM_128_SHA1_80, "e1f97a0d3e018be0d64fa32c06de4139", "0ec675ad498afeebb6960b3aabe6",
		      "c61e7a93744f39ee10734afe3ff7a087", "30cbbc08863d8c85d49db34a9ae1", "cebe321f6ff7716b6fd4ab49af256a156d38baa4");
	check_session(RC_SRTP_AES_192_CM_SHA1_80, "73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1", "c8522f3acd4ce86d5add78edbb11",
		      "31874736a8f1143870c26e4857d8a5b2c4a354407faadabb", "2372b82d639b6d8503a47adc0a6c",
		      "355b10973cd95b9eacf4061c7e1a7151e7cfbfcb");
	check_session(RC_SRTP_AES_256_CM_SHA1_80, "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6",
		      "3b04803de51ee7c96423ab5b78d2", "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4",
		      "fa31791685ca444a9e07c6c64e93", "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05");
}

static struct rc_srtp_params gcm_params(unsigned int suite, unsigned int flags)
{
	struct rc_srtp_params params = { .suite = suite, .flags = RC_SRTP_SESSION_KEYS | flags };

	for (u8 i = 0; i < 32; i++)
		params.rtp.key[i] = i;
	memcpy(params.rtp.salt, "Quid pro quo", 12);
	params.rtcp = params.rtp;
	return params;
}

static void check_gcm_rtp(unsigned int suite, const char *sealed)
{
	struct rc_srtp_params params = gcm_params(suite, 0);
	u8 pkt[128], plain[128], expected[128];
	struct rc_srtp_key key;
	int length;

	length = test_hex(plain, "8040f17b8041f8d35501a0b2");
	memcpy(plain + length, "Gallia est omnis divisa in partes tres", 38);
	length += 38;
	FOR_EACH_PATH(cpu) {
		rc_srtp_key_init(&key, &params);
		memcpy(pkt, plain, length);
		EXPECT(rc_srtp_protect(cpu, &key, pkt, length, sizeof(pkt), 0xf17b) == length + 16);
		EXPECT(memcmp(pkt, plain, 12) == 0);
		EXPECT(memcmp(pkt + 12, expected, test_hex(expected, sealed)) == 0);
		EXPECT(rc_srtp_unprotect(cpu, &key, pkt, length + 16, 0xf17b) == length);
		EXPECT(memcmp(pkt, plain, length) == 0);
		rc_srtp_key_wipe(&key);
	}
}

TEST(gcm_srtp_packets_are_those_of_the_rfc)
{
	check_gcm_rtp(RC_SRTP_AEAD_AES_128_GCM,
		      "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
	check_gcm_rtp(RC_SRTP_AEAD_AES_256_GCM,
		      "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13");
}

#define BODY "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"

static void check_gcm_rtcp(unsigned int suite, unsigned int flags, const char *sealed)
{
	struct rc_srtp_params params = gcm_params(suite, flags);
	u8 pkt[128], plain[128], expected[128];
	struct rc_srtp_key key;
	u32 index = 0;
	int length;

	length = test_hex(plain, "81c8000d4d617273" BODY);
	FOR_EACH_PATH(cpu) {
		rc_srtp_key_init(&key, &params);
		memcpy(pkt, plain, length);
		EXPECT(rc_srtcp_protect(cpu, &key, pkt, length, sizeof(pkt), 0x5d4) == length + 20);
		EXPECT(memcmp(pkt + 8, expected, test_hex(expected, sealed)) == 0);
		EXPECT(rc_srtcp_unprotect(cpu, &key, pkt, length + 20, &index) == length);
		EXPECT(index == 0x5d4);
		EXPECT(memcmp(pkt, plain, length) == 0);
		rc_srtp_key_wipe(&key);
	}
}

TEST(gcm_srtcp_packets_are_those_of_the_rfc)
{
	check_gcm_rtcp(RC_SRTP_AEAD_AES_128_GCM, 0,
		       "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
		       "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4");
	check_gcm_rtcp(RC_SRTP_AEAD_AES_256_GCM, 0,
		       "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be"
		       "8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4");
	check_gcm_rtcp(RC_SRTP_AEAD_AES_128_GCM, RC_SRTP_UNENCRYPTED_RTCP, BODY "841dd9683dd78ec92ae58790125f62b3000005d4");
	check_gcm_rtcp(RC_SRTP_AEAD_AES_256_GCM, RC_SRTP_UNENCRYPTED_RTCP, BODY "91db4afbfeee5a978fab4393ed2615fe000005d4");
}
