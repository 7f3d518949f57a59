/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The time of packets: ns since boot or so, cheap and good enough for jitter and for "when was the last one". Never compared with other
 * clocks but by age.
 */
#ifndef RC_CLOCK_H
#define RC_CLOCK_H

#include <linux/ktime.h>
#include <linux/sched/clock.h>
#include <linux/timekeeping.h>

static inline u64 rc_clock(void)
{
	/* 0 means never. */
	return local_clock() | 1;
}

/* Unix microseconds of a time of rc_clock(); 0 stays 0. */
static inline u64 rc_clock_unix_us(u64 time)
{
	u64 now = rc_clock(), age = now > time ? now - time : 0;

	return time ? div_u64(ktime_get_real_ns() - age, NSEC_PER_USEC) : 0;
}

#endif
