// SPDX-License-Identifier: GPL-2.0
/* Commands that set, change, show and delete targets. */
#include "../compat.h"
#include "../table/clock.h"
#include "netlink.h"
#include "parse.h"
#include "policy.h"
#include "reply.h"

struct rc_table *rc_netlink_table(struct rc_net *rcn, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	struct rc_table *table;

	if (!attrs[RTPC_A_TABLE]) {
		NL_SET_ERR_MSG(extack, "the table is missing");
		return ERR_PTR(-EINVAL);
	}
	table = rcn->table[nla_get_u32(attrs[RTPC_A_TABLE])];
	if (!table) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[RTPC_A_TABLE], "no such table");
		return ERR_PTR(-ENOENT);
	}
	return table;
}

static int rc_netlink_local(struct nlattr **attrs, struct rc_addr *local, struct netlink_ext_ack *extack)
{
	if (!attrs[RTPC_A_LOCAL]) {
		NL_SET_ERR_MSG(extack, "the local address is missing");
		return -EINVAL;
	}
	return rc_netlink_addr(attrs[RTPC_A_LOCAL], local, extack);
}

struct rc_target *rc_netlink_target(struct rc_table *table, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	struct rc_target *target;
	struct rc_addr local;
	int err;

	if (IS_ERR(table))
		return ERR_CAST(table);
	err = rc_netlink_local(attrs, &local, extack);
	if (err)
		return ERR_PTR(err);
	target = rc_target_find(table->rcn, &local);
	if (!target || target->flow->table != table) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[RTPC_A_LOCAL], "no such target in this table");
		return ERR_PTR(-ENOENT);
	}
	return target;
}

/* May the target go where the request wants it? */
static int rc_netlink_check_old(struct rc_table *table, const struct rc_target *old, const struct genl_info *info)
{
	u64 epoch = info->attrs[RTPC_A_EPOCH] ? nla_get_u64(info->attrs[RTPC_A_EPOCH]) : 0;

	if (!old)
		return 0;
	if (old->flow->table != table) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[RTPC_A_LOCAL], "another table has this address");
		return -EADDRINUSE;
	}
	if (info->nlhdr->nlmsg_flags & NLM_F_EXCL) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[RTPC_A_LOCAL], "the target exists");
		return -EEXIST;
	}
	if (epoch < old->epoch) {
		NL_SET_ERR_MSG(info->extack, "a newer epoch is in force");
		return -ESTALE;
	}
	return 0;
}

static int rc_netlink_install(struct rc_net *rcn, struct genl_info *info, const struct rc_addr *local)
{
	struct rc_table *table = rc_netlink_table(rcn, info->attrs, info->extack);
	u32 flags = info->attrs[RTPC_A_TARGET_FLAGS] ? nla_get_u32(info->attrs[RTPC_A_TARGET_FLAGS]) : 0;
	struct rc_target *target;
	int err;

	if (IS_ERR(table))
		return PTR_ERR(table);
	err = rc_netlink_check_old(table, rc_target_find(rcn, local), info);
	if (err)
		return err;
	target = rc_parse_target(table, info, local);
	if (IS_ERR(target)) {
		if (PTR_ERR(target) == -ENOMEM)
			NL_SET_ERR_MSG(info->extack, "out of memory");
		return PTR_ERR(target);
	}
	err = rc_target_publish(table, target, flags & RTPC_TF_RESET);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "out of memory");
		rc_target_free(target);
	}
	return err;
}

int rc_netlink_target_set(struct sk_buff *skb, struct genl_info *info)
{
	struct rc_net *rcn = rc_net_of(genl_info_net(info));
	struct rc_addr local;
	int err = rc_netlink_local(info->attrs, &local, info->extack);

	if (err)
		return err;
	mutex_lock(&rcn->mutex);
	err = rc_netlink_install(rcn, info, &local);
	mutex_unlock(&rcn->mutex);
	return err;
}

