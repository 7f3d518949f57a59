/* SPDX-License-Identifier: GPL-2.0 */
/* From a target to attributes. Everything here: under the namespace's mutex; 0 or -EMSGSIZE. */
#ifndef RC_REPLY_H
#define RC_REPLY_H

#include "netlink.h"

/* With RTPC_DETAIL_*: what to put. */
#define RC_REPLY_CONFIG	(1U << 31) /* everything TARGET_SET was given */
#define RC_REPLY_KEYS	(1U << 30) /* key material too */

/* Bytes that a message with all of a target needs. */
unsigned int rc_reply_size(const struct rc_target *target);

/* All but the outputs. */
int rc_reply_head(struct sk_buff *msg, const struct rc_target *target, u32 what);

/* One output as RTPC_A_OUTPUT. */
int rc_reply_output(struct sk_buff *msg, const struct rc_target *target, const struct rc_output *output, u32 what);

#endif
