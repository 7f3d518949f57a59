// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz-netlink COUNT SEED: a hostile root process. Sends random requests and damaged good ones to the module; each must be answered, and
 * each refusal must have an errno and a text. The texts it saw are counted at the end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/srtp.h"

static uint64_t state;
static struct message message;
static struct reply reply;
static struct { char text[120]; int error; unsigned long count; } seen[400];
static unsigned seen_count;

static uint32_t pick(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return below ? (state >> 16) % below : 0;
}

static bool often(void) { return pick(8); }

static struct rtpc_addr any_address(void)
{
	struct rtpc_addr result = { .family = often() ? 2 : pick(2) ? 10 : pick(65536), .port = htons(20000 + 2 * pick(60)) };

	memcpy(result.addr, (uint8_t[]){ 10, 1 + pick(2), 0, 254 }, 4);
	if (!often())
		result.addr[pick(16)] = pick(256);
	return result;
}

static void any_output(struct target *target)
{
	struct output *output = &target->outputs[target->outputs_count++];

	memset(output, 0, sizeof(*output));
	output->id = often() ? target->outputs_count : pick(5);
	output->rtcp = !often();
	output->from = any_address();
	output->to = any_address();
	output->tos = pick(256);
	output->flags = often() ? 0 : pick(128);
	output->hold = often() ? 0 : pick(40);
	if (!pick(3)) {
		output->keys = test_keys(pick(50), pick(__RTPC_SUITE_MAX + 1));
		output->keys.flags = often() ? 0 : pick(16);
		output->keys.mki_length = often() ? 0 : pick(129);
		output->keys.states_count = often() ? 0 : pick(5);
		for (unsigned i = 0; i < output->keys.states_count; i++)
			output->keys.states[i] = (struct rtpc_srtp_state){ .ssrc = pick(4), .rtp_index = (uint64_t)pick(1u << 31) << pick(33), .rtcp_index = pick(~0u) };
	}
	output->ssrcs_count = often() ? 0 : pick(RTPC_MAX_SSRC_MAP + 1);
	output->pts_count = often() ? 0 : pick(RTPC_MAX_PT_MAP + 1);
	for (unsigned i = 0; i < output->pts_count; i++)
		output->pts[i] = (struct rtpc_pt_map){ often() ? i : pick(256), pick(140) };
	output->strip_count = often() ? 0 : pick(RTPC_MAX_EXT_IDS + 1);
	output->keep_count = often() ? 0 : pick(RTPC_MAX_EXT_IDS + 1);
	output->mid_id = often() ? 0 : pick(20);
	output->mid = often() ? NULL : "0123456789abcdefgh" + pick(19);
}

static void any_target(void)
{
	static struct target target;

	memset(&target, 0, offsetof(struct target, outputs));
	target.table = often() ? pick(3) : pick(70);
	target.local = any_address();
	target.kind = pick(5);
	target.mismatch = often() ? pick(3) : pick(256);
	target.flags = often() ? 0 : pick(256);
	target.idle = often() ? 0 : pick(100000);
	target.epoch = pick(3);
	if (!pick(3))
		target.keys = test_keys(pick(50), pick(__RTPC_SUITE_MAX + 1));
	target.pts_count = pick(often() ? 4 : RTPC_MAX_PTS + 1);
	for (unsigned i = 0; i < target.pts_count; i++)
		target.pts[i] = (struct rtpc_pt){ .pt = often() ? i : pick(256), .action = often() ? pick(3) : pick(256), .silence_len = pick(20), .clock_rate = pick(100000) };
	target.cookie = message.bytes;
	target.cookie_length = often() ? 0 : pick(1100);
	target.outputs_count = 0;
	for (unsigned wanted = often() ? pick(4) : pick(RTPC_MAX_OUTPUTS); target.outputs_count < wanted;)
		any_output(&target);
	target_message(&message, &target);
}

/* Any command with attributes of random types, lengths and bytes. */
static void any_message(void)
{
	uint8_t bytes[300];

	message_start(&message, pick(20) ? 1 + pick(RTPC_CMD_MAX + 1) : pick(256));
	if (often())
		message_u32(&message, RTPC_A_TABLE, pick(4));
	if (pick(2)) {
		struct rtpc_addr local = any_address();

		message_put(&message, RTPC_A_LOCAL, &local, sizeof(local));
	}
	for (unsigned count = pick(6); count; count--) {
		static const uint8_t lengths[] = { 0, 1, 2, 4, 8, 20, 32 };
		size_t length = often() ? lengths[pick(sizeof(lengths))] : pick(sizeof(bytes));

		for (size_t i = 0; i < length; i++)
			bytes[i] = pick(3) ? 0 : pick(256);
		message_put(&message, (often() ? pick(RTPC_A_MAX + 4) : pick(65536)) | (pick(4) ? 0 : NLA_F_NESTED), bytes, length);
	}
}

