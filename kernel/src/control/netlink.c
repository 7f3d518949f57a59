// SPDX-License-Identifier: GPL-2.0
/* The family, its permissions, and the commands of tables. */
#include "../compat.h"
#include "../version.h"
#include "netlink.h"
#include "policy.h"

#define RC_BIT(attr) (1ULL << (attr))

#define RC_TARGET_ATTRS											\
	(RC_BIT(RTPC_A_TABLE) | RC_BIT(RTPC_A_LOCAL) | RC_BIT(RTPC_A_KIND) | RC_BIT(RTPC_A_TARGET_FLAGS) | RC_BIT(RTPC_A_EXPECT) |	\
	 RC_BIT(RTPC_A_MISMATCH) | RC_BIT(RTPC_A_CRYPTO) | RC_BIT(RTPC_A_SSRCS) | RC_BIT(RTPC_A_SSRC_UNKNOWN) | RC_BIT(RTPC_A_PTS) |	\
	 RC_BIT(RTPC_A_PT_UNKNOWN) | RC_BIT(RTPC_A_IDLE) | RC_BIT(RTPC_A_RTCP_MARK) | RC_BIT(RTPC_A_EPOCH) | RC_BIT(RTPC_A_COOKIE) |	\
	 RC_BIT(RTPC_A_OUTPUT))

/* What each command takes. */
static const u64 rc_netlink_allowed[__RTPC_CMD_MAX] = {
	[RTPC_CMD_INFO_GET] = 0,
	[RTPC_CMD_TABLE_SET] = RC_BIT(RTPC_A_TABLE) | RC_BIT(RTPC_A_LEASE) | RC_BIT(RTPC_A_OWNER),
	[RTPC_CMD_TABLE_RENEW] = RC_BIT(RTPC_A_TABLE) | RC_BIT(RTPC_A_OWNER),
	[RTPC_CMD_TABLE_GET] = RC_BIT(RTPC_A_TABLE),
	[RTPC_CMD_TABLE_FLUSH] = RC_BIT(RTPC_A_TABLE),
	[RTPC_CMD_TABLE_DEL] = RC_BIT(RTPC_A_TABLE),
	[RTPC_CMD_TARGET_SET] = RC_TARGET_ATTRS,
	[RTPC_CMD_TARGET_GET] = RC_BIT(RTPC_A_TABLE) | RC_BIT(RTPC_A_LOCAL) | RC_BIT(RTPC_A_WITH_KEYS) | RC_BIT(RTPC_A_SINCE),
	[RTPC_CMD_TARGET_DEL] = RC_BIT(RTPC_A_TABLE) | RC_BIT(RTPC_A_LOCAL),
	[RTPC_CMD_TARGET_MODIFY] = RC_BIT(RTPC_A_TABLE) | RC_BIT(RTPC_A_LOCAL) | RC_BIT(RTPC_A_TARGET_FLAGS) | RC_BIT(RTPC_A_OUTPUT),
	[RTPC_CMD_STATS_GET] = RC_BIT(RTPC_A_TABLE) | RC_BIT(RTPC_A_LOCAL) | RC_BIT(RTPC_A_DETAIL) | RC_BIT(RTPC_A_SINCE),
	[RTPC_CMD_SRTP_SEED] = RC_BIT(RTPC_A_TABLE) | RC_BIT(RTPC_A_CRYPTO_ID) | RC_BIT(RTPC_A_DIRECTION) | RC_BIT(RTPC_A_SRTP_STATE),
};

static_assert(RTPC_A_MAX < 64);

static int rc_netlink_check(u8 cmd, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	unsigned int type;

	for (type = RTPC_A_PAD + 1; type <= RTPC_A_MAX; type++) {
		if (attrs[type] && !(rc_netlink_allowed[cmd] >> type & 1)) {
			NL_SET_ERR_MSG_ATTR(extack, attrs[type], "the command does not take this attribute");
			return -EINVAL;
		}
	}
	return 0;
}

static int rc_netlink_pre_doit(RC_GENL_OPS *ops, struct sk_buff *skb, struct genl_info *info)
{
	return rc_netlink_check(info->genlhdr->cmd, info->attrs, info->extack);
}

static int rc_netlink_reply(struct sk_buff *msg, struct genl_info *info, void *head)
{
	genlmsg_end(msg, head);
	return genlmsg_reply(msg, info);
}

