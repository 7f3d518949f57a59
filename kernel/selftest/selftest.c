// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "../src/packet/rtcp.h"
#include "../src/packet/track.h"
#include "../src/selftest.h"
#include "../src/srtp.h"

#define RC_EXPECT(condition)									\
	do {											\
		if (!(condition)) {								\
			pr_err("rtpcluster: self-test %s line %d: %s\n", __func__, __LINE__, #condition);	\
			return -EBADMSG;							\
		}										\
	} while (0)

/* A header extension that loses one element and gains a MID; the payload moves along. */
static int rc_selftest_rewrite(void)
{
	static const u8 packet[] = {
		0x90, 0x60, 0x12, 0x34, 0, 0, 0, 1, 0xca, 0xfe, 0xba, 0xbe, 0xbe, 0xde, 0, 2,
		0x10, 0xaa, 0x21, 0xbb, 0xcc, 0x30, 0xdd, 0, 'l', 'o', 'a', 'd',
	};
	static const u8 expected[] = {
		0x90, 0x6f, 0x12, 0x35, 0, 0, 0, 1, 0xde, 0xad, 0xbe, 0xef, 0xbe, 0xde, 0, 2,
		0x10, 0xaa, 0x30, 0xdd, 0x52, 'a', 'b', 'c', 'l', 'o', 'a', 'd',
	};
	static struct rc_rules rules;
	struct rc_rtp rtp;
	u8 buffer[64];
	unsigned int i;

	memset(&rules, 0, sizeof(rules));
	for (i = 0; i < 128; i++)
		rules.pt[i] = i;
	rules.has_pts = true;
	rules.pt[0x60] = 0x6f;
	rules.ext_mode = RC_EXT_STRIP;
	rules.ext_ids[0] = 1 << 2;
	rules.mid_id = 5;
	rules.mid_length = 3;
	memcpy(rules.mid, "abc", 3);
	rules.ssrcs = 1;
	rules.ssrc[0] = (struct rtpc_ssrc_map){ .from = 0xcafebabe, .to = 0xdeadbeef, .sequence_offset = 1 };

	memcpy(buffer, packet, sizeof(packet));
	RC_EXPECT(rc_rtp_classify(buffer, sizeof(packet)) == RC_CLASS_RTP);
	RC_EXPECT(rc_rtp_parse(buffer, sizeof(packet), &rtp));
	RC_EXPECT(rtp.payload == 24);
	RC_EXPECT(rc_rtp_rewrite(buffer, sizeof(packet), sizeof(buffer), &rtp, &rules) == sizeof(expected));
	RC_EXPECT(!memcmp(buffer, expected, sizeof(expected)));
	return 0;
}

static int rc_selftest_rtcp(void)
{
	u8 compound[] = {
		0x80, 201, 0, 1, 0, 0, 0, 1,
		0x81, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2,
		0x81, 203, 0, 1, 0, 0, 0, 1,
	};

	RC_EXPECT(rc_rtcp_strip_feedback(compound, sizeof(compound)) == 16);
	RC_EXPECT(compound[9] == 203);
	return 0;
}

/* A rollover, a loss, a duplicate and a late packet. */
static int rc_selftest_track(void)
{
	static const u16 sequences[] = { 65534, 65535, 0, 2, 2, 1, 5 };
	struct rc_ssrc ssrc = { .ssrc = 1 };
	struct rc_rtp rtp = { .ssrc = 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sequences); i++) {
		rtp.sequence = sequences[i];
		rtp.timestamp = 160 * i;
		rc_track(&ssrc, &rtp, 172, 20000000ULL * (i + 1), 8000);
	}
	RC_EXPECT(ssrc.highest == 0x10005);
	RC_EXPECT(ssrc.duplicates == 1 && ssrc.reordered == 1);
	RC_EXPECT(rc_track_lost(&ssrc) == 1);
	RC_EXPECT(rc_track_jitter_us(&ssrc) == 0);
	return 0;
}

int rc_selftest(void)
{
	int err = rc_selftest_rewrite();

	if (!err)
		err = rc_selftest_rtcp();
	if (!err)
		err = rc_selftest_track();
	return err ? err : rc_srtp_selftest();
}
