// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/slab.h>
#include "../packet/rtp.h"
#include "session.h"
#include "table.h"

static struct rc_stream *rc_session_stream_slow(struct rc_session *session, u32 ssrc)
{
	struct rc_stream *stream;

	hlist_for_each_entry(stream, &session->streams, node) {
		if (stream->ssrc == ssrc) {
			session->recent = stream;
			return stream;
		}
	}
	return NULL;
}

static inline struct rc_stream *rc_session_stream(struct rc_session *session, u32 ssrc)
{
	struct rc_stream *recent = session->recent;

	return likely(recent && recent->ssrc == ssrc) ? recent : rc_session_stream_slow(session, ssrc);
}

static struct rc_stream *rc_session_add(struct rc_session *session, u32 ssrc)
{
	struct rc_stream *stream;

	if (session->streams_n == RTPC_MAX_SRTP_SSRCS)
		return ERR_PTR(-EDQUOT);
	stream = kzalloc(sizeof(*stream), GFP_ATOMIC | __GFP_NOWARN);
	if (!stream)
		return ERR_PTR(-ENOMEM);
	stream->ssrc = ssrc;
	hlist_add_head(&stream->node, &session->streams);
	session->streams_n++;
	session->recent = stream;
	return stream;
}

static struct rc_stream *rc_session_need(struct rc_session *session, u32 ssrc)
{
	struct rc_stream *stream = rc_session_stream(session, ssrc);

	return stream ? stream : rc_session_add(session, ssrc);
}

struct rc_session *rc_session_find(struct rc_table *table, const struct rc_session_id *id)
{
	return rhashtable_lookup_fast(&table->sessions, id, rc_session_params);
}

static struct rc_session *rc_session_new(struct rc_table *table, const struct rc_session_id *id, const struct rc_srtp_params *params)
{
	struct rc_session *session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);
	int err;

	if (!session)
		return ERR_PTR(-ENOMEM);
	session->id = *id;
	session->refs = 1;
	spin_lock_init(&session->lock);
	err = rc_srtp_key_init(&session->key, params);
	if (err)
		goto err_free;
	err = rhashtable_insert_fast(&table->sessions, &session->node, rc_session_params);
	if (err)
		goto err_wipe;
	session->hashed = true;
	rc_table_get(table);
	session->table = table;
	return session;

err_wipe:
	rc_srtp_key_wipe(&session->key);
err_free:
	kfree_sensitive(session);
	return ERR_PTR(err);
}

static void rc_session_unhash(struct rc_session *session)
{
	if (session->hashed)
		rhashtable_remove_fast(&session->table->sessions, &session->node, rc_session_params);
	session->hashed = false;
}

/* The key keeps derived session keys beside what it was made of, so not everything in it was given. */
bool rc_session_has_params(const struct rc_session *session, const struct rc_srtp_params *b)
{
	const struct rc_srtp_params *a = &session->key.params;

	if (a->suite != b->suite || a->flags != b->flags || a->mki_length != b->mki_length || memcmp(a->mki, b->mki, a->mki_length))
		return false;
	if (a->flags & RC_SRTP_SESSION_KEYS)
		return !memcmp(&a->rtp, &b->rtp, sizeof(a->rtp)) && !memcmp(&a->rtcp, &b->rtcp, sizeof(a->rtcp));
	return !memcmp(a->master_key, b->master_key, sizeof(a->master_key)) &&
	       !memcmp(a->master_salt, b->master_salt, sizeof(a->master_salt));
}

struct rc_session *rc_session_get(struct rc_table *table, const struct rc_session_id *id, const struct rc_srtp_params *params)
{
	struct rc_session *old = rc_session_find(table, id), *session;

	if (old && rc_session_has_params(old, params)) {
		old->refs++;
		return old;
	}
	/* Other keys under this id: the old session lives on unnamed with the targets that still use it. */
	if (old)
		rc_session_unhash(old);
	session = rc_session_new(table, id, params);
	if (IS_ERR(session) && old && !rhashtable_insert_fast(&table->sessions, &old->node, rc_session_params))
		old->hashed = true;
	return session;
}

void rc_session_put(struct rc_session *session)
{
	struct hlist_node *next;
	struct rc_stream *stream;

	if (!session || --session->refs)
		return;
	rc_session_unhash(session);
	hlist_for_each_entry_safe(stream, next, &session->streams, node)
		kfree_sensitive(stream);
	rc_srtp_key_wipe(&session->key);
	rc_table_put(session->table);
	kfree_sensitive(session);
}

static bool rc_session_sends(const struct rc_session *session)
{
	return session->id.direction == RTPC_DIRECTION_OUT;
}

