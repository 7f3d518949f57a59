// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include "../src/packet/track.h"
#include "test.h"

#define MS 1000000ULL

/* A packet of 20 ms of G.711 that comes @late ns later than it should. */
static void packet(struct rc_ssrc *ssrc, u16 sequence, u64 late)
{
	struct rc_rtp rtp = { .sequence = sequence, .timestamp = (u32)sequence * 160, .payload = 12 };

	rc_track(ssrc, &rtp, 172, (u64)sequence * 20 * MS + late, 8000);
}

TEST(packets_without_gaps_lose_nothing)
{
	struct rc_ssrc ssrc = {};

	for (u32 i = 0; i < 1000; i++)
		packet(&ssrc, (u16)(65000 + i), 0);
	EXPECT(ssrc.packets == 1000);
	EXPECT(ssrc.bytes == 172000);
	EXPECT(rc_track_lost(&ssrc) == 0);
	EXPECT(ssrc.duplicates == 0 && ssrc.reordered == 0);
}

TEST(a_gap_is_lost_until_its_packet_comes_late)
{
	struct rc_ssrc ssrc = {};

	packet(&ssrc, 1, 0);
	packet(&ssrc, 2, 0);
	packet(&ssrc, 5, 0);
	EXPECT(rc_track_lost(&ssrc) == 2);
	packet(&ssrc, 4, 0);
	EXPECT(rc_track_lost(&ssrc) == 1);
	EXPECT(ssrc.reordered == 1);
	packet(&ssrc, 4, 0);
	EXPECT(ssrc.duplicates == 1);
}

TEST(steady_packets_have_no_jitter_and_wavering_ones_have)
{
	struct rc_ssrc steady = {}, wavering = {};

	for (u16 i = 0; i < 500; i++) {
		packet(&steady, i, 0);
		packet(&wavering, i, i % 2 * 4 * MS);
	}
	EXPECT(rc_track_jitter_us(&steady) == 0);
	/* The difference of transit times is always 4 ms, and RFC 3550's average goes there. */
	EXPECT(rc_track_jitter_us(&wavering) > 3500 && rc_track_jitter_us(&wavering) <= 4000);
}

TEST(sequence_numbers_are_extended_over_a_rollover)
{
	struct rc_rtp rtp = { .sequence = 65535 };
	struct rc_ssrc ssrc = {};

	EXPECT(rc_track(&ssrc, &rtp, 172, 0, 8000) == 65535);
	rtp.sequence = 0;
	EXPECT(rc_track(&ssrc, &rtp, 172, 0, 8000) == 65536);
	rtp.sequence = 65535;
	EXPECT(rc_track(&ssrc, &rtp, 172, 0, 8000) == 65535);
}
