// SPDX-License-Identifier: GPL-2.0
#include "reply.h"

/* Indices told per session: all where few sessions are told, the newest where many are. */
#define RC_REPLY_STATES_MANY 8

static unsigned int rc_reply_states_max(const struct rc_target *target)
{
	return rc_target_outputs(target) > 8 ? RC_REPLY_STATES_MANY : RTPC_MAX_SRTP_SSRCS / 8;
}

unsigned int rc_reply_size(const struct rc_target *target)
{
	unsigned int states = rc_reply_states_max(target) * sizeof(struct rtpc_srtp_state);

	return 8192 + target->cookie_length + states + rc_target_outputs(target) * (1280 + 2 * states);
}

static int rc_reply_addr(struct sk_buff *msg, int type, const struct rc_addr *addr)
{
	struct rtpc_addr uapi;

	rc_addr_to_uapi(addr, &uapi);
	return nla_put(msg, type, sizeof(uapi), &uapi);
}

static int rc_reply_states(struct sk_buff *msg, struct rc_session *session, struct nlattr *attr, unsigned int max)
{
	struct rtpc_srtp_state *state = nla_data(attr);
	unsigned int n = rc_session_export(session, state, max);

	/* What was reserved and not needed. */
	nlmsg_trim(msg, (u8 *)(state + n));
	attr->nla_len = nla_attr_size(n * sizeof(*state));
	return 0;
}

static int rc_reply_session_states(struct sk_buff *msg, int type, struct rc_session *session, unsigned int max)
{
	unsigned int n = min(READ_ONCE(session->streams_n), max);
	struct nlattr *attr;

	if (!n)
		return 0;
	attr = nla_reserve(msg, type, n * sizeof(struct rtpc_srtp_state));
	return attr ? rc_reply_states(msg, session, attr, n) : -EMSGSIZE;
}

static int rc_reply_secret(struct sk_buff *msg, const struct rc_srtp_params *params)
{
	const struct rc_srtp_suite_info *suite = rc_srtp_suite_info(params->suite);

	if (!(params->flags & RC_SRTP_SESSION_KEYS))
		return nla_put(msg, RTPC_C_MASTER_KEY, suite->key_length, params->master_key) ||
		       nla_put(msg, RTPC_C_MASTER_SALT, suite->salt_length, params->master_salt);
	if (nla_put(msg, RTPC_C_RTP_KEY, suite->key_length, params->rtp.key) ||
	    nla_put(msg, RTPC_C_RTP_SALT, suite->salt_length, params->rtp.salt) ||
	    nla_put(msg, RTPC_C_RTCP_KEY, suite->key_length, params->rtcp.key) ||
	    nla_put(msg, RTPC_C_RTCP_SALT, suite->salt_length, params->rtcp.salt))
		return -EMSGSIZE;
	return suite->auth_length && (nla_put(msg, RTPC_C_RTP_AUTH, suite->auth_length, params->rtp.auth) ||
				      nla_put(msg, RTPC_C_RTCP_AUTH, suite->auth_length, params->rtcp.auth));
}

