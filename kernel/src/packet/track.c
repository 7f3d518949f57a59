// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/math64.h>
#include "track.h"

#define RC_MAX_DROPOUT		3000
#define RC_MAX_MISORDER		100

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

bool rc_track_place(struct rc_ssrc *s, u16 sequence)
{
	u16 ahead = sequence - (u16)s->highest, behind = -ahead;

	if (!s->started) {
		rc_track_start(s, sequence);
		return true;
	}
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

bool rc_track_clock(struct rc_ssrc *s, u32 clock_rate)
{
	if (s->clock_rate == clock_rate)
		return false;
	s->jitter16 = s->clock_rate ? div_u64(s->jitter16 * clock_rate, s->clock_rate) : 0;
	s->clock_rate = clock_rate;
	return true;
}

s64 rc_track_lost(const struct rc_ssrc *s)
{
	return s->expected_before + (s->started ? (s64)(s->highest - s->first) + 1 : 0) - s->received;
}

u32 rc_track_jitter_us(const struct rc_ssrc *s)
{
	return s->clock_rate ? (u32)div_u64(s->jitter16 * 1000000 / 16, s->clock_rate) : 0;
}
