// SPDX-License-Identifier: GPL-2.0
/* Arbitrary bytes through parsing, rewriting, silencing and statistics, under rules made of arbitrary bytes. */
#include <linux/string.h>
#include <stdlib.h>
#include "../src/packet/rtcp.h"
#include "../src/packet/rtp.h"
#include "../src/packet/track.h"

#define RULES 96

static void require(bool condition)
{
	if (!condition)
		abort();
}

/* Rules as the netlink parser lets them through. */
static void make_rules(struct rc_rules *rules, const u8 *bytes)
{
	memset(rules, 0, sizeof(*rules));
	rules->ssrcs = bytes[0] % 5;
	rules->has_any = rules->ssrcs && (bytes[1] & 1);
	rules->has_pts = bytes[1] & 2;
	rules->ext_mode = bytes[2] % 4;
	rules->mid_id = bytes[3] % 15;
	rules->mid_length = rules->mid_id ? 1 + bytes[4] % RTPC_MAX_MID : 0;
	memset(rules->mid, 'm', sizeof(rules->mid));
	for (unsigned int i = 0; i < sizeof(rules->pt); i++)
		rules->pt[i] = (i + bytes[5]) % 128;
	memcpy(rules->ext_ids, bytes + 8, sizeof(rules->ext_ids));
	for (unsigned int i = 0; i < rules->ssrcs; i++) {
		memcpy(&rules->ssrc[i].from, bytes + 40 + 4 * i, 4);
		memcpy(&rules->ssrc[i].to, bytes + 56 + 4 * i, 4);
		rules->ssrc[i].timestamp_offset = bytes[72 + i];
		rules->ssrc[i].sequence_offset = bytes[76 + i];
	}
	if (rules->has_any)
		rules->ssrc[rules->ssrcs - 1].flags = RTPC_SSRC_ANY;
}

static void one_rtp(const struct rc_rules *rules, const u8 *data, unsigned int length)
{
	unsigned int room = length + RC_RTP_GROWTH, rewritten;
	static struct rc_ssrc track;
	struct rc_rtp rtp, again;
	u8 *pkt = malloc(room);

	memcpy(pkt, data, length);
	if (rc_rtp_classify(pkt, length) == RC_CLASS_RTP && rc_rtp_parse(pkt, length, &rtp)) {
		require(rtp.payload <= length);
		rc_track(&track, &rtp, length, rtp.timestamp * 1000ULL, 8000);
		rc_track_lost(&track);
		rc_track_jitter_us(&track);
		rewritten = rc_rtp_rewrite(pkt, length, room, &rtp, rules);
		/* What we make is RTP again, and the payload is the one that came. */
		require(rewritten <= room);
		require(rc_rtp_parse(pkt, rewritten, &again));
		require(again.payload == rtp.payload && again.sequence == rtp.sequence && again.ssrc == rtp.ssrc && again.pt == rtp.pt);
		require(rewritten - rtp.payload <= length);
		require(memcmp(pkt + rtp.payload, data + length - (rewritten - rtp.payload), rewritten - rtp.payload) == 0);
		rc_rtp_silence(pkt, rewritten, &rtp, (const u8 *)"ab", 1 + (length & 1));
	}
	free(pkt);
}

static void one_rtcp(const struct rc_rules *rules, const u8 *data, unsigned int length)
{
	u8 *pkt = malloc(length + 1);

	memcpy(pkt, data, length);
	if (rc_rtp_classify(pkt, length) == RC_CLASS_RTCP) {
		rc_rtcp_rewrite(pkt, length, rules);
		require(rc_rtcp_strip_feedback(pkt, length) <= length);
	}
	free(pkt);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rc_rules rules;
	u8 *exact;

	if (size < RULES || size > 2000)
		return 0;
	make_rules(&rules, data);
	data += RULES;
	size -= RULES;
	/* A copy of exactly this size: what is read in the original is checked, too. */
	exact = malloc(size + 1);
	memcpy(exact, data, size);
	one_rtp(&rules, exact, size);
	one_rtcp(&rules, exact, size);
	free(exact);
	return 0;
}
