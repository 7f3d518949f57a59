/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packet indices and replay windows of SRTP and SRTCP, RFC 3711 sections 3.3.1, 3.3.2 and appendix A.
 *
 * One struct rc_replay per SSRC, direction and kind (RTP or RTCP). It has no lock of its own: whoever holds the stream's lock
 * (plain spin_lock, softirq) calls these functions. All zero is a new stream.
 */
#ifndef RC_REPLAY_H
#define RC_REPLAY_H

#include <linux/errno.h>
#include <linux/types.h>

/* Indices the window remembers, the highest one included. RFC 3711 asks for at least 64. */
#define RC_REPLAY_BITS 128

/* Highest 48-bit index of SRTP and highest 31-bit index of SRTCP; beyond them the key is used up. */
#define RC_RTP_INDEX_MAX ((1ULL << 48) - 1)
#define RC_RTCP_INDEX_MAX 0x7fffffffU

/* Other indices a sequence number may stand for when the guess does not authenticate: see rc_index_candidate(). */
#define RC_INDEX_CANDIDATES 4

/**
 * struct rc_replay - the newest indices of a stream and which of them were seen
 * @highest: highest index seen or sent: rollover counter << 16 | sequence number for RTP, the plain index for RTCP
 * @seen: bit n of the 128: index @highest - n was seen
 * @started: any index was seen or seeded
 * @resync: seeded for sending: the next packet sets the index anew, under the rollover counter nearest to @highest
 */
struct rc_replay {
	u64 highest;
	u64 seen[RC_REPLAY_BITS / 64];
	bool started;
	bool resync;
};

/* Rollover counter: the upper 32 bits of the RTP index. */
static inline u32 rc_replay_roc(const struct rc_replay *replay)
{
	return (u32)(replay->highest >> 16);
}

/* Forgets everything: a new stream. */
void rc_replay_reset(struct rc_replay *replay);

/* Goes on behind @highest; all up to it counts as seen. For received streams and for SRTCP in both directions. */
void rc_replay_seed(struct rc_replay *replay, u64 highest);

/* Goes on sending RTP: only the rollover counter of @highest counts, the next packet's sequence number is taken as it comes. */
void rc_replay_seed_sender(struct rc_replay *replay, u64 highest);

/* Returns 0 if @index is new, -EALREADY if it was seen, -ESTALE if it lies behind the window. */
int rc_replay_check(const struct rc_replay *replay, u64 index);

/*
 * Notes @index, after the packet proved authentic. Checks again and returns what rc_replay_check() does, so that two CPUs that
 * verified the same packet without the lock cannot both accept it: only 0 means accepted.
 */
int rc_replay_commit(struct rc_replay *replay, u64 index);

/*
 * The 48-bit index nearest to the highest one so far (rollover counter -1, 0 or +1). Before the first packet and below index 0 the
 * rollover counter is 0. May exceed RC_RTP_INDEX_MAX by one rollover.
 */
u64 rc_index_guess(const struct rc_replay *replay, u16 sequence);

/*
 * Candidate @number, 0 to RC_INDEX_CANDIDATES - 1, for a packet whose guess failed to authenticate: one rollover ahead (after a long
 * gap), the stored one, one behind, and 0 (the sender started again). The window decides which of them are acceptable.
 */
u64 rc_index_candidate(const struct rc_replay *replay, u16 sequence, unsigned int number);

#endif
