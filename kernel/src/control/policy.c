// SPDX-License-Identifier: GPL-2.0
/* What the attributes may look like; everything that netlink can check by itself is checked here. */
#include "policy.h"

static int rc_policy_array(const struct nlattr *attr, unsigned int size, unsigned int max, struct netlink_ext_ack *extack)
{
	if (nla_len(attr) % size) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "length is no multiple of the entry");
		return -EINVAL;
	}
	if (nla_len(attr) / size > max) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too many entries");
		return -E2BIG;
	}
	return 0;
}

#define RC_POLICY_ARRAY(name, type, max)								\
	static int rc_policy_check_##name(const struct nlattr *attr, struct netlink_ext_ack *extack)	\
	{												\
		return rc_policy_array(attr, sizeof(type), max, extack);				\
	}

RC_POLICY_ARRAY(ssrcs, u32, RTPC_MAX_SSRCS)
RC_POLICY_ARRAY(pts, struct rtpc_pt, RTPC_MAX_PTS)
RC_POLICY_ARRAY(ssrc_map, struct rtpc_ssrc_map, RTPC_MAX_SSRC_MAP)
RC_POLICY_ARRAY(pt_map, struct rtpc_pt_map, RTPC_MAX_PT_MAP)
RC_POLICY_ARRAY(srtp_state, struct rtpc_srtp_state, RTPC_MAX_SRTP_SSRCS)

static struct netlink_range_validation rc_range_not_zero = { .min = 1, .max = U64_MAX };
static struct netlink_range_validation rc_range_day = { .min = 0, .max = 86400 };

const struct nla_policy rc_policy_crypto[RTPC_C_MAX + 1] = {
	[RTPC_C_ID] = NLA_POLICY_FULL_RANGE(NLA_U64, &rc_range_not_zero),
	[RTPC_C_SUITE] = NLA_POLICY_RANGE(NLA_U8, 1, __RTPC_SUITE_MAX - 1),
	[RTPC_C_MASTER_KEY] = NLA_POLICY_RANGE(NLA_BINARY, 16, RC_SRTP_KEY_MAX),
	[RTPC_C_MASTER_SALT] = NLA_POLICY_RANGE(NLA_BINARY, 12, RC_SRTP_SALT_MAX),
	[RTPC_C_RTP_KEY] = NLA_POLICY_RANGE(NLA_BINARY, 16, RC_SRTP_KEY_MAX),
	[RTPC_C_RTP_SALT] = NLA_POLICY_RANGE(NLA_BINARY, 12, RC_SRTP_SALT_MAX),
	[RTPC_C_RTP_AUTH] = NLA_POLICY_EXACT_LEN(RC_SRTP_AUTH_LENGTH),
	[RTPC_C_RTCP_KEY] = NLA_POLICY_RANGE(NLA_BINARY, 16, RC_SRTP_KEY_MAX),
	[RTPC_C_RTCP_SALT] = NLA_POLICY_RANGE(NLA_BINARY, 12, RC_SRTP_SALT_MAX),
	[RTPC_C_RTCP_AUTH] = NLA_POLICY_EXACT_LEN(RC_SRTP_AUTH_LENGTH),
	[RTPC_C_MKI] = NLA_POLICY_RANGE(NLA_BINARY, 1, RTPC_MAX_MKI),
	[RTPC_C_FLAGS] = NLA_POLICY_MASK(NLA_U32, RTPC_CF_ALL),
	[RTPC_C_SRTP_STATE] = NLA_POLICY_VALIDATE_FN(NLA_BINARY, rc_policy_check_srtp_state),
};

