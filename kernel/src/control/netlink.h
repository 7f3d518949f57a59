/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family: see uapi/rtpcluster.h. */
#ifndef RC_NETLINK_H
#define RC_NETLINK_H

#include <net/genetlink.h>
#include "../table/table.h"

extern struct genl_family rc_genl_family;

/* An address attribute, checked; with a text when it is refused. */
int rc_netlink_addr(const struct nlattr *attr, struct rc_addr *addr, struct netlink_ext_ack *extack);

/* The table and target that a request names. Under the mutex. ERR_PTR with a text. */
struct rc_table *rc_netlink_table(struct rc_net *rcn, struct nlattr **attrs, struct netlink_ext_ack *extack);
struct rc_target *rc_netlink_target(struct rc_table *table, struct nlattr **attrs, struct netlink_ext_ack *extack);

/* Commands of targets; those of tables are in netlink.c. */
int rc_netlink_target_set(struct sk_buff *skb, struct genl_info *info);
int rc_netlink_target_modify(struct sk_buff *skb, struct genl_info *info);
int rc_netlink_target_get(struct sk_buff *skb, struct genl_info *info);
int rc_netlink_target_del(struct sk_buff *skb, struct genl_info *info);
int rc_netlink_stats_get(struct sk_buff *skb, struct genl_info *info);
int rc_netlink_srtp_seed(struct sk_buff *skb, struct genl_info *info);
int rc_netlink_dump_start(struct netlink_callback *cb);
int rc_netlink_target_dump(struct sk_buff *skb, struct netlink_callback *cb);
int rc_netlink_stats_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif
