/* SPDX-License-Identifier: GPL-2.0 */
/* Targets as tables of values, and the requests made of them. */
#ifndef KERNELVM_TARGET_H
#define KERNELVM_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "netlink.h"

struct suite_sizes {
	const char *name;
	unsigned key, salt, rtp_tag, rtcp_tag;
	bool aead, f8, null;
};
/* By enum rtpc_suite. */
extern const struct suite_sizes suites[__RTPC_SUITE_MAX];

/* Keys of one direction. @key is master key and salt in a row. */
struct keys {
	uint64_t id;		/* 0: plain */
	uint8_t suite;
	uint8_t key[46];
	uint8_t mki[128];
	unsigned mki_length;
	uint32_t flags;
	struct rtpc_srtp_state states[4];
	unsigned states_count;
};

struct output {
	uint32_t id;
	bool rtcp;
	struct rtpc_addr from, to;
	uint8_t tos, ttl, hold, mid_id;
	uint32_t flags;
	struct keys keys;
	struct rtpc_ssrc_map ssrcs[RTPC_MAX_SSRC_MAP];
	unsigned ssrcs_count;
	struct rtpc_pt_map pts[RTPC_MAX_PT_MAP];
	unsigned pts_count;
	uint8_t strip[RTPC_MAX_EXT_IDS], keep[RTPC_MAX_EXT_IDS];
	unsigned strip_count, keep_count;
	const char *mid;
};

struct target {
	uint32_t table;
	struct rtpc_addr local, expect;
	uint8_t kind, mismatch, ssrc_unknown, pt_unknown;
	uint32_t flags, idle, rtcp_mark;
	uint64_t epoch;
	struct keys keys;
	uint32_t ssrcs[RTPC_MAX_SSRCS];
	unsigned ssrcs_count;
	struct rtpc_pt pts[RTPC_MAX_PTS];
	unsigned pts_count;
	const void *cookie;
	unsigned cookie_length;
	struct output outputs[RTPC_MAX_OUTPUTS];
	unsigned outputs_count;
};

/* "10.1.0.1" or "fd00:1::1" and a port. */
struct rtpc_addr address(const char *host, uint16_t port);

/* All return 0 or an errno, with the text in @reply. */
int table_set(struct netlink *netlink, uint32_t table, struct reply *reply);
int table_delete(struct netlink *netlink, uint32_t table, struct reply *reply);
int target_set(struct netlink *netlink, const struct target *target, uint16_t flags, struct reply *reply);
int target_delete(struct netlink *netlink, const struct target *target, struct reply *reply);
int target_get(struct netlink *netlink, const struct target *target, struct reply *reply);
int stats_get(struct netlink *netlink, const struct target *target, uint32_t detail, struct reply *reply);

/* The request that target_set() sends, to be changed before it goes. */
void target_message(struct message *message, const struct target *target);

#endif