const struct nla_policy rc_policy_output[RTPC_O_MAX + 1] = {
	[RTPC_O_ID] = { .type = NLA_U32 },
	[RTPC_O_RTCP] = { .type = NLA_FLAG },
	[RTPC_O_SRC] = NLA_POLICY_EXACT_LEN(sizeof(struct rtpc_addr)),
	[RTPC_O_DST] = NLA_POLICY_EXACT_LEN(sizeof(struct rtpc_addr)),
	[RTPC_O_TOS] = { .type = NLA_U8 },
	[RTPC_O_TTL] = NLA_POLICY_RANGE(NLA_U8, 1, 255),
	[RTPC_O_FLAGS] = NLA_POLICY_MASK(NLA_U32, RTPC_OF_ALL),
	[RTPC_O_HOLD] = NLA_POLICY_RANGE(NLA_U8, 0, RTPC_DROP_SILENCED),
	[RTPC_O_CRYPTO] = NLA_POLICY_NESTED(rc_policy_crypto),
	[RTPC_O_SSRC_MAP] = NLA_POLICY_VALIDATE_FN(NLA_BINARY, rc_policy_check_ssrc_map),
	[RTPC_O_PT_MAP] = NLA_POLICY_VALIDATE_FN(NLA_BINARY, rc_policy_check_pt_map),
	[RTPC_O_EXT_STRIP] = { .type = NLA_BINARY, .len = RTPC_MAX_EXT_IDS },
	[RTPC_O_EXT_KEEP] = { .type = NLA_BINARY, .len = RTPC_MAX_EXT_IDS },
	[RTPC_O_MID_ID] = NLA_POLICY_RANGE(NLA_U8, 1, 14),
	[RTPC_O_MID] = NLA_POLICY_RANGE(NLA_BINARY, 1, RTPC_MAX_MID),
};

const struct nla_policy rc_policy_top[RTPC_A_MAX + 1] = {
	[RTPC_A_TABLE] = NLA_POLICY_MAX(NLA_U32, RTPC_MAX_TABLES - 1),
	[RTPC_A_LEASE] = NLA_POLICY_FULL_RANGE(NLA_U32, &rc_range_day),
	[RTPC_A_OWNER] = { .type = NLA_U64 },
	[RTPC_A_LOCAL] = NLA_POLICY_EXACT_LEN(sizeof(struct rtpc_addr)),
	[RTPC_A_KIND] = NLA_POLICY_MAX(NLA_U8, __RTPC_KIND_MAX - 1),
	[RTPC_A_TARGET_FLAGS] = NLA_POLICY_MASK(NLA_U32, RTPC_TF_ALL),
	[RTPC_A_EXPECT] = NLA_POLICY_EXACT_LEN(sizeof(struct rtpc_addr)),
	[RTPC_A_MISMATCH] = NLA_POLICY_MAX(NLA_U8, __RTPC_MISMATCH_MAX - 1),
	[RTPC_A_CRYPTO] = NLA_POLICY_NESTED(rc_policy_crypto),
	[RTPC_A_SSRCS] = NLA_POLICY_VALIDATE_FN(NLA_BINARY, rc_policy_check_ssrcs),
	[RTPC_A_SSRC_UNKNOWN] = NLA_POLICY_MAX(NLA_U8, __RTPC_ACTION_MAX - 1),
	[RTPC_A_PTS] = NLA_POLICY_VALIDATE_FN(NLA_BINARY, rc_policy_check_pts),
	[RTPC_A_PT_UNKNOWN] = NLA_POLICY_MAX(NLA_U8, __RTPC_ACTION_MAX - 1),
	[RTPC_A_IDLE] = NLA_POLICY_FULL_RANGE(NLA_U32, &rc_range_day),
	[RTPC_A_RTCP_MARK] = { .type = NLA_U32 },
	[RTPC_A_EPOCH] = { .type = NLA_U64 },
	[RTPC_A_COOKIE] = { .type = NLA_BINARY, .len = RTPC_MAX_COOKIE },
	[RTPC_A_OUTPUT] = NLA_POLICY_NESTED(rc_policy_output),
	[RTPC_A_SRTP_STATE] = NLA_POLICY_VALIDATE_FN(NLA_BINARY, rc_policy_check_srtp_state),
	[RTPC_A_DETAIL] = NLA_POLICY_MASK(NLA_U32, RTPC_DETAIL_ALL),
	[RTPC_A_SINCE] = { .type = NLA_U64 },
	[RTPC_A_CRYPTO_ID] = NLA_POLICY_FULL_RANGE(NLA_U64, &rc_range_not_zero),
	[RTPC_A_DIRECTION] = NLA_POLICY_MAX(NLA_U8, __RTPC_DIRECTION_MAX - 1),
	[RTPC_A_WITH_KEYS] = { .type = NLA_FLAG },
};