static void any_state(void)
{
	struct rtpc_srtp_state seed = { .ssrc = pick(4), .rtp_index = pick(1u << 31), .rtcp_index = pick(1u << 31) };

	message_start(&message, RTPC_CMD_SRTP_SEED);
	message_u32(&message, RTPC_A_TABLE, pick(3));
	message_u64(&message, RTPC_A_CRYPTO_ID, pick(50));
	message_u8(&message, RTPC_A_DIRECTION, pick(3));
	message_put(&message, RTPC_A_SRTP_STATE, &seed, often() ? sizeof(seed) : pick(32));
}

/* A lease would run out at any time, and tables must stay for the rest. */
static void keep_tables(void)
{
	message_start(&message, RTPC_CMD_TABLE_SET);
	message_u32(&message, RTPC_A_TABLE, pick(3));
	if (!often())
		message_u32(&message, RTPC_A_LEASE, pick(3));
}

static void damage(void)
{
	size_t body = message.length - NLMSG_HDRLEN;

	for (unsigned times = 1 + pick(4); times; times--) {
		uint8_t *at = message.bytes + NLMSG_HDRLEN + pick(body);

		*at = pick(2) ? pick(256) : *at ^ 1u << pick(8);
	}
	if (!pick(10))
		message.length = NLMSG_HDRLEN + pick(body + 1);
}

static bool remember(void)
{
	unsigned i;

	for (i = 0; i < seen_count; i++)
		if (seen[i].error == reply.error && !strncmp(seen[i].text, reply.text, sizeof(seen[i].text) - 1))
			break;
	if (i == sizeof(seen) / sizeof(seen[0]))
		return true;
	if (i == seen_count) {
		seen_count++;
		seen[i].error = reply.error;
		snprintf(seen[i].text, sizeof(seen[i].text), "%.119s", reply.text);
	}
	seen[i].count++;
	return true;
}

/* The core of netlink refuses these by itself, before the module is asked, and says nothing: a dump of what has none is one of them. */
static bool refused_before(const struct message *sent, uint16_t flags)
{
	const uint8_t command = sent->bytes[NLMSG_HDRLEN];

	return sent->length < NLMSG_HDRLEN + 4 || command > RTPC_CMD_SRTP_SEED || command == 0 || reply.error == ENOBUFS ||
		(flags == NLM_F_DUMP && reply.error == EOPNOTSUPP);
}

int main(int count, char **arguments)
{
	static void (*const makers[])(void) = { any_target, any_target, any_target, any_message, any_message, any_state, keep_tables };
	unsigned long wanted = count > 1 ? strtoul(arguments[1], NULL, 0) : 1000, silent = 0, taken = 0, unanswered = 0;
	struct netlink netlink;

	state = 0x9e3779b97f4a7c15ull + (count > 2 ? strtoul(arguments[2], NULL, 0) : 1);
	netlink_open(&netlink);
	for (unsigned long i = 0; i < wanted; i++) {
		static const uint16_t flags[] = { 0, 0, 0, NLM_F_EXCL, NLM_F_DUMP, NLM_F_REPLACE, NLM_F_CREATE };

		uint16_t flag = flags[pick(sizeof(flags) / sizeof(flags[0]))];

		makers[pick(sizeof(makers) / sizeof(makers[0]))]();
		if (!pick(3))
			damage();
		netlink_request(&netlink, &message, flag, &reply);
		if (!strcmp(reply.text, "no answer")) {
			unanswered++;
			printf("# request %lu, command %u: no answer: %s\n", i, message.bytes[NLMSG_HDRLEN], strerror(reply.error));
			netlink_close(&netlink);
			netlink_open(&netlink);
		} else if (!reply.error) {
			taken++;
		} else if (!reply.text[0] && !refused_before(&message, flag)) {
			if (silent++ < 20)
				printf("# request %lu, command %u: errno %d (%s) without a text\n", i, message.bytes[NLMSG_HDRLEN], reply.error, strerror(reply.error));
		} else {
			remember();
		}
	}
	for (unsigned i = 0; i < seen_count; i++)
		printf("# %8lu x %s: %s\n", seen[i].count, strerror(seen[i].error), seen[i].text);
	for (unsigned table = 0; table < RTPC_MAX_TABLES; table++)
		table_delete(&netlink, table, &reply);
	printf("# %lu requests, %lu taken, %lu refused without a text, %lu without an answer\n", wanted, taken, silent, unanswered);
	return silent || unanswered;
}