int rc_session_seed(struct rc_session *session, const struct rtpc_srtp_state *state)
{
	struct rc_stream *stream;
	int err = 0;

	if (state->rtp_index > RC_RTP_INDEX_MAX || state->rtcp_index > RC_RTCP_INDEX_MAX)
		return -ERANGE;
	if (!state->rtp_index && !state->rtcp_index)
		return 0;
	spin_lock_bh(&session->lock);
	stream = rc_session_need(session, state->ssrc);
	if (IS_ERR(stream)) {
		err = PTR_ERR(stream);
		goto unlock;
	}
	if (state->rtp_index > stream->rtp.highest) {
		if (rc_session_sends(session))
			rc_replay_seed_sender(&stream->rtp, state->rtp_index);
		else
			rc_replay_seed(&stream->rtp, state->rtp_index);
	}
	if (state->rtcp_index > stream->rtcp.highest)
		rc_replay_seed(&stream->rtcp, state->rtcp_index);
unlock:
	spin_unlock_bh(&session->lock);
	return err;
}

unsigned int rc_session_export(struct rc_session *session, struct rtpc_srtp_state *states, unsigned int max)
{
	struct rc_stream *stream;
	unsigned int n = 0;

	spin_lock_bh(&session->lock);
	hlist_for_each_entry(stream, &session->streams, node) {
		if (n == max)
			break;
		states[n++] = (struct rtpc_srtp_state){
			.crypto_id = session->id.id,
			.rtp_index = stream->rtp.highest,
			.rtcp_index = (u32)stream->rtcp.highest,
			.ssrc = stream->ssrc,
			.direction = (u32)session->id.direction,
		};
	}
	spin_unlock_bh(&session->lock);
	return n;
}

/*
 * A new SSRC is noted only when its packet is authentic: strangers cannot fill the table. Until then its window lives on the stack.
 */
static int rc_session_receive(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length, bool rtcp, s64 *index)
{
	u16 sequence = rc_get16(packet + 2);
	struct rc_stream fresh = {}, *stream, *used;
	int n;

	spin_lock(&session->lock);
	stream = rc_session_stream(session, ssrc);
	used = stream ? stream : &fresh;
	n = rtcp ? rc_srtcp_receive(cpu, &session->key, &used->rtcp, packet, length)
		 : rc_srtp_receive(cpu, &session->key, &used->rtp, packet, length);
	/* An accepted packet is the newest one or lies within the window behind it. */
	if (n > 0 && index)
		*index = (s64)used->rtp.highest + (s16)(sequence - (u16)used->rtp.highest);
	if (n > 0 && unlikely(!stream)) {
		stream = rc_session_add(session, ssrc);
		if (IS_ERR(stream)) {
			n = PTR_ERR(stream);
		} else {
			stream->rtp = fresh.rtp;
			stream->rtcp = fresh.rtcp;
		}
	}
	spin_unlock(&session->lock);
	return n;
}

int rc_session_receive_rtp(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length, s64 *index)
{
	return rc_session_receive(cpu, session, ssrc, packet, length, false, index);
}

int rc_session_receive_rtcp(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length)
{
	return rc_session_receive(cpu, session, ssrc, packet, length, true, NULL);
}

/*
 * Brings an outbound index back into step with its source after a long gap: media that was blocked, on hold or not subscribed for 2^15
 * packets or more would else seem to lie behind what was sent, and stay refused for minutes.
 */
static void rc_stream_align(struct rc_stream *stream, const void *source, s64 extended)
{
	s64 highest = (s64)stream->rtp.highest, ahead = extended - stream->offset - highest, nearest;

	if (likely(stream->source == source && ahead >= -0xffff && ahead <= 0x7fff))
		return;
	if (stream->source == source && ahead > 0x7fff) {
		rc_replay_seed_sender(&stream->rtp, (u64)(extended - stream->offset));
		return;
	}
	nearest = stream->rtp.started ? highest + (s16)(extended - highest) : (u16)extended;
	if (nearest < 0)
		nearest += 0x10000;
	stream->source = source;
	stream->offset = extended - nearest;
}

int rc_session_send_rtp(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length, unsigned int room,
			const void *source, s64 extended)
{
	struct rc_stream *stream;
	int n;

	spin_lock(&session->lock);
	stream = rc_session_need(session, ssrc);
	if (IS_ERR(stream)) {
		n = PTR_ERR(stream);
	} else {
		rc_stream_align(stream, source, extended);
		n = rc_srtp_send(cpu, &session->key, &stream->rtp, packet, length, room);
	}
	spin_unlock(&session->lock);
	return n;
}

int rc_session_send_rtcp(rc_cpu_t cpu, struct rc_session *session, u32 ssrc, u8 *packet, unsigned int length, unsigned int room)
{
	struct rc_stream *stream;
	int n;

	spin_lock(&session->lock);
	stream = rc_session_need(session, ssrc);
	n = IS_ERR(stream) ? PTR_ERR(stream) : rc_srtcp_send(cpu, &session->key, &stream->rtcp, packet, length, room);
	spin_unlock(&session->lock);
	return n;
}

void rc_session_follow_rtp(struct rc_session *session, u32 ssrc, u16 sequence)
{
	struct rc_stream *stream;
	u64 index;

	spin_lock(&session->lock);
	stream = rc_session_need(session, ssrc);
	if (!IS_ERR(stream)) {
		index = rc_index_guess(&stream->rtp, sequence);
		if (index <= RC_RTP_INDEX_MAX)
			rc_replay_commit(&stream->rtp, index);
	}
	spin_unlock(&session->lock);
}
