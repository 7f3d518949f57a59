/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RC_POLICY_H
#define RC_POLICY_H

#include <net/netlink.h>
#include "../srtp.h"
#include "../../uapi/rtpcluster.h"

extern const struct nla_policy rc_policy_top[RTPC_A_MAX + 1];
extern const struct nla_policy rc_policy_output[RTPC_O_MAX + 1];
extern const struct nla_policy rc_policy_crypto[RTPC_C_MAX + 1];

#endif