static int rc_netlink_info_get(struct sk_buff *skb, struct genl_info *info)
{
	static const struct rtpc_limits limits = {
		.tables = RTPC_MAX_TABLES,
		.outputs = RTPC_MAX_OUTPUTS,
		.pts = RTPC_MAX_PTS,
		.ssrcs = RTPC_MAX_SSRCS,
		.ssrc_map = RTPC_MAX_SSRC_MAP,
		.pt_map = RTPC_MAX_PT_MAP,
		.ext_ids = RTPC_MAX_EXT_IDS,
		.mid = RTPC_MAX_MID,
		.mki = RTPC_MAX_MKI,
		.cookie = RTPC_MAX_COOKIE,
		.srtp_ssrcs = RTPC_MAX_SRTP_SSRCS,
	};
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *head;

	if (!msg)
		return -ENOMEM;
	head = genlmsg_put_reply(msg, info, &rc_genl_family, 0, RTPC_CMD_INFO_GET);
	if (!head || nla_put_u32(msg, RTPC_A_ABI, RTPC_ABI) || nla_put_string(msg, RTPC_A_VERSION, RC_VERSION) ||
	    nla_put_string(msg, RTPC_A_CRYPTO_PATH, rc_crypto_path()) || nla_put(msg, RTPC_A_LIMITS, sizeof(limits), &limits)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	return rc_netlink_reply(msg, info, head);
}

static int rc_netlink_table_set(struct sk_buff *skb, struct genl_info *info)
{
	struct rc_net *rcn = rc_net_of(genl_info_net(info));
	struct rc_table *table;
	int err = 0;
	u32 id;

	if (!info->attrs[RTPC_A_TABLE]) {
		NL_SET_ERR_MSG(info->extack, "the table is missing");
		return -EINVAL;
	}
	id = nla_get_u32(info->attrs[RTPC_A_TABLE]);
	mutex_lock(&rcn->table_mutex);
	table = rcn->table[id];
	if (table && info->nlhdr->nlmsg_flags & NLM_F_EXCL) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[RTPC_A_TABLE], "the table exists");
		err = -EEXIST;
		goto unlock;
	}
	if (!table)
		table = rc_table_new(rcn, id);
	if (IS_ERR(table)) {
		err = PTR_ERR(table);
		NL_SET_ERR_MSG(info->extack, "the table cannot be made");
		goto unlock;
	}
	if (info->attrs[RTPC_A_LEASE])
		table->lease = nla_get_u32(info->attrs[RTPC_A_LEASE]);
	if (info->attrs[RTPC_A_OWNER])
		table->owner = nla_get_u64(info->attrs[RTPC_A_OWNER]);
	rc_table_renew(table);
unlock:
	mutex_unlock(&rcn->table_mutex);
	return err;
}

/* The commands that only need the table. */
static int rc_netlink_table_do(struct sk_buff *skb, struct genl_info *info)
{
	struct rc_net *rcn = rc_net_of(genl_info_net(info));
	struct nlattr *owner = info->attrs[RTPC_A_OWNER];
	struct rc_table *table;
	int err = 0;

	mutex_lock(&rcn->table_mutex);
	table = rc_netlink_table(rcn, info->attrs, info->extack);
	if (IS_ERR(table)) {
		err = PTR_ERR(table);
		goto unlock;
	}
	switch (info->genlhdr->cmd) {
	case RTPC_CMD_TABLE_RENEW:
		if (owner && nla_get_u64(owner) != table->owner) {
			NL_SET_ERR_MSG_ATTR(info->extack, owner, "somebody else owns the table");
			err = -EPERM;
			break;
		}
		rc_table_renew(table);
		break;
	case RTPC_CMD_TABLE_FLUSH:
		mutex_lock(&rcn->mutex);
		rc_table_flush(table);
		mutex_unlock(&rcn->mutex);
		break;
	case RTPC_CMD_TABLE_DEL:
		rc_table_remove(table);
		break;
	}
unlock:
	mutex_unlock(&rcn->table_mutex);
	return err;
}

/* Under the mutex. */
static int rc_netlink_put_table(struct sk_buff *msg, struct rc_table *table)
{
	struct rtpc_table_stats stats;

	rc_table_sum(table, &stats);
	if (nla_put_u32(msg, RTPC_A_TABLE, table->id) || nla_put_u32(msg, RTPC_A_LEASE, table->lease) ||
	    (table->lease && nla_put_u32(msg, RTPC_A_LEASE_LEFT, rc_table_lease_left(table))) ||
	    nla_put_u64_64bit(msg, RTPC_A_OWNER, table->owner, RTPC_A_PAD) || nla_put_u32(msg, RTPC_A_TARGETS, table->targets_n) ||
	    nla_put(msg, RTPC_A_TABLE_STATS, sizeof(stats), &stats))
		return -EMSGSIZE;
	return 0;
}

