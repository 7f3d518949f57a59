// SPDX-License-Identifier: GPL-2.0
#include "target.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct suite_sizes suites[__RTPC_SUITE_MAX] = {
	[RTPC_SUITE_UNSPEC] = { "plain", 0, 0, 0, 0, false, false, false },
	[RTPC_SUITE_AEAD_AES_256_GCM] = { "AEAD_AES_256_GCM", 32, 12, 16, 16, true, false, false },
	[RTPC_SUITE_AEAD_AES_128_GCM] = { "AEAD_AES_128_GCM", 16, 12, 16, 16, true, false, false },
	[RTPC_SUITE_AES_256_CM_HMAC_SHA1_80] = { "AES_256_CM_HMAC_SHA1_80", 32, 14, 10, 10, false, false, false },
	[RTPC_SUITE_AES_256_CM_HMAC_SHA1_32] = { "AES_256_CM_HMAC_SHA1_32", 32, 14, 4, 10, false, false, false },
	[RTPC_SUITE_AES_192_CM_HMAC_SHA1_80] = { "AES_192_CM_HMAC_SHA1_80", 24, 14, 10, 10, false, false, false },
	[RTPC_SUITE_AES_192_CM_HMAC_SHA1_32] = { "AES_192_CM_HMAC_SHA1_32", 24, 14, 4, 10, false, false, false },
	[RTPC_SUITE_AES_CM_128_HMAC_SHA1_80] = { "AES_CM_128_HMAC_SHA1_80", 16, 14, 10, 10, false, false, false },
	[RTPC_SUITE_AES_CM_128_HMAC_SHA1_32] = { "AES_CM_128_HMAC_SHA1_32", 16, 14, 4, 10, false, false, false },
	[RTPC_SUITE_F8_128_HMAC_SHA1_80] = { "F8_128_HMAC_SHA1_80", 16, 14, 10, 10, false, true, false },
	[RTPC_SUITE_F8_128_HMAC_SHA1_32] = { "F8_128_HMAC_SHA1_32", 16, 14, 4, 10, false, true, false },
	[RTPC_SUITE_NULL_HMAC_SHA1_80] = { "NULL_HMAC_SHA1_80", 16, 14, 10, 10, false, false, true },
	[RTPC_SUITE_NULL_HMAC_SHA1_32] = { "NULL_HMAC_SHA1_32", 16, 14, 4, 10, false, false, true },
};

struct rtpc_addr address(const char *host, uint16_t port)
{
	struct rtpc_addr result = { .family = strchr(host, ':') ? AF_INET6 : AF_INET, .port = htons(port) };

	if (inet_pton(result.family, host, result.addr) != 1) {
		fprintf(stderr, "not an address: %s\n", host);
		exit(2);
	}
	return result;
}

static void put_keys(struct message *message, uint16_t type, const struct keys *keys)
{
	/* A suite that does not exist gets keys of a usual length. */
	const struct suite_sizes *sizes = &suites[keys->suite < __RTPC_SUITE_MAX ? keys->suite : RTPC_SUITE_AES_CM_128_HMAC_SHA1_80];
	size_t nest;

	if (!keys->id)
		return;
	nest = message_nest(message, type);
	message_u64(message, RTPC_C_ID, keys->id);
	message_u8(message, RTPC_C_SUITE, keys->suite);
	message_put(message, RTPC_C_MASTER_KEY, keys->key, sizes->key);
	message_put(message, RTPC_C_MASTER_SALT, keys->key + sizes->key, sizes->salt);
	if (keys->mki_length)
		message_put(message, RTPC_C_MKI, keys->mki, keys->mki_length);
	if (keys->flags)
		message_u32(message, RTPC_C_FLAGS, keys->flags);
	if (keys->states_count)
		message_put(message, RTPC_C_SRTP_STATE, keys->states, keys->states_count * sizeof(keys->states[0]));
	message_nest_end(message, nest);
}

static void put_address(struct message *message, uint16_t type, const struct rtpc_addr *address)
{
	if (address->family)
		message_put(message, type, address, sizeof(*address));
}

