// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include "parse.h"
#include "policy.h"

int rc_netlink_addr(const struct nlattr *attr, struct rc_addr *addr, struct netlink_ext_ack *extack)
{
	static const u8 zeros[12];
	struct rtpc_addr uapi;

	memcpy(&uapi, nla_data(attr), sizeof(uapi));
	memset(addr, 0, sizeof(*addr));
	if (uapi.family == AF_INET && !memcmp(uapi.addr + 4, zeros, sizeof(zeros))) {
		memcpy(&addr->v4, uapi.addr, sizeof(addr->v4));
	} else if (uapi.family == AF_INET6) {
		memcpy(&addr->v6, uapi.addr, sizeof(addr->v6));
	} else {
		NL_SET_ERR_MSG_ATTR(extack, attr, "neither an IPv4 nor an IPv6 address");
		return -EAFNOSUPPORT;
	}
	if (!uapi.port || !(addr->word[0] | addr->word[1] | addr->word[2] | addr->word[3])) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "address and port may not be 0");
		return -EADDRNOTAVAIL;
	}
	addr->family = uapi.family;
	addr->port = uapi.port;
	return 0;
}

static int rc_parse_secret(struct nlattr **tb, int type, u8 *to, unsigned int length, struct netlink_ext_ack *extack)
{
	if (!tb[type]) {
		NL_SET_ERR_MSG(extack, "key material is missing");
		return -EINVAL;
	}
	if ((unsigned int)nla_len(tb[type]) != length) {
		NL_SET_ERR_MSG_ATTR(extack, tb[type], "length is not that of the suite");
		return -EINVAL;
	}
	memcpy(to, nla_data(tb[type]), length);
	return 0;
}

static int rc_parse_session_keys(struct nlattr **tb, const int types[3], struct rc_srtp_session_keys *keys,
				 const struct rc_srtp_suite_info *suite, struct netlink_ext_ack *extack)
{
	int err = rc_parse_secret(tb, types[0], keys->key, suite->key_length, extack);

	if (!err)
		err = rc_parse_secret(tb, types[1], keys->salt, suite->salt_length, extack);
	if (!err && suite->auth_length)
		err = rc_parse_secret(tb, types[2], keys->auth, suite->auth_length, extack);
	if (!err && !suite->auth_length && tb[types[2]]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[types[2]], "the suite has no authentication key");
		err = -EINVAL;
	}
	return err;
}

static int rc_parse_params(struct nlattr **tb, struct rc_srtp_params *params, struct netlink_ext_ack *extack)
{
	static const int rtp[3] = { RTPC_C_RTP_KEY, RTPC_C_RTP_SALT, RTPC_C_RTP_AUTH };
	static const int rtcp[3] = { RTPC_C_RTCP_KEY, RTPC_C_RTCP_SALT, RTPC_C_RTCP_AUTH };
	const struct rc_srtp_suite_info *suite;
	int err;

	if (!tb[RTPC_C_ID] || !tb[RTPC_C_SUITE]) {
		NL_SET_ERR_MSG(extack, "crypto needs an id and a suite");
		return -EINVAL;
	}
	params->suite = nla_get_u8(tb[RTPC_C_SUITE]);
	params->flags = tb[RTPC_C_FLAGS] ? nla_get_u32(tb[RTPC_C_FLAGS]) : 0;
	suite = rc_srtp_suite_info(params->suite);
	if (!suite) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RTPC_C_SUITE], "unknown suite");
		return -EOPNOTSUPP;
	}
	if (tb[RTPC_C_MKI]) {
		params->mki_length = nla_len(tb[RTPC_C_MKI]);
		memcpy(params->mki, nla_data(tb[RTPC_C_MKI]), params->mki_length);
	}
	if (tb[RTPC_C_RTP_KEY]) {
		if (tb[RTPC_C_MASTER_KEY] || tb[RTPC_C_MASTER_SALT]) {
			NL_SET_ERR_MSG(extack, "either a master key or session keys");
			return -EINVAL;
		}
		params->flags |= RC_SRTP_SESSION_KEYS;
		err = rc_parse_session_keys(tb, rtp, &params->rtp, suite, extack);
		return err ? err : rc_parse_session_keys(tb, rtcp, &params->rtcp, suite, extack);
	}
	if (tb[RTPC_C_RTP_SALT] || tb[RTPC_C_RTP_AUTH] || tb[RTPC_C_RTCP_KEY] || tb[RTPC_C_RTCP_SALT] || tb[RTPC_C_RTCP_AUTH]) {
		NL_SET_ERR_MSG(extack, "session keys are given whole or not at all");
		return -EINVAL;
	}
	err = rc_parse_secret(tb, RTPC_C_MASTER_KEY, params->master_key, suite->key_length, extack);
	return err ? err : rc_parse_secret(tb, RTPC_C_MASTER_SALT, params->master_salt, suite->salt_length, extack);
}

