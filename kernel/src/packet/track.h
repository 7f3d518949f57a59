/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reception statistics of one SSRC, RFC 3550 appendix A.1 (sequence), A.3 (loss), A.8 (jitter). No probation: the first packet counts,
 * because a proxy forwards it. Counts as the userspace engine does. Pure: also compiled in userspace; the flow's lock protects it.
 */
#ifndef RC_TRACK_H
#define RC_TRACK_H

#include <linux/compiler.h>
#include <linux/math64.h>
#include "rtp.h"

/**
 * struct rc_ssrc - one SSRC that arrives; all zero but @ssrc is a new one
 * @next: of the flow's list
 * @ssrc: the SSRC
 * @last_timestamp: RTP timestamp of the last packet
 * @started: any packet came
 * @payload_type: of the last packet
 * @last_sequence: of the last packet
 * @jump_to: sequence number + 1 that would confirm a restart; 0: none
 * @clock_rate: of the payload types so far, Hz
 * @last_packet: ns
 * @jitter16: jitter in units of the clock, times 16
 * @packets: all packets
 * @bytes: their bytes
 * @highest: cycles * 65536 + sequence
 * @first: where @highest began
 * @seen: bit n of the 128: @highest - n came
 * @received: what A.3 calls received
 * @expected_before: expected before the last restart
 * @extended: highest sequence number extended without regard to restarts: continuous as SRTP's index must be
 * @duplicates: packets that came twice
 * @reordered: packets that came after a later one
 */
struct rc_ssrc {
	struct rc_ssrc *next;
	u32 ssrc;
	u32 last_timestamp;
	bool started;
	u8 payload_type;
	u16 last_sequence;
	u32 jump_to;
	u64 last_packet;
	u64 jitter16;
	u64 packets;
	u64 bytes;
	u64 highest;
	u64 seen[2];
	s64 received;
	s64 extended;
	u32 clock_rate;
	u32 duplicates;
	u64 first;
	s64 expected_before;
	u32 reordered;
};

#define RC_TRACK_SECOND		1000000000ULL
#define RC_TRACK_TRANSIT	5 /* seconds; a longer one is a new timestamp base and no jitter */

/*
 * Places a packet that is not the next one. False: far from all before, so neither counted nor good for jitter. Two of them in a row are a
 * restart.
 */
bool rc_track_place(struct rc_ssrc *ssrc, u16 sequence);

/* Goes over to another clock rate, Hz. False: it is the same. */
bool rc_track_clock(struct rc_ssrc *ssrc, u32 clock_rate);

static inline void rc_track_jitter(struct rc_ssrc *s, u32 timestamp, u64 now, u32 clock_rate)
{
	u64 past = now - s->last_packet;
	s64 difference;

	/* Long silence: no jitter, and no overflow below. */
	if (unlikely(s->clock_rate != clock_rate && rc_track_clock(s, clock_rate)) || unlikely(past > 3600 * RC_TRACK_SECOND))
		return;
	difference = div_u64(past * clock_rate, RC_TRACK_SECOND) - (s32)(timestamp - s->last_timestamp);
	if (difference < 0)
		difference = -difference;
	if (likely(difference <= (s64)clock_rate * RC_TRACK_TRANSIT))
		s->jitter16 += difference - ((s->jitter16 + 8) >> 4);
}

/*
 * Counts a packet of @length bytes that came at @now (ns). @clock_rate: Hz; 0: says nothing about jitter. Returns its sequence number
 * with the rollovers seen so far. Inline: every packet comes through here.
 */
static inline s64 rc_track(struct rc_ssrc *s, const struct rc_rtp *rtp, unsigned int length, u64 now, u32 clock_rate)
{
	u16 sequence = rtp->sequence;
	bool placed = true, first = !s->started;
	s64 extended = first ? sequence : s->extended + (s16)(sequence - (u16)s->extended);

	if (likely(extended > s->extended) || first)
		s->extended = extended;
	if (likely(sequence == (u16)(s->highest + 1) && !first)) {
		s->seen[1] = s->seen[1] << 1 | s->seen[0] >> 63;
		s->seen[0] = s->seen[0] << 1 | 1;
		s->highest++;
		s->received++;
		s->jump_to = 0;
	} else {
		placed = rc_track_place(s, sequence);
	}
	if (likely(placed && clock_rate))
		rc_track_jitter(s, rtp->timestamp, now, clock_rate);
	s->packets++;
	s->bytes += length;
	s->payload_type = rtp->pt;
	s->last_sequence = sequence;
	s->last_timestamp = rtp->timestamp;
	s->last_packet = now;
	return extended;
}

s64 rc_track_lost(const struct rc_ssrc *ssrc);
u32 rc_track_jitter_us(const struct rc_ssrc *ssrc);

#endif