static void put_output(struct message *message, const struct output *output)
{
	size_t nest = message_nest(message, RTPC_A_OUTPUT);

	message_u32(message, RTPC_O_ID, output->id);
	if (output->rtcp)
		message_flag(message, RTPC_O_RTCP);
	put_address(message, RTPC_O_SRC, &output->from);
	put_address(message, RTPC_O_DST, &output->to);
	if (output->tos)
		message_u8(message, RTPC_O_TOS, output->tos);
	if (output->ttl)
		message_u8(message, RTPC_O_TTL, output->ttl);
	if (output->flags)
		message_u32(message, RTPC_O_FLAGS, output->flags);
	if (output->hold)
		message_u8(message, RTPC_O_HOLD, output->hold);
	put_keys(message, RTPC_O_CRYPTO, &output->keys);
	if (output->ssrcs_count)
		message_put(message, RTPC_O_SSRC_MAP, output->ssrcs, output->ssrcs_count * sizeof(output->ssrcs[0]));
	if (output->pts_count)
		message_put(message, RTPC_O_PT_MAP, output->pts, output->pts_count * sizeof(output->pts[0]));
	if (output->strip_count)
		message_put(message, RTPC_O_EXT_STRIP, output->strip, output->strip_count);
	if (output->keep_count)
		message_put(message, RTPC_O_EXT_KEEP, output->keep, output->keep_count);
	if (output->mid_id)
		message_u8(message, RTPC_O_MID_ID, output->mid_id);
	if (output->mid)
		message_put(message, RTPC_O_MID, output->mid, strlen(output->mid));
	message_nest_end(message, nest);
}

void target_message(struct message *message, const struct target *target)
{
	message_start(message, RTPC_CMD_TARGET_SET);
	message_u32(message, RTPC_A_TABLE, target->table);
	put_address(message, RTPC_A_LOCAL, &target->local);
	message_u8(message, RTPC_A_KIND, target->kind);
	if (target->flags)
		message_u32(message, RTPC_A_TARGET_FLAGS, target->flags);
	put_address(message, RTPC_A_EXPECT, &target->expect);
	if (target->mismatch)
		message_u8(message, RTPC_A_MISMATCH, target->mismatch);
	put_keys(message, RTPC_A_CRYPTO, &target->keys);
	if (target->ssrcs_count)
		message_put(message, RTPC_A_SSRCS, target->ssrcs, target->ssrcs_count * sizeof(target->ssrcs[0]));
	if (target->ssrc_unknown)
		message_u8(message, RTPC_A_SSRC_UNKNOWN, target->ssrc_unknown);
	if (target->pts_count)
		message_put(message, RTPC_A_PTS, target->pts, target->pts_count * sizeof(target->pts[0]));
	if (target->pt_unknown)
		message_u8(message, RTPC_A_PT_UNKNOWN, target->pt_unknown);
	if (target->idle)
		message_u32(message, RTPC_A_IDLE, target->idle);
	if (target->rtcp_mark)
		message_u32(message, RTPC_A_RTCP_MARK, target->rtcp_mark);
	if (target->epoch)
		message_u64(message, RTPC_A_EPOCH, target->epoch);
	if (target->cookie_length)
		message_put(message, RTPC_A_COOKIE, target->cookie, target->cookie_length);
	for (unsigned i = 0; i < target->outputs_count; i++)
		put_output(message, &target->outputs[i]);
}

static struct message message;

int target_set(struct netlink *netlink, const struct target *target, uint16_t flags, struct reply *reply)
{
	target_message(&message, target);
	return netlink_request(netlink, &message, flags, reply);
}

static int name_table(struct netlink *netlink, uint8_t command, uint32_t table, struct reply *reply)
{
	message_start(&message, command);
	message_u32(&message, RTPC_A_TABLE, table);
	return netlink_request(netlink, &message, 0, reply);
}

int table_set(struct netlink *netlink, uint32_t table, struct reply *reply) { return name_table(netlink, RTPC_CMD_TABLE_SET, table, reply); }
int table_delete(struct netlink *netlink, uint32_t table, struct reply *reply) { return name_table(netlink, RTPC_CMD_TABLE_DEL, table, reply); }

static int name_target(struct netlink *netlink, uint8_t command, const struct target *target, uint32_t detail, struct reply *reply)
{
	message_start(&message, command);
	message_u32(&message, RTPC_A_TABLE, target->table);
	message_put(&message, RTPC_A_LOCAL, &target->local, sizeof(target->local));
	if (detail)
		message_u32(&message, RTPC_A_DETAIL, detail);
	return netlink_request(netlink, &message, 0, reply);
}

int target_delete(struct netlink *netlink, const struct target *target, struct reply *reply) { return name_target(netlink, RTPC_CMD_TARGET_DEL, target, 0, reply); }
int target_get(struct netlink *netlink, const struct target *target, struct reply *reply) { return name_target(netlink, RTPC_CMD_TARGET_GET, target, 0, reply); }
int stats_get(struct netlink *netlink, const struct target *target, uint32_t detail, struct reply *reply) { return name_target(netlink, RTPC_CMD_STATS_GET, target, detail, reply); }
