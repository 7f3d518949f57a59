/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A crypto session: the keys of one direction and the running state of every SSRC under them. Shared by the targets of a table that give
 * the same id, direction and keys, so that indices survive the replacement of a target and SRTCP has one index per SSRC whichever
 * port it uses.
 *
 * States are never dropped while the keys live: an SSRC that came again without its indices would repeat the keystream outbound and
 * accept replays inbound.
 */
#ifndef RC_SESSION_H
#define RC_SESSION_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include "../srtp.h"
#include "../../uapi/rtpcluster.h"

struct rc_table;

/**
 * struct rc_stream - one SSRC of a session
 * @ssrc: the SSRC
 * @rtp: index and window of SRTP
 * @rtcp: index and window of SRTCP
 * @source: sending: who counts what @offset is relative to
 * @offset: sending: the source's extended sequence number minus our index
 */
struct rc_stream {
	struct hlist_node node;
	u32 ssrc;
	struct rc_replay rtp;
	struct rc_replay rtcp;
	const void *source;
	s64 offset;
};

struct rc_session_id {
	u64 id;
	u64 direction; /* &enum rtpc_direction; wide, so that there is no padding to hash */
};

/**
 * struct rc_session - see above
 * @lock: protects all below it but the key, which is immutable; taken inside of a flow's lock
 */
struct rc_session {
	struct rhash_head node;
	struct rc_session_id id;
	unsigned int refs; /* under the namespace's mutex */
	bool hashed;
	struct rc_table *table;

	spinlock_t lock;
	unsigned int streams_n;
	struct rc_stream *recent;
	struct hlist_head streams;

	struct rc_srtp_key key;
};

/*
 * Finds or makes a session; the caller holds the namespace's mutex and gives it back with rc_session_put(). ERR_PTR: what
 * rc_srtp_key_init() says, -ENOMEM.
 */
struct rc_session *rc_session_get(struct rc_table *table, const struct rc_session_id *id, const struct rc_srtp_params *params);
/* Finds a session without taking it. */
struct rc_session *rc_session_find(struct rc_table *table, const struct rc_session_id *id);
void rc_session_put(struct rc_session *session);
/* Was it made of these? */
bool rc_session_has_params(const struct rc_session *session, const struct rc_srtp_params *params);

/* Moves indices forward; what is behind changes nothing. -ERANGE: no index, -EDQUOT: too many SSRCs, -ENOMEM. Takes the lock. */
int rc_session_seed(struct rc_session *session, const struct rtpc_srtp_state *state);

/* Copies up to @max states; returns how many. Takes the lock. */
unsigned int rc_session_export(struct rc_session *session, struct rtpc_srtp_state *states, unsigned int max);

/*
 * The packet path, softirq. Returns the new length or a negative errno: those of srtp.h, -EDQUOT (too many SSRCs), -ENOMEM. Each takes
 * the lock.
 */
/* @index: the packet's index when it was accepted. */
int rc_session_receive_rtp(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length, s64 *index);
int rc_session_receive_rtcp(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length);
/* @source counts @extended, the packet's sequence number with rollovers. */
int rc_session_send_rtp(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length, unsigned int room,
			const void *source, s64 extended);
int rc_session_send_rtcp(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length, unsigned int room);
/* Notes an SRTP packet that passes as it is, so that we can decrypt or encrypt from any packet on. */
void rc_session_follow_rtp(struct rc_session *session, u32 ssrc, u16 sequence);

#endif