static int rc_netlink_check_modify(struct rc_target *target, struct nlattr **tb, struct rc_output **found, struct netlink_ext_ack *extack)
{
	struct rc_output *output;
	unsigned int type;

	for (type = 1; type <= RTPC_O_MAX; type++) {
		if (tb[type] && type != RTPC_O_ID && type != RTPC_O_HOLD && type != RTPC_O_FLAGS) {
			NL_SET_ERR_MSG_ATTR(extack, tb[type], "cannot be changed in place");
			return -EOPNOTSUPP;
		}
	}
	output = tb[RTPC_O_ID] ? rc_target_output(target, nla_get_u32(tb[RTPC_O_ID])) : NULL;
	if (!output) {
		NL_SET_ERR_MSG(extack, "no such output");
		return -ENOENT;
	}
	if (tb[RTPC_O_FLAGS] && (nla_get_u32(tb[RTPC_O_FLAGS]) ^ output->flags) & ~RTPC_OF_MODIFIABLE) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RTPC_O_FLAGS], "a flag cannot be changed in place");
		return -EOPNOTSUPP;
	}
	if (tb[RTPC_O_FLAGS] && nla_get_u32(tb[RTPC_O_FLAGS]) & RTPC_OF_SILENCED && output->flags & RTPC_OF_PASSTHROUGH) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RTPC_O_FLAGS], "passthrough cannot be silenced");
		return -EINVAL;
	}
	if (tb[RTPC_O_HOLD]) {
		u8 hold = nla_get_u8(tb[RTPC_O_HOLD]);

		if (hold ? hold < RTPC_DROP_NO_OUTPUT : !output->dst.family) {
			NL_SET_ERR_MSG_ATTR(extack, tb[RTPC_O_HOLD], "no reason to hold a packet, or no destination to send to");
			return -ERANGE;
		}
	}
	*found = output;
	return 0;
}

/* Two passes over the outputs: check all, then change all, so that a refused request has changed nothing. */
static int rc_netlink_modify_outputs(struct rc_target *target, struct genl_info *info, bool apply)
{
	struct nlattr *tb[RTPC_O_MAX + 1];
	const struct nlattr *attr;
	struct rc_output *output;
	int rest, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) != RTPC_A_OUTPUT)
			continue;
		err = nla_parse_nested(tb, RTPC_O_MAX, attr, rc_policy_output, info->extack);
		if (!err)
			err = rc_netlink_check_modify(target, tb, &output, info->extack);
		if (err)
			return err;
		if (apply && tb[RTPC_O_FLAGS])
			WRITE_ONCE(output->flags, nla_get_u32(tb[RTPC_O_FLAGS]));
		if (apply && tb[RTPC_O_HOLD])
			WRITE_ONCE(output->hold, nla_get_u8(tb[RTPC_O_HOLD]));
	}
	return 0;
}

static int rc_netlink_modify(struct rc_target *target, struct genl_info *info)
{
	const struct nlattr *flags = info->attrs[RTPC_A_TARGET_FLAGS];
	int err;

	if (flags && (nla_get_u32(flags) ^ target->flags) & ~RTPC_TF_MODIFIABLE) {
		NL_SET_ERR_MSG_ATTR(info->extack, flags, "a flag cannot be changed in place");
		return -EOPNOTSUPP;
	}
	err = rc_netlink_modify_outputs(target, info, false);
	if (err)
		return err;
	/* Packets that see a flag must find their payload writable: first say that there are changes, then make them. */
	if (!target->changes) {
		WRITE_ONCE(target->changes, true);
		synchronize_rcu();
	}
	rc_netlink_modify_outputs(target, info, true);
	if (flags)
		WRITE_ONCE(target->flags, nla_get_u32(flags));
	return 0;
}

int rc_netlink_target_modify(struct sk_buff *skb, struct genl_info *info)
{
	struct rc_net *rcn = rc_net_of(genl_info_net(info));
	struct rc_target *target;
	int err;

	mutex_lock(&rcn->mutex);
	target = rc_netlink_target(rc_netlink_table(rcn, info->attrs, info->extack), info->attrs, info->extack);
	err = IS_ERR(target) ? PTR_ERR(target) : rc_netlink_modify(target, info);
	mutex_unlock(&rcn->mutex);
	return err;
}

/* A reply with all of a target in one message. */
static struct sk_buff *rc_netlink_describe(struct genl_info *info, const struct rc_target *target, u32 what)
{
	struct sk_buff *msg = genlmsg_new(rc_reply_size(target), GFP_KERNEL);
	unsigned int i;
	void *head;