static int rc_reply_crypto(struct sk_buff *msg, int type, const struct rc_session *session, u32 what)
{
	const struct rc_srtp_params *params = &session->key.params;
	struct nlattr *nest = nla_nest_start(msg, type);

	if (!nest || nla_put_u64_64bit(msg, RTPC_C_ID, session->id.id, RTPC_C_PAD) || nla_put_u8(msg, RTPC_C_SUITE, params->suite) ||
	    nla_put_u32(msg, RTPC_C_FLAGS, params->flags & RTPC_CF_ALL) ||
	    (params->mki_length && nla_put(msg, RTPC_C_MKI, params->mki_length, params->mki)) ||
	    (what & RC_REPLY_KEYS && rc_reply_secret(msg, params)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int rc_reply_ssrcs(struct sk_buff *msg, const struct rc_flow *flow)
{
	const struct rc_ssrc *ssrc;
	struct rtpc_ssrc_stats one;
	struct nlattr *attr;
	u8 *to;

	if (!flow->ssrcs_n)
		return 0;
	attr = nla_reserve(msg, RTPC_A_SSRC_STATS, flow->ssrcs_n * sizeof(one));
	if (!attr)
		return -EMSGSIZE;
	to = nla_data(attr);
	for (ssrc = flow->ssrcs; ssrc; ssrc = ssrc->next, to += sizeof(one)) {
		rc_flow_export_ssrc(ssrc, &one);
		memcpy(to, &one, sizeof(one)); /* attributes are aligned to 4 only */
	}
	return 0;
}

static int rc_reply_pts(struct sk_buff *msg, const struct rc_flow *flow)
{
	struct rtpc_pt_stats one = {};
	struct nlattr *attr;
	unsigned int i;

	if (!flow->pts_n)
		return 0;
	attr = nla_reserve(msg, RTPC_A_PT_STATS, flow->pts_n * sizeof(one));
	if (!attr)
		return -EMSGSIZE;
	for (i = 0; i < flow->pts_n; i++) {
		one.packets = flow->pts[i].packets;
		one.bytes = flow->pts[i].bytes;
		one.pt = flow->pts[i].pt;
		memcpy((u8 *)nla_data(attr) + i * sizeof(one), &one, sizeof(one));
	}
	return 0;
}

static void rc_reply_output_stats(const struct rc_output *output, struct rtpc_output_stats *stats)
{
	*stats = output->count->stats;
	stats->errors += READ_ONCE(output->count->send_errors);
}

static int rc_reply_outputs_stats(struct sk_buff *msg, const struct rc_target *target)
{
	struct rtpc_output_stats one;
	struct nlattr *attr;
	unsigned int i, n = rc_target_outputs(target);

	if (!n)
		return 0;
	attr = nla_reserve(msg, RTPC_A_OUTPUT_STATS, n * sizeof(one));
	if (!attr)
		return -EMSGSIZE;
	for (i = 0; i < n; i++) {
		rc_reply_output_stats(&target->output[i], &one);
		memcpy((u8 *)nla_data(attr) + i * sizeof(one), &one, sizeof(one));
	}
	return 0;
}

/* The indices of all of a target's sessions, each session once. */
static int rc_reply_all_states(struct sk_buff *msg, const struct rc_target *target)
{
	unsigned int i, max = rc_reply_states_max(target);
	struct rc_session *session = target->session, *last = NULL;
	int err = session ? rc_reply_session_states(msg, RTPC_A_SRTP_STATE, session, max) : 0;

	for (i = 0; i < rc_target_outputs(target) && !err; i++) {
		session = target->output[i].session;
		if (session && session != last)
			err = rc_reply_session_states(msg, RTPC_A_SRTP_STATE, session, max);
		last = session;
	}
	return err;
}

static int rc_reply_counters(struct sk_buff *msg, const struct rc_target *target, u32 what)
{
	struct rc_flow *flow = target->flow;
	struct rtpc_stats stats;
	int err;

	spin_lock_bh(&flow->lock);
	rc_flow_export(flow, &stats);
	err = nla_put(msg, RTPC_A_STATS, sizeof(stats), &stats);
	if (!err && what & RTPC_DETAIL_SSRC)
		err = rc_reply_ssrcs(msg, flow);
	if (!err && what & RTPC_DETAIL_PT)
		err = rc_reply_pts(msg, flow);
	if (!err && what & RTPC_DETAIL_OUTPUT)
		err = rc_reply_outputs_stats(msg, target);
	spin_unlock_bh(&flow->lock);
	if (!err && what & RTPC_DETAIL_SRTP)
		err = rc_reply_all_states(msg, target);
	return err;
}

static int rc_reply_config(struct sk_buff *msg, const struct rc_target *target, u32 what)
{
	if (nla_put_u8(msg, RTPC_A_KIND, target->kind) || nla_put_u32(msg, RTPC_A_TARGET_FLAGS, READ_ONCE(target->flags)) ||
	    nla_put_u8(msg, RTPC_A_MISMATCH, target->mismatch) || nla_put_u8(msg, RTPC_A_SSRC_UNKNOWN, target->ssrc_unknown) ||
	    nla_put_u8(msg, RTPC_A_PT_UNKNOWN, target->pt_unknown) || nla_put_u32(msg, RTPC_A_IDLE, target->idle) ||
	    nla_put_u32(msg, RTPC_A_RTCP_MARK, target->rtcp_mark) ||
	    nla_put_u64_64bit(msg, RTPC_A_EPOCH, target->epoch, RTPC_A_PAD))
		return -EMSGSIZE;
	if ((target->expect.family && rc_reply_addr(msg, RTPC_A_EXPECT, &target->expect)) ||
	    (target->ssrcs_n && nla_put(msg, RTPC_A_SSRCS, target->ssrcs_n * sizeof(u32), target->ssrcs)) ||
	    (target->pts_n && nla_put(msg, RTPC_A_PTS, target->pts_n * sizeof(target->pts[0]), target->pts)) ||
	    (target->cookie_length && nla_put(msg, RTPC_A_COOKIE, target->cookie_length, target->cookie)))
		return -EMSGSIZE;
	return target->session ? rc_reply_crypto(msg, RTPC_A_CRYPTO, target->session, what) : 0;
}

int rc_reply_head(struct sk_buff *msg, const struct rc_target *target, u32 what)
{
	int err = rc_reply_addr(msg, RTPC_A_LOCAL, &target->local);

	if (!err && what & RC_REPLY_CONFIG)
		err = rc_reply_config(msg, target, what);
	if (!err)
		err = rc_reply_counters(msg, target, what);
	return err ? -EMSGSIZE : 0;
}

static int rc_reply_pt_map(struct sk_buff *msg, const struct rc_rules *rules)
{
	struct rtpc_pt_map map[RTPC_MAX_PT_MAP];
	unsigned int i, n = 0;

	for (i = 0; i < 128 && n < RTPC_MAX_PT_MAP; i++)
		if (rules->pt[i] != i)
			map[n++] = (struct rtpc_pt_map){ .from = i, .to = rules->pt[i] };
	return nla_put(msg, RTPC_O_PT_MAP, n * sizeof(*map), map);
}

static int rc_reply_ext_ids(struct sk_buff *msg, const struct rc_rules *rules)
{
	u8 ids[RTPC_MAX_EXT_IDS];
	unsigned int i, n = 0;

	for (i = 0; i < 256 && n < RTPC_MAX_EXT_IDS; i++)
		if (rules->ext_ids[i / 64] >> (i % 64) & 1)
			ids[n++] = i;
	return nla_put(msg, rules->ext_mode == RC_EXT_STRIP ? RTPC_O_EXT_STRIP : RTPC_O_EXT_KEEP, n, ids);
}

static int rc_reply_rules(struct sk_buff *msg, const struct rc_rules *rules)
{
	if (rules->ssrcs && nla_put(msg, RTPC_O_SSRC_MAP, rules->ssrcs * sizeof(rules->ssrc[0]), rules->ssrc))
		return -EMSGSIZE;
	if (rules->has_pts && rc_reply_pt_map(msg, rules))
		return -EMSGSIZE;
	if ((rules->ext_mode == RC_EXT_STRIP || rules->ext_mode == RC_EXT_KEEP) && rc_reply_ext_ids(msg, rules))
		return -EMSGSIZE;
	return rules->mid_id && (nla_put_u8(msg, RTPC_O_MID_ID, rules->mid_id) || nla_put(msg, RTPC_O_MID, rules->mid_length, rules->mid));
}

int rc_reply_output(struct sk_buff *msg, const struct rc_target *target, const struct rc_output *output, u32 what)
{
	struct nlattr *nest = nla_nest_start(msg, RTPC_A_OUTPUT);
	u8 hold = READ_ONCE(output->hold);
	struct rtpc_output_stats stats;

	if (!nest)
		return -EMSGSIZE;
	spin_lock_bh(&target->flow->lock);
	rc_reply_output_stats(output, &stats);
	spin_unlock_bh(&target->flow->lock);
	if (nla_put_u32(msg, RTPC_O_ID, output->id) || (output->rtcp && nla_put_flag(msg, RTPC_O_RTCP)) ||
	    rc_reply_addr(msg, RTPC_O_SRC, &output->src) || (output->dst.family && rc_reply_addr(msg, RTPC_O_DST, &output->dst)) ||
	    nla_put_u8(msg, RTPC_O_TOS, output->tos) || (output->ttl && nla_put_u8(msg, RTPC_O_TTL, output->ttl)) ||
	    nla_put_u32(msg, RTPC_O_FLAGS, READ_ONCE(output->flags)) || (hold && nla_put_u8(msg, RTPC_O_HOLD, hold)) ||
	    (output->rules && rc_reply_rules(msg, output->rules)) || nla_put(msg, RTPC_O_STATS, sizeof(stats), &stats))
		goto err_cancel;
	if (output->session && (rc_reply_crypto(msg, RTPC_O_CRYPTO, output->session, what) ||
				rc_reply_session_states(msg, RTPC_O_SRTP_STATE, output->session, rc_reply_states_max(target))))
		goto err_cancel;
	nla_nest_end(msg, nest);
	return 0;

err_cancel:
	nla_nest_cancel(msg, nest);
	return -EMSGSIZE;
}