static struct rc_session *rc_parse_session(struct rc_table *table, const struct nlattr *nest, enum rtpc_direction direction,
					   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RTPC_C_MAX + 1], *seed;
	struct rc_srtp_params params = {};
	struct rc_session_id id = { .direction = direction };
	struct rc_session *session;
	struct rtpc_srtp_state state;
	int err, at;

	err = nla_parse_nested(tb, RTPC_C_MAX, nest, rc_policy_crypto, extack);
	if (!err)
		err = rc_parse_params(tb, &params, extack);
	if (err)
		goto err_wipe;
	id.id = nla_get_u64(tb[RTPC_C_ID]);
	session = rc_session_get(table, &id, &params);
	if (IS_ERR(session)) {
		err = PTR_ERR(session);
		NL_SET_ERR_MSG_ATTR(extack, nest, "the keys cannot be set up");
		goto err_wipe;
	}
	seed = tb[RTPC_C_SRTP_STATE];
	for (at = 0; seed && at < nla_len(seed); at += sizeof(state)) {
		memcpy(&state, nla_data(seed) + at, sizeof(state));
		err = rc_session_seed(session, &state);
		if (err) {
			NL_SET_ERR_MSG_ATTR(extack, seed, "the indices cannot be kept");
			rc_session_put(session);
			goto err_wipe;
		}
	}
	memzero_explicit(&params, sizeof(params));
	return session;

err_wipe:
	memzero_explicit(&params, sizeof(params));
	return ERR_PTR(err);
}

static int rc_parse_ssrc_map(const struct nlattr *attr, struct rc_rules *rules, struct netlink_ext_ack *extack)
{
	unsigned int i, n = nla_len(attr) / sizeof(struct rtpc_ssrc_map);
	struct rtpc_ssrc_map map;
	bool any = false;

	for (i = 0; i < n; i++) {
		memcpy(&map, nla_data(attr) + i * sizeof(map), sizeof(map));
		if (map.flags & ~RTPC_SSRC_ANY || (map.flags && any)) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "unknown flag, or two entries for any SSRC");
			return -EINVAL;
		}
		if (map.flags) {
			any = true;
			rules->ssrc[n - 1] = map;
		} else {
			rules->ssrc[i - any] = map;
		}
	}
	rules->ssrcs = n;
	rules->has_any = any;
	return 0;
}

static int rc_parse_pt_map(const struct nlattr *attr, struct rc_rules *rules, struct netlink_ext_ack *extack)
{
	const struct rtpc_pt_map *map = nla_data(attr);
	unsigned int i;

	for (i = 0; i < 128; i++)
		rules->pt[i] = i;
	for (i = 0; i < nla_len(attr) / sizeof(*map); i++) {
		if (map[i].from > 127 || map[i].to > 127) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "payload types are 0 to 127");
			return -ERANGE;
		}
		rules->pt[map[i].from] = map[i].to;
	}
	rules->has_pts = true;
	return 0;
}

static void rc_parse_ext_ids(const struct nlattr *attr, struct rc_rules *rules, enum rc_ext_mode mode)
{
	const u8 *ids = nla_data(attr);
	int i;

	for (i = 0; i < nla_len(attr); i++)
		rules->ext_ids[ids[i] / 64] |= 1ULL << (ids[i] % 64);
	rules->ext_mode = mode;
}