	if (!msg)
		return ERR_PTR(-ENOMEM);
	head = genlmsg_put_reply(msg, info, &rc_genl_family, 0, info->genlhdr->cmd);
	if (!head || nla_put_u32(msg, RTPC_A_TABLE, target->flow->table->id) || rc_reply_head(msg, target, what))
		goto err_size;
	for (i = 0; what & RC_REPLY_CONFIG && i < rc_target_outputs(target); i++)
		if (rc_reply_output(msg, target, &target->output[i], what))
			goto err_size;
	genlmsg_end(msg, head);
	return msg;

err_size:
	nlmsg_free(msg);
	return ERR_PTR(-EMSGSIZE);
}

static int rc_netlink_show(struct genl_info *info, u32 what, bool remove)
{
	struct rc_net *rcn = rc_net_of(genl_info_net(info));
	struct rc_target *target;
	struct rc_table *table;
	struct sk_buff *msg;

	mutex_lock(&rcn->mutex);
	table = rc_netlink_table(rcn, info->attrs, info->extack);
	target = rc_netlink_target(table, info->attrs, info->extack);
	if (IS_ERR(target)) {
		msg = ERR_CAST(target);
		goto unlock;
	}
	/* Counters are final once it is removed; the memory stays while we hold the mutex, because freeing needs it. */
	if (remove)
		rc_target_remove(table, target);
	msg = rc_netlink_describe(info, target, what);
unlock:
	mutex_unlock(&rcn->mutex);
	if (IS_ERR(msg)) {
		if (!info->extack->_msg)
			NL_SET_ERR_MSG(info->extack, "the reply does not fit");
		return PTR_ERR(msg);
	}
	return genlmsg_reply(msg, info);
}

static u32 rc_netlink_get_what(struct nlattr **attrs)
{
	return RC_REPLY_CONFIG | RTPC_DETAIL_ALL | (attrs[RTPC_A_WITH_KEYS] ? RC_REPLY_KEYS : 0);
}

static u32 rc_netlink_detail(struct nlattr **attrs)
{
	return attrs[RTPC_A_DETAIL] ? nla_get_u32(attrs[RTPC_A_DETAIL]) : 0;
}

int rc_netlink_target_get(struct sk_buff *skb, struct genl_info *info)
{
	return rc_netlink_show(info, rc_netlink_get_what(info->attrs), false);
}

int rc_netlink_target_del(struct sk_buff *skb, struct genl_info *info)
{
	return rc_netlink_show(info, RTPC_DETAIL_ALL, true);
}

int rc_netlink_stats_get(struct sk_buff *skb, struct genl_info *info)
{
	return rc_netlink_show(info, rc_netlink_detail(info->attrs), false);
}

int rc_netlink_srtp_seed(struct sk_buff *skb, struct genl_info *info)
{
	struct rc_net *rcn = rc_net_of(genl_info_net(info));
	const struct nlattr *states = info->attrs[RTPC_A_SRTP_STATE];
	struct rc_session_id id = {};
	struct rc_session *session;
	struct rtpc_srtp_state state;
	struct rc_table *table;
	int err = 0, at;

	if (!states || !info->attrs[RTPC_A_CRYPTO_ID] || !info->attrs[RTPC_A_DIRECTION]) {
		NL_SET_ERR_MSG(info->extack, "session id, direction or state is missing");
		return -EINVAL;
	}
	id.id = nla_get_u64(info->attrs[RTPC_A_CRYPTO_ID]);
	id.direction = nla_get_u8(info->attrs[RTPC_A_DIRECTION]);
	mutex_lock(&rcn->mutex);
	table = rc_netlink_table(rcn, info->attrs, info->extack);
	if (IS_ERR(table)) {
		err = PTR_ERR(table);
		goto unlock;
	}
	session = rc_session_find(table, &id);
	if (!session) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[RTPC_A_CRYPTO_ID], "no such session");
		err = -ENOENT;
		goto unlock;
	}
	for (at = 0; at < nla_len(states) && !err; at += sizeof(state)) {
		memcpy(&state, nla_data(states) + at, sizeof(state));
		err = rc_session_seed(session, &state);
	}
	if (err)
		NL_SET_ERR_MSG_ATTR(info->extack, states, "an index is too high, there are too many SSRCs, or no memory; the first ones are set");
