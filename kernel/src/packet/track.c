// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/math64.h>
#include "track.h"

#define RC_MAX_DROPOUT		3000
#define RC_MAX_MISORDER		100
#define RC_MAX_TRANSIT_SECONDS	5
#define RC_NSEC			1000000000ULL

static void rc_track_start(struct rc_ssrc *s, u16 sequence)
{
	s->started = true;
	s->first = s->highest = sequence;
	s->seen[0] = 1;
	s->seen[1] = 0;
	s->received++;
	s->jump_to = 0;
}

static void rc_track_advance(struct rc_ssrc *s, unsigned int by)
{
	if (by >= 128) {
		s->seen[1] = 0;
		s->seen[0] = 0;
	} else if (by >= 64) {
		s->seen[1] = s->seen[0] << (by - 64);
		s->seen[0] = 0;
	} else {
		s->seen[1] = s->seen[1] << by | s->seen[0] >> (64 - by);
		s->seen[0] <<= by;
	}
	s->seen[0] |= 1;
	s->highest += by;
	s->received++;
	s->jump_to = 0;
}

static void rc_track_behind(struct rc_ssrc *s, unsigned int by)
{
	u64 bit = 1ULL << (by % 64);

	if (s->seen[by / 64] & bit) {
		s->received++;
		s->duplicates++;
		return;
	}
	/* Before the first one we saw: not expected, so not a gain either. */
	if (by <= s->highest - s->first)
		s->received++;
	s->seen[by / 64] |= bit;
	s->reordered++;
}

/* False: far from all before, so neither counted nor good for jitter. Two of them in a row are a restart. */
static bool rc_track_place(struct rc_ssrc *s, u16 sequence)
{
	u16 ahead = sequence - (u16)s->highest, behind = -ahead;

	if (ahead && ahead < RC_MAX_DROPOUT) {
		rc_track_advance(s, ahead);
		return true;
	}
	if (behind < RC_MAX_MISORDER) {
		rc_track_behind(s, behind);
		return true;
	}
	if (s->jump_to == sequence + 1u) {
		s->expected_before += s->highest - s->first + 1;
		rc_track_start(s, sequence - 1);
		rc_track_advance(s, 1);
		return true;
	}
	s->jump_to = (u16)(sequence + 1) + 1;
	return false;
}

static void rc_track_jitter(struct rc_ssrc *s, u32 timestamp, u64 now, u32 clock_rate)
{
	s64 elapsed, difference;

	if (s->clock_rate != clock_rate) {
		s->jitter16 = s->clock_rate ? div_u64(s->jitter16 * clock_rate, s->clock_rate) : 0;
		s->clock_rate = clock_rate;
		return;
	}
	/* Long silence: no jitter, and no overflow below. */
	if (now - s->last_packet > 3600 * RC_NSEC)
		return;
	elapsed = div_u64((now - s->last_packet) * clock_rate, RC_NSEC);
	difference = elapsed - (s32)(timestamp - s->last_timestamp);
	if (difference < 0)
		difference = -difference;
	/* A new timestamp base is no jitter. */
	if (difference <= (s64)clock_rate * RC_MAX_TRANSIT_SECONDS)
		s->jitter16 += difference - ((s->jitter16 + 8) >> 4);
}

s64 rc_track(struct rc_ssrc *s, const struct rc_rtp *rtp, unsigned int length, u64 now, u32 clock_rate)
{
	bool placed = true;
	s64 extended;

	extended = s->started ? s->extended + (s16)(rtp->sequence - (u16)s->extended) : rtp->sequence;
	if (!s->started || extended > s->extended)
		s->extended = extended;
	if (s->started)
		placed = rc_track_place(s, rtp->sequence);
	else
		rc_track_start(s, rtp->sequence);
	if (placed && clock_rate)
		rc_track_jitter(s, rtp->timestamp, now, clock_rate);
	s->packets++;
	s->bytes += length;
	s->payload_type = rtp->pt;
	s->last_sequence = rtp->sequence;
	s->last_timestamp = rtp->timestamp;
	s->last_packet = now;
	return extended;
}

s64 rc_track_lost(const struct rc_ssrc *s)
{
	return s->expected_before + (s->started ? (s64)(s->highest - s->first) + 1 : 0) - s->received;
}

u32 rc_track_jitter_us(const struct rc_ssrc *s)
{
	return s->clock_rate ? (u32)div_u64(s->jitter16 * 1000000 / 16, s->clock_rate) : 0;
}