static int rc_netlink_table_get(struct sk_buff *skb, struct genl_info *info)
{
	struct rc_net *rcn = rc_net_of(genl_info_net(info));
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	struct rc_table *table;
	void *head;
	int err;

	if (!msg)
		return -ENOMEM;
	mutex_lock(&rcn->mutex);
	table = rc_netlink_table(rcn, info->attrs, info->extack);
	if (IS_ERR(table)) {
		err = PTR_ERR(table);
	} else {
		head = genlmsg_put_reply(msg, info, &rc_genl_family, 0, RTPC_CMD_TABLE_GET);
		err = head ? rc_netlink_put_table(msg, table) : -EMSGSIZE;
	}
	mutex_unlock(&rcn->mutex);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return rc_netlink_reply(msg, info, head);
}

static int rc_netlink_table_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct rc_net *rcn = rc_net_of(sock_net(skb->sk));
	unsigned int id;
	void *head;

	mutex_lock(&rcn->mutex);
	for (id = cb->args[0]; id < RTPC_MAX_TABLES; id++) {
		if (!rcn->table[id])
			continue;
		head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &rc_genl_family, NLM_F_MULTI, RTPC_CMD_TABLE_GET);
		if (!head)
			break;
		if (rc_netlink_put_table(skb, rcn->table[id])) {
			genlmsg_cancel(skb, head);
			break;
		}
		genlmsg_end(skb, head);
	}
	mutex_unlock(&rcn->mutex);
	cb->args[0] = id;
	return skb->len;
}

#define RC_OP(command, function) { .cmd = command, .flags = GENL_ADMIN_PERM, .doit = function }
#define RC_OP_DUMP(command, function, dump)									\
	{ .cmd = command, .flags = GENL_ADMIN_PERM, .doit = function, .start = rc_netlink_dump_start,		\
	  .dumpit = rc_netlink_checked_##dump }

/* Not at the start of the dump, from where older kernels take no text. */
#define RC_CHECKED(dump, command)									\
	static int rc_netlink_checked_##dump(struct sk_buff *skb, struct netlink_callback *cb)		\
	{												\
		int err = rc_netlink_check(command, rc_dump_attrs(cb), cb->extack);			\
		return err ? err : rc_netlink_##dump(skb, cb);						\
	}

RC_CHECKED(table_dump, RTPC_CMD_TABLE_GET)
RC_CHECKED(target_dump, RTPC_CMD_TARGET_GET)
RC_CHECKED(stats_dump, RTPC_CMD_STATS_GET)

static const struct genl_ops rc_genl_ops[] = {
	RC_OP(RTPC_CMD_INFO_GET, rc_netlink_info_get),
	RC_OP(RTPC_CMD_TABLE_SET, rc_netlink_table_set),
	RC_OP(RTPC_CMD_TABLE_RENEW, rc_netlink_table_do),
	RC_OP_DUMP(RTPC_CMD_TABLE_GET, rc_netlink_table_get, table_dump),
	RC_OP(RTPC_CMD_TABLE_FLUSH, rc_netlink_table_do),
	RC_OP(RTPC_CMD_TABLE_DEL, rc_netlink_table_do),
	RC_OP(RTPC_CMD_TARGET_SET, rc_netlink_target_set),
	RC_OP_DUMP(RTPC_CMD_TARGET_GET, rc_netlink_target_get, target_dump),
	RC_OP(RTPC_CMD_TARGET_DEL, rc_netlink_target_del),
	RC_OP(RTPC_CMD_TARGET_MODIFY, rc_netlink_target_modify),
	RC_OP_DUMP(RTPC_CMD_STATS_GET, rc_netlink_stats_get, stats_dump),
	RC_OP(RTPC_CMD_SRTP_SEED, rc_netlink_srtp_seed),
};

static const struct genl_multicast_group rc_genl_groups[] = {
	{ .name = RTPC_GENL_MCGRP_EVENTS },
};

struct genl_family rc_genl_family __ro_after_init = {
	.name = RTPC_GENL_NAME,
	.version = RTPC_GENL_VERSION,
	.maxattr = RTPC_A_MAX,
	.policy = rc_policy_top,
	.netnsok = true,
	.module = THIS_MODULE,
	.pre_doit = rc_netlink_pre_doit,
	.ops = rc_genl_ops,
	.n_ops = ARRAY_SIZE(rc_genl_ops),
	.resv_start_op = __RTPC_CMD_MAX,
	.mcgrps = rc_genl_groups,
	.n_mcgrps = ARRAY_SIZE(rc_genl_groups),
};