static int rc_parse_extensions(struct nlattr **tb, u32 flags, struct rc_rules *rules, struct netlink_ext_ack *extack)
{
	if (!!tb[RTPC_O_EXT_STRIP] + !!tb[RTPC_O_EXT_KEEP] + !!(flags & RTPC_OF_STRIP_EXT) > 1) {
		NL_SET_ERR_MSG(extack, "header extensions: strip some, keep some or strip all, not more than one of these");
		return -EINVAL;
	}
	if (!tb[RTPC_O_MID] != !tb[RTPC_O_MID_ID]) {
		NL_SET_ERR_MSG(extack, "a MID needs its header extension id and the other way round");
		return -EINVAL;
	}
	if (tb[RTPC_O_EXT_STRIP])
		rc_parse_ext_ids(tb[RTPC_O_EXT_STRIP], rules, RC_EXT_STRIP);
	if (tb[RTPC_O_EXT_KEEP])
		rc_parse_ext_ids(tb[RTPC_O_EXT_KEEP], rules, RC_EXT_KEEP);
	if (flags & RTPC_OF_STRIP_EXT)
		rules->ext_mode = RC_EXT_NONE;
	if (tb[RTPC_O_MID]) {
		rules->mid_id = nla_get_u8(tb[RTPC_O_MID_ID]);
		rules->mid_length = nla_len(tb[RTPC_O_MID]);
		memcpy(rules->mid, nla_data(tb[RTPC_O_MID]), rules->mid_length);
	}
	return 0;
}

static int rc_parse_rules(struct nlattr **tb, struct rc_output *output, struct netlink_ext_ack *extack)
{
	struct rc_rules *rules;
	int err = 0;

	if (!tb[RTPC_O_SSRC_MAP] && !tb[RTPC_O_PT_MAP] && !tb[RTPC_O_EXT_STRIP] && !tb[RTPC_O_EXT_KEEP] && !tb[RTPC_O_MID] &&
	    !tb[RTPC_O_MID_ID] && !(output->flags & RTPC_OF_STRIP_EXT))
		return 0;
	rules = kzalloc(sizeof(*rules), GFP_KERNEL_ACCOUNT);
	if (!rules)
		return -ENOMEM;
	output->rules = rules; /* freed with the target, also after an error */
	if (tb[RTPC_O_SSRC_MAP])
		err = rc_parse_ssrc_map(tb[RTPC_O_SSRC_MAP], rules, extack);
	if (!err && tb[RTPC_O_PT_MAP])
		err = rc_parse_pt_map(tb[RTPC_O_PT_MAP], rules, extack);
	return err ? err : rc_parse_extensions(tb, output->flags, rules, extack);
}

static int rc_parse_output_addresses(struct nlattr **tb, struct rc_output *output, struct netlink_ext_ack *extack)
{
	int err;

	if (tb[RTPC_O_HOLD])
		output->hold = nla_get_u8(tb[RTPC_O_HOLD]);
	if (output->hold && output->hold < RTPC_DROP_NO_OUTPUT) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RTPC_O_HOLD], "no reason to hold a packet");
		return -ERANGE;
	}
	if (!tb[RTPC_O_ID] || !tb[RTPC_O_SRC] || (!tb[RTPC_O_DST] && !output->hold)) {
		NL_SET_ERR_MSG(extack, "an output needs an id, a source and, unless it is held, a destination");
		return -EINVAL;
	}
	output->id = nla_get_u32(tb[RTPC_O_ID]);
	err = rc_netlink_addr(tb[RTPC_O_SRC], &output->src, extack);
	if (err || !tb[RTPC_O_DST])
		return err;
	err = rc_netlink_addr(tb[RTPC_O_DST], &output->dst, extack);
	if (!err && output->src.family != output->dst.family) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RTPC_O_DST], "source and destination are of different families");
		err = -EAFNOSUPPORT;
	}
	return err;
}

static int rc_parse_output(struct rc_table *table, struct rc_target *target, struct nlattr **tb, struct rc_output *output,
			   struct netlink_ext_ack *extack)
{
	int err;

