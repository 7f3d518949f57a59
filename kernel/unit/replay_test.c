// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/string.h>
#include "../src/replay.h"
#include "test.h"

TEST(an_index_is_accepted_once)
{
	struct rc_replay window = {};

	EXPECT(rc_replay_commit(&window, 0) == 0);
	EXPECT(rc_replay_commit(&window, 0) == -EALREADY);
	EXPECT(rc_replay_commit(&window, 1) == 0);
	EXPECT(rc_replay_check(&window, 0) == -EALREADY);
}

/* Against a plain list of everything seen. */
TEST(the_window_remembers_exactly_its_size)
{
	for (unsigned int round = 0; round < 200; round++) {
		static bool seen[4096];
		struct rc_replay window = {};
		u32 highest = 0, index = 0;

		memset(seen, 0, sizeof(seen));
		for (unsigned int i = 0; i < 300; i++) {
			int expected;

			index += test_random() % (round % 160 + 2);
			index -= index > 100 ? test_random() % 140 % index : 0;
			index %= ARRAY_SIZE(seen);
			expected = i && index <= highest ? (highest - index >= RC_REPLAY_BITS ? -ESTALE : seen[index] ? -EALREADY : 0) : 0;
			EXPECT(rc_replay_check(&window, index) == expected);
			EXPECT(rc_replay_commit(&window, index) == expected);
			if (!expected) {
				seen[index] = true;
				highest = index > highest ? index : highest;
			}
			EXPECT(window.highest == highest);
		}
	}
}

TEST(behind_a_seeded_index_everything_counts_as_seen)
{
	struct rc_replay window = {};

	rc_replay_seed(&window, 1000);
	EXPECT(rc_replay_check(&window, 1000) == -EALREADY);
	EXPECT(rc_replay_check(&window, 873) == -EALREADY);
	EXPECT(rc_replay_check(&window, 872) == -ESTALE);
	EXPECT(rc_replay_commit(&window, 1001) == 0);
	EXPECT(rc_replay_check(&window, 1000) == -EALREADY);
}

TEST(the_guess_is_the_nearest_index)
{
	static const struct {
		u64 highest;
		u16 sequence;
		u64 guess;
	} cases[] = {
		{ 0, 1, 1 },
		{ 0, 65535, 65535 }, /* nothing lies below 0 */
		{ 0x0ffff, 0, 0x10000 },
		{ 0x0ffff, 32766, 0x17ffe },
		{ 0x0ffff, 32767, 0x07fff },
		{ 0x10000, 65535, 0x0ffff },
		{ 0x10000, 32768, 0x18000 },
		{ 0x10000, 32769, 0x08001 },
		{ 0x17fff, 65535, 0x1ffff },
		{ 0x18000, 0, 0x10000 },
		{ 0x18001, 0, 0x20000 },
		{ 0xffffffffffffULL, 0, 0x1000000000000ULL },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rc_replay window = { .highest = cases[i].highest, .started = true };

		EXPECT(rc_index_guess(&window, cases[i].sequence) == cases[i].guess);
	}
	EXPECT(rc_index_guess(&(struct rc_replay){}, 40000) == 40000);
}

TEST(candidates_are_the_neighbouring_rollovers_and_the_first)
{
	struct rc_replay window = { .highest = 0x50007, .started = true };
	struct rc_replay young = { .highest = 7, .started = true };

	EXPECT(rc_index_candidate(&window, 9, 0) == 0x60009);
	EXPECT(rc_index_candidate(&window, 9, 1) == 0x50009);
	EXPECT(rc_index_candidate(&window, 9, 2) == 0x40009);
	EXPECT(rc_index_candidate(&window, 9, 3) == 9);
	EXPECT(rc_index_candidate(&young, 9, 2) == 9);
}
