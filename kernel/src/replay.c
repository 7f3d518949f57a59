// SPDX-License-Identifier: GPL-2.0
#include "replay.h"

void rc_replay_reset(struct rc_replay *replay)
{
	*replay = (struct rc_replay){};
}

void rc_replay_seed(struct rc_replay *replay, u64 highest)
{
	*replay = (struct rc_replay){ .highest = highest, .seen = { ~0ULL, ~0ULL }, .started = true };
}

void rc_replay_seed_sender(struct rc_replay *replay, u64 highest)
{
	rc_replay_seed(replay, highest);
	replay->resync = true;
}

int rc_replay_check(const struct rc_replay *replay, u64 index)
{
	u64 behind;

	if (!replay->started || index > replay->highest)
		return 0;
	behind = replay->highest - index;
	if (behind >= RC_REPLAY_BITS)
		return -ESTALE;
	return replay->seen[behind / 64] >> (behind % 64) & 1 ? -EALREADY : 0;
}

/* Moves the window @ahead indices on. */
static void slide(struct rc_replay *replay, u64 ahead)
{
	if (ahead >= RC_REPLAY_BITS) {
		replay->seen[0] = 0;
		replay->seen[1] = 0;
	} else if (ahead >= 64) {
		replay->seen[1] = replay->seen[0] << (ahead - 64);
		replay->seen[0] = 0;
	} else {
		replay->seen[1] = replay->seen[1] << ahead | replay->seen[0] >> (64 - ahead);
		replay->seen[0] <<= ahead;
	}
}

int rc_replay_commit(struct rc_replay *replay, u64 index)
{
	int err = rc_replay_check(replay, index);
	u64 behind;

	if (err)
		return err;
	if (!replay->started || index > replay->highest) {
		slide(replay, replay->started ? index - replay->highest : RC_REPLAY_BITS);
		replay->highest = index;
		replay->started = true;
	}
	behind = replay->highest - index;
	replay->seen[behind / 64] |= 1ULL << (behind % 64);
	return 0;
}

u64 rc_index_guess(const struct rc_replay *replay, u16 sequence)
{
	u64 rollover = replay->highest >> 16;
	int low = replay->highest & 0xffff;

	if (!replay->started)
		return sequence;
	if (low < 0x8000) {
		/* With rollover counter 0 there is nothing behind: a much higher number lies ahead. */
		if (sequence - low > 0x8000 && rollover > 0)
			rollover--;
	} else if (low - 0x8000 > sequence) {
		rollover++;
	}
	return rollover << 16 | sequence;
}

u64 rc_index_candidate(const struct rc_replay *replay, u16 sequence, unsigned int number)
{
	u64 rollover = replay->highest >> 16;

	switch (number) {
	case 0:
		rollover++;
		break;
	case 1:
		break;
	case 2:
		rollover -= rollover > 0;
		break;
	default:
		rollover = 0;
	}
	return rollover << 16 | sequence;
}