	output->flags = tb[RTPC_O_FLAGS] ? nla_get_u32(tb[RTPC_O_FLAGS]) : 0;
	output->tos = tb[RTPC_O_TOS] ? nla_get_u8(tb[RTPC_O_TOS]) : 0;
	output->ttl = tb[RTPC_O_TTL] ? nla_get_u8(tb[RTPC_O_TTL]) : 0;
	output->rtcp = tb[RTPC_O_RTCP];
	err = rc_parse_output_addresses(tb, output, extack);
	if (!err)
		err = rc_parse_rules(tb, output, extack);
	if (!err && tb[RTPC_O_CRYPTO]) {
		output->session = rc_parse_session(table, tb[RTPC_O_CRYPTO], RTPC_DIRECTION_OUT, extack);
		if (IS_ERR(output->session)) {
			err = PTR_ERR(output->session);
			output->session = NULL;
		}
	}
	if (err)
		return err;
	if (target->kind == RTPC_KIND_RAW && (output->session || output->rules || output->rtcp)) {
		NL_SET_ERR_MSG(extack, "raw packets are not rewritten, not encrypted, and have no RTCP");
		return -EINVAL;
	}
	if (output->flags & RTPC_OF_PASSTHROUGH &&
	    (output->rules || output->flags & RTPC_OF_SILENCED || !output->session || !target->session ||
	     !rc_session_has_params(output->session, &target->session->key.params))) {
		NL_SET_ERR_MSG(extack, "passthrough needs equal keys on both sides and nothing to rewrite");
		return -EINVAL;
	}
	return 0;
}

/* RTP outputs come first in the target whatever their order in the message. */
static int rc_parse_outputs(struct rc_table *table, struct rc_target *target, struct genl_info *info, unsigned int rtp_n, unsigned int n)
{
	struct nlattr *tb[RTPC_O_MAX + 1];
	unsigned int rtp = 0, rtcp = rtp_n, i;
	const struct nlattr *attr;
	struct rc_output *output;
	int rest, err;

	/* From here on rc_target_free() sees all of them; what is not filled yet is zero. */
	target->rtp_n = rtp_n;
	target->rtcp_n = n - rtp_n;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) != RTPC_A_OUTPUT)
			continue;
		err = nla_parse_nested(tb, RTPC_O_MAX, attr, rc_policy_output, info->extack);
		if (err)
			return err;
		output = &target->output[tb[RTPC_O_RTCP] ? rtcp++ : rtp++];
		err = rc_parse_output(table, target, tb, output, info->extack);
		if (err)
			return err;
		for (i = 0; i < n; i++) {
			if (&target->output[i] != output && target->output[i].src.family && target->output[i].id == output->id) {
				NL_SET_ERR_MSG_ATTR(info->extack, attr, "two outputs have the same id");
				return -EINVAL;
			}
		}
	}
	return 0;
}

static int rc_parse_count_outputs(struct genl_info *info, unsigned int *rtp_n, unsigned int *n)
{
	struct nlattr *tb[RTPC_O_MAX + 1];
	const struct nlattr *attr;
	int rest, err;

	*rtp_n = *n = 0;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) != RTPC_A_OUTPUT)
			continue;
		err = nla_parse_nested(tb, RTPC_O_MAX, attr, rc_policy_output, info->extack);
		if (err)
			return err;
		*n += 1;
		*rtp_n += !tb[RTPC_O_RTCP];
	}
	if (*n > RTPC_MAX_OUTPUTS) {
		NL_SET_ERR_MSG(info->extack, "more than 256 outputs");
		return -E2BIG;
	}
	return 0;
}

static int rc_parse_pts(const struct nlattr *attr, struct rc_target *target, struct netlink_ext_ack *extack)
{
	unsigned int i, n = nla_len(attr) / sizeof(struct rtpc_pt);
	struct rtpc_pt *pt;

	for (i = 0; i < n; i++) {
		pt = &target->pts[i];
		memcpy(pt, nla_data(attr) + i * sizeof(*pt), sizeof(*pt));
		if (pt->pt > 127 || target->pt_slot[pt->pt]) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "payload types are 0 to 127, each once");
			return -EINVAL;
		}
		if (pt->action >= __RTPC_ACTION_MAX || pt->flags & ~RTPC_PT_DTMF || pt->silence_len > sizeof(pt->silence) ||
		    pt->clock_rate > 1000000 || pt->reserved) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "a field of a payload type is out of range");
			return -ERANGE;
		}
		target->pt_slot[pt->pt] = i + 1;
	}
	target->pts_n = n;
	return 0;
}

