// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <stdlib.h>
#include "../src/packet/rtp.h"
#include "test.h"

#define HEADER "8060123400010203cafebabe"

/* Rewrites a packet given in digits and compares with another. */
static void check(const char *in, const struct rc_rules *rules, const char *out)
{
	u8 bytes[256], expected[256];
	unsigned int length = test_hex(bytes, in), wanted = test_hex(expected, out), got;
	u8 *pkt = test_exact(bytes, length, length + RC_RTP_GROWTH);
	struct rc_rtp rtp;

	EXPECT(rc_rtp_parse(pkt, length, &rtp));
	got = rc_rtp_rewrite(pkt, length, length + RC_RTP_GROWTH, &rtp, rules);
	EXPECT(got == wanted);
	EXPECT(memcmp(pkt, expected, wanted) == 0);
	free(pkt);
}

TEST(packets_are_told_apart_by_version_and_type)
{
	u8 pkt[12] = { 0x80, 96 };

	EXPECT(rc_rtp_classify(pkt, 12) == RC_CLASS_RTP);
	EXPECT(rc_rtp_classify(pkt, 11) == RC_CLASS_OTHER);
	pkt[1] = 194;
	EXPECT(rc_rtp_classify(pkt, 8) == RC_CLASS_RTCP);
	EXPECT(rc_rtp_classify(pkt, 7) == RC_CLASS_OTHER);
	pkt[1] = 223;
	EXPECT(rc_rtp_classify(pkt, 8) == RC_CLASS_RTCP);
	pkt[1] = 224;
	EXPECT(rc_rtp_classify(pkt, 12) == RC_CLASS_RTP);
	pkt[1] = 193;
	EXPECT(rc_rtp_classify(pkt, 12) == RC_CLASS_RTP);
	pkt[0] = 0x40;
	EXPECT(rc_rtp_classify(pkt, 12) == RC_CLASS_OTHER);
	pkt[0] = 0;
	EXPECT(rc_rtp_classify(pkt, 12) == RC_CLASS_OTHER);
	pkt[0] = 22;
	EXPECT(rc_rtp_classify(pkt, 12) == RC_CLASS_OTHER);
}

TEST(a_header_with_contributors_and_extension_is_measured)
{
	u8 pkt[64];
	unsigned int length = test_hex(pkt, "92e0ffff 00000001 00000002 00000003 00000004 bede0001 10aa0000 55");
	struct rc_rtp rtp;

	EXPECT(rc_rtp_parse(pkt, length, &rtp));
	EXPECT(rtp.payload == 28 && rtp.pt == 96 && rtp.sequence == 65535 && rtp.timestamp == 1 && rtp.ssrc == 2);
	for (unsigned int cut = 12; cut < 28; cut++)
		EXPECT(!rc_rtp_parse(pkt, cut, &rtp));
	EXPECT(rc_rtp_parse(pkt, 28, &rtp));
}

TEST(an_ssrc_is_renamed_with_its_sequence_and_timestamp)
{
	struct rc_rules rules = { .ssrcs = 2, .has_any = true };

	rules.ssrc[0] = (struct rtpc_ssrc_map){ .from = 0xcafebabe, .to = 0x11223344, .sequence_offset = 0xffff, .timestamp_offset = 0x10 };
	rules.ssrc[1] = (struct rtpc_ssrc_map){ .to = 0x55667788, .flags = RTPC_SSRC_ANY };
	check(HEADER "00", &rules, "8060123300010213 11223344 00");
	check("80600000 00010203 cafebabf 00", &rules, "80600000 00010203 55667788 00");
	check("80600000 00010203 cafebabe 00", &rules, "8060ffff 00010213 11223344 00");
}

