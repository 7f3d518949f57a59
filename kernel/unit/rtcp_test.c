// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <stdlib.h>
#include "../src/packet/rtcp.h"
#include "test.h"

#define SR "80c80006 00000001 11111111 22222222 00000064 00000005 00000006"
#define SDES "81ca0003 00000001 0103616263 000000"
#define PLI "81ce0002 00000001 00000002"
#define NACK "81cd0003 00000001 00000002 00010000"

/* 1 becomes 0xa with timestamps shifted by 0x100, 2 becomes 0xb, all other senders become 0xc. */
static const struct rc_rules rules = {
	.ssrcs = 3,
	.has_any = true,
	.ssrc = {
		{ .from = 1, .to = 0xa, .timestamp_offset = 0x100 },
		{ .from = 2, .to = 0xb },
		{ .to = 0xc, .flags = RTPC_SSRC_ANY },
	},
};

static void check_rewrite(const char *in, const char *out)
{
	u8 bytes[256], expected[256];
	unsigned int length = test_hex(bytes, in);
	u8 *pkt = test_exact(bytes, length, length);

	EXPECT(test_hex(expected, out) == length);
	rc_rtcp_rewrite(pkt, length, &rules);
	EXPECT(memcmp(pkt, expected, length) == 0);
	free(pkt);
}

static void check_strip(const char *in, const char *out)
{
	u8 bytes[256], expected[256];
	unsigned int length = test_hex(bytes, in), wanted = test_hex(expected, out);
	u8 *pkt = test_exact(bytes, length, length);

	EXPECT(rc_rtcp_strip_feedback(pkt, length) == wanted);
	EXPECT(memcmp(pkt, expected, wanted) == 0);
	free(pkt);
}

TEST(a_sender_report_gets_the_new_ssrc_and_timestamp)
{
	check_rewrite(SR, "80c80006 0000000a 11111111 22222222 00000164 00000005 00000006");
}

TEST(report_blocks_name_what_is_mapped_and_leave_strangers_alone)
{
	check_rewrite("82c9000d 00000009 00000002 010101010202020203030303 0404040405050505 00000007 010101010202020203030303 0404040405050505",
		      "82c9000d 0000000c 0000000b 010101010202020203030303 0404040405050505 00000007 010101010202020203030303 0404040405050505");
}

TEST(every_packet_of_a_compound_is_rewritten)
{
	check_rewrite(SR SDES PLI, "80c80006 0000000a 11111111 22222222 00000164 00000005 00000006"
				   "81ca0003 0000000a 0103616263 000000"
				   "81ce0002 0000000a 0000000b");
	check_rewrite("82cb0002 00000001 00000002", "82cb0002 0000000a 0000000b");
}

TEST(a_damaged_compound_is_rewritten_up_to_the_damage)
{
	check_rewrite(PLI "81ce0009 00000001 00000002", "81ce0002 0000000a 0000000b 81ce0009 00000001 00000002");
	check_rewrite(PLI "01ce0002 00000001 00000002", "81ce0002 0000000a 0000000b 01ce0002 00000001 00000002");
}

TEST(feedback_is_stripped_and_the_rest_stays)
{
	check_strip(SR SDES PLI NACK, SR SDES);
	check_strip(PLI SR NACK SDES, SR SDES);
	check_strip(SR, SR);
	check_strip(PLI NACK, "");
	check_strip(PLI "80c80009 0000", "80c80009 0000");
}