unlock:
	mutex_unlock(&rcn->mutex);
	return err;
}

int rc_netlink_dump_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = SKB_WITH_OVERHEAD(32768);
	return 0;
}

/* One message of a dump. @next: the output to begin with; 0 with the head before it. Returns the next one, or -EMSGSIZE. */
static int rc_netlink_dump_one(struct sk_buff *skb, struct netlink_callback *cb, const struct rc_target *target, u8 cmd, u32 what, int next)
{
	void *head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &rc_genl_family, NLM_F_MULTI, cmd);
	int first = next, n = what & RC_REPLY_CONFIG ? rc_target_outputs(target) : 0;
	struct rtpc_addr local;

	if (!head)
		return -EMSGSIZE;
	rc_addr_to_uapi(&target->local, &local);
	if (nla_put_u32(skb, RTPC_A_TABLE, target->flow->table->id) ||
	    (next ? nla_put(skb, RTPC_A_LOCAL, sizeof(local), &local) : rc_reply_head(skb, target, what)))
		goto err_cancel;
	while (next < n && !rc_reply_output(skb, target, &target->output[next], what))
		next++;
	if (n && next == first)
		goto err_cancel;
	genlmsg_end(skb, head);
	return next;

err_cancel:
	genlmsg_cancel(skb, head);
	return -EMSGSIZE;
}

/* A little too many rather than one too few: the two clocks may drift. */
static bool rc_netlink_is_recent(const struct rc_target *target, u64 since)
{
	u64 last = READ_ONCE(target->flow->last_packet);

	return !since || (last && rc_clock_unix_us(last) + 100 * USEC_PER_MSEC >= since);
}

/* cb->args: 0: index of the target to go on with, 1: its output to go on with. */
static int rc_netlink_dump(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd, u32 what)
{
	struct rc_net *rcn = rc_net_of(sock_net(skb->sk));
	struct nlattr **attrs = rc_dump_attrs(cb);
	u64 since = attrs[RTPC_A_SINCE] ? nla_get_u64(attrs[RTPC_A_SINCE]) : 0;
	unsigned long index = cb->args[0];
	struct rc_target *target;
	struct rc_table *table;
	int next, err = 0;

	mutex_lock(&rcn->mutex);
	table = rc_netlink_table(rcn, attrs, cb->extack);
	if (IS_ERR(table)) {
		err = PTR_ERR(table);
		goto unlock;
	}
	xa_for_each_start(&table->targets, index, target, cb->args[0]) {
		if (index != cb->args[0])
			cb->args[1] = 0; /* the one we were at is gone */
		cb->args[0] = index;
		if (!rc_netlink_is_recent(target, since))
			continue;
		for (;;) {
			next = rc_netlink_dump_one(skb, cb, target, cmd, what, cb->args[1]);
			/* Hundreds of outputs with many SSRCs each: the rest is worth more than their indices. */
			if (next < 0 && !skb->len)
				next = rc_netlink_dump_one(skb, cb, target, cmd, what & ~RTPC_DETAIL_SRTP, cb->args[1]);
			if (next < 0)
				goto full;
			cb->args[1] = next;
			if (!(what & RC_REPLY_CONFIG) || next >= rc_target_outputs(target))
				break;
		}
		cb->args[1] = 0;
		cb->args[0] = index + 1;
	}
	cb->args[0] = ULONG_MAX;
full:
	err = skb->len;
	/* A target that does not fit into an empty message would be asked for again for ever. */
	if (!err && cb->args[0] != ULONG_MAX)
		err = -EMSGSIZE;
unlock:
	mutex_unlock(&rcn->mutex);
	return err;
}

int rc_netlink_target_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return rc_netlink_dump(skb, cb, RTPC_CMD_TARGET_GET, rc_netlink_get_what(rc_dump_attrs(cb)));
}

int rc_netlink_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return rc_netlink_dump(skb, cb, RTPC_CMD_STATS_GET, rc_netlink_detail(rc_dump_attrs(cb)));
}