static int rc_parse_scalars(struct rc_target *target, struct genl_info *info)
{
	struct nlattr **tb = info->attrs;
	int err;

	if (!tb[RTPC_A_KIND]) {
		NL_SET_ERR_MSG(info->extack, "the kind is missing");
		return -EINVAL;
	}
	target->kind = nla_get_u8(tb[RTPC_A_KIND]);
	target->flags = tb[RTPC_A_TARGET_FLAGS] ? nla_get_u32(tb[RTPC_A_TARGET_FLAGS]) & ~RTPC_TF_RESET : 0;
	target->mismatch = tb[RTPC_A_MISMATCH] ? nla_get_u8(tb[RTPC_A_MISMATCH]) : RTPC_MISMATCH_IGNORE;
	target->ssrc_unknown = tb[RTPC_A_SSRC_UNKNOWN] ? nla_get_u8(tb[RTPC_A_SSRC_UNKNOWN]) : RTPC_ACTION_FORWARD;
	target->pt_unknown = tb[RTPC_A_PT_UNKNOWN] ? nla_get_u8(tb[RTPC_A_PT_UNKNOWN]) : RTPC_ACTION_FORWARD;
	target->idle = tb[RTPC_A_IDLE] ? nla_get_u32(tb[RTPC_A_IDLE]) : 0;
	target->rtcp_mark = tb[RTPC_A_RTCP_MARK] ? nla_get_u32(tb[RTPC_A_RTCP_MARK]) : 0;
	target->epoch = tb[RTPC_A_EPOCH] ? nla_get_u64(tb[RTPC_A_EPOCH]) : 0;
	if (tb[RTPC_A_EXPECT]) {
		err = rc_netlink_addr(tb[RTPC_A_EXPECT], &target->expect, info->extack);
		if (err)
			return err;
	} else if (target->mismatch != RTPC_MISMATCH_IGNORE) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[RTPC_A_MISMATCH], "a mismatch needs an expected source");
		return -EINVAL;
	}
	if (tb[RTPC_A_SSRCS]) {
		target->ssrcs_n = nla_len(tb[RTPC_A_SSRCS]) / sizeof(u32);
		memcpy(target->ssrcs, nla_data(tb[RTPC_A_SSRCS]), nla_len(tb[RTPC_A_SSRCS]));
	}
	if (tb[RTPC_A_COOKIE] && nla_len(tb[RTPC_A_COOKIE])) {
		target->cookie = nla_memdup(tb[RTPC_A_COOKIE], GFP_KERNEL_ACCOUNT);
		if (!target->cookie)
			return -ENOMEM;
		target->cookie_length = nla_len(tb[RTPC_A_COOKIE]);
	}
	return tb[RTPC_A_PTS] ? rc_parse_pts(tb[RTPC_A_PTS], target, info->extack) : 0;
}

void rc_parse_summarize(struct rc_target *target)
{
	const struct rc_output *output;
	bool passes = target->rtp_n, crypto = target->session, changes = target->session;
	unsigned int i;

	for (i = 0; i < rc_target_outputs(target); i++) {
		output = &target->output[i];
		crypto |= !!output->session;
		changes |= output->session || output->rules || READ_ONCE(output->flags) & RTPC_OF_SILENCED;
		if (!output->rtcp)
			passes &= !!(output->flags & RTPC_OF_PASSTHROUGH);
	}
	target->passes = passes;
	target->crypto = crypto;
	WRITE_ONCE(target->changes, changes);
}

struct rc_target *rc_parse_target(struct rc_table *table, struct genl_info *info, const struct rc_addr *local)
{
	const struct nlattr *crypto = info->attrs[RTPC_A_CRYPTO];
	unsigned int rtp_n, n;
	struct rc_target *target;
	int err;

	err = rc_parse_count_outputs(info, &rtp_n, &n);
	if (err)
		return ERR_PTR(err);
	target = rc_target_new(table->rcn, n);
	if (!target)
		return ERR_PTR(-ENOMEM);
	target->local = *local;
	err = rc_parse_scalars(target, info);
	if (err)
		goto err_free;
	if (crypto && target->kind == RTPC_KIND_RAW) {
		NL_SET_ERR_MSG_ATTR(info->extack, crypto, "raw packets have no keys");
		err = -EINVAL;
		goto err_free;
	}
	if (crypto) {
		target->session = rc_parse_session(table, crypto, RTPC_DIRECTION_IN, info->extack);
		if (IS_ERR(target->session)) {
			err = PTR_ERR(target->session);
			target->session = NULL;
			goto err_free;
		}
	}
	err = rc_parse_outputs(table, target, info, rtp_n, n);
	if (err)
		goto err_free;
	rc_parse_summarize(target);
	return target;

err_free:
	rc_target_free(target);
	return ERR_PTR(err);
}
