/* SPDX-License-Identifier: GPL-2.0 */
/* From attributes to a target. */
#ifndef RC_PARSE_H
#define RC_PARSE_H

#include "netlink.h"

/*
 * Builds the target of a TARGET_SET, complete but for its flow. Under the namespace's mutex. ERR_PTR with a text. Free it with
 * rc_target_free() unless it is published.
 */
struct rc_target *rc_parse_target(struct rc_table *table, struct genl_info *info, const struct rc_addr *local);

/* Sums up what the packet path wants to know of all outputs at once. */
void rc_parse_summarize(struct rc_target *target);

#endif