TEST(a_payload_type_is_renamed_and_its_marker_stays)
{
	struct rc_rules rules = { .has_pts = true };

	for (unsigned int i = 0; i < sizeof(rules.pt); i++)
		rules.pt[i] = i;
	rules.pt[96] = 111;
	check(HEADER "00", &rules, "806f123400010203cafebabe00");
	check("80e01234 00010203 cafebabe 00", &rules, "80ef1234 00010203 cafebabe 00");
	check("80081234 00010203 cafebabe 00", &rules, "80081234 00010203 cafebabe 00");
}

TEST(extension_elements_are_removed_or_kept_by_id)
{
	static const char in[] = "90601234 00010203 cafebabe bede0003 10aa 21bbbb 00 30cc 00000000 7777";
	struct rc_rules rules = { .ext_mode = RC_EXT_STRIP, .ext_ids = { 1 << 2 } };

	check(in, &rules, "90601234 00010203 cafebabe bede0001 10aa 30cc 7777");
	rules.ext_mode = RC_EXT_KEEP;
	check(in, &rules, "90601234 00010203 cafebabe bede0001 21bbbb 00 7777");
	rules.ext_mode = RC_EXT_NONE;
	check(in, &rules, "80601234 00010203 cafebabe 7777");
	rules.ext_mode = RC_EXT_AS_IS;
	check(in, &rules, in);
}

TEST(two_byte_elements_are_removed_alike)
{
	struct rc_rules rules = { .ext_mode = RC_EXT_STRIP, .ext_ids = { 1 << 2 } };

	check("90601234 00010203 cafebabe 10000002 0101aa 0202bbbb 00 7777", &rules, "90601234 00010203 cafebabe 10000001 0101aa 00 7777");
}

TEST(a_mid_is_inserted_or_replaced)
{
	struct rc_rules rules = { .mid_id = 4, .mid_length = 2, .mid = "v1" };

	check(HEADER "7777", &rules, "90601234 00010203 cafebabe bede0001 417631 00 7777");
	check("90601234 00010203 cafebabe bede0001 40aa 0000 7777", &rules, "90601234 00010203 cafebabe bede0001 417631 00 7777");
	check("90601234 00010203 cafebabe bede0001 10aa 0000 7777", &rules, "90601234 00010203 cafebabe bede0002 10aa 417631 000000 7777");
	check("90601234 00010203 cafebabe 10000001 0101aa00 7777", &rules, "90601234 00010203 cafebabe 10000002 0101aa 04027631 00 7777");
}

TEST(without_room_the_extension_stays_as_it_was)
{
	struct rc_rules rules = { .mid_id = 4, .mid_length = 2, .mid = "v1" };
	u8 bytes[64], before[64];
	unsigned int length = test_hex(bytes, HEADER "7777");
	struct rc_rtp rtp;

	memcpy(before, bytes, sizeof(before));
	EXPECT(rc_rtp_parse(bytes, length, &rtp));
	EXPECT(rc_rtp_rewrite(bytes, length, length + 7, &rtp, &rules) == length);
	EXPECT(memcmp(before, bytes, length) == 0);
	EXPECT(rc_rtp_rewrite(bytes, length, length + 8, &rtp, &rules) == length + 8);
}

TEST(silence_fills_the_payload_but_not_its_padding)
{
	u8 pkt[64], expected[64];
	unsigned int length = test_hex(pkt, "a0601234 00010203 cafebabe 0102030405 000003");
	struct rc_rtp rtp;

	rc_rtp_parse(pkt, length, &rtp);
	rc_rtp_silence(pkt, length, &rtp, (const u8 *)"\xd5", 1);
	EXPECT(memcmp(pkt, expected, test_hex(expected, "a0601234 00010203 cafebabe d5d5d5d5d5 000003")) == 0);
	rc_rtp_silence(pkt, length, &rtp, (const u8 *)"\x0a\x0b", 2);
	EXPECT(memcmp(pkt, expected, test_hex(expected, "a0601234 00010203 cafebabe 0a0b0a0b0a 000003")) == 0);
}
