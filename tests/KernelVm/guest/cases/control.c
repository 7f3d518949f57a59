// SPDX-License-Identifier: GPL-2.0
/* The control interface: what it refuses and how it says so, and what it gives back. */
#define _GNU_SOURCE
#include "kit.h"

#include <sched.h>
#include <sys/wait.h>

static struct message message;

CASE("the module says what it is and what it can")
{
	struct rtpc_limits limits;

	message_start(&message, RTPC_CMD_INFO_GET);
	EQUAL(netlink_request(&control, &message, 0, &reply), 0);
	EQUAL(reply_u32(&reply, RTPC_A_ABI), RTPC_ABI);
	CHECK(reply_copy(&reply, RTPC_A_LIMITS, &limits, sizeof(limits)), "no limits");
	EQUAL(limits.outputs, RTPC_MAX_OUTPUTS);
	EQUAL(limits.tables, RTPC_MAX_TABLES);
	CHECK(attribute(reply.bytes, reply.length, RTPC_A_VERSION, 0) && attribute(reply.bytes, reply.length, RTPC_A_CRYPTO_PATH, 0), "no version");
	printf("# crypto: %s\n", (const char *)attribute_data(attribute(reply.bytes, reply.length, RTPC_A_CRYPTO_PATH, 0)));
}

CASE("tables are 0 to 63; others do not exist and cannot be made")
{
	EQUAL(table_set(&control, 63, &reply), 0);
	EQUAL(table_delete(&control, 63, &reply), 0);
	CHECK(table_set(&control, 64, &reply), "table 64 was made");
	CHECK(reply.text[0], "no text");
	EQUAL(table_delete(&control, 62, &reply), ENOENT);
	CHECK(reply.text[0], "no text");
}

CASE("a target without a table, without an address or without a kind is refused")
{
	struct target *target = plain_target();

	target->table = 9;
	refused(target, ENOENT, "table");
	target->table = 0;
	target->local.port = 0;
	CHECK(target_set(&control, target, 0, &reply) && reply.text[0], "no port, and taken or no text");
	target->local.family = 0;
	CHECK(target_set(&control, target, 0, &reply) && reply.text[0], "no address, and taken or no text");
	message_start(&message, RTPC_CMD_TARGET_SET);
	message_u32(&message, RTPC_A_TABLE, 0);
	CHECK(netlink_request(&control, &message, 0, &reply) && reply.text[0], "nothing but a table, and taken or no text");
}

/* Sets one thing of a good target and expects EINVAL or ERANGE or EOPNOTSUPP with a text, and nothing installed. */
#define REFUSED_WITH(change)                                                                          \
	do {                                                                                          \
		struct target *target = plain_target();                                               \
		struct output *output = &target->outputs[0];                                          \
		(void)output;                                                                         \
		change;                                                                               \
		if (!target_set(&control, target, 0, &reply))                                         \
			test_fail(__FILE__, __LINE__, "taken with: %s", #change);                     \
		if (!reply.text[0])                                                                   \
			test_fail(__FILE__, __LINE__, "errno %d without a text: %s", reply.error, #change); \
		if (target_get(&control, plain_target(), &reply) != ENOENT)                           \
			test_fail(__FILE__, __LINE__, "something was installed with: %s", #change);   \
	} while (0)

CASE("values that make no sense are refused with a text, and nothing is installed")
{
	REFUSED_WITH(target->kind = 9);
	REFUSED_WITH(target->mismatch = 7);
	REFUSED_WITH(target->flags = 1u << 20);
	REFUSED_WITH(target->ssrc_unknown = 9);
	REFUSED_WITH(target->pts[0].pt = 200);
	REFUSED_WITH(target->pts[1].pt = 0);
	REFUSED_WITH(target->pts[0].silence_len = 17);
	REFUSED_WITH(target->pts[0].clock_rate = 2000000);
	REFUSED_WITH(target->pts[0].reserved = 1);
	REFUSED_WITH(target->local.family = 99);
	REFUSED_WITH(target->local.addr[7] = 1);
	REFUSED_WITH(target->idle = 90000);
	REFUSED_WITH(output->flags = 1u << 20);
	REFUSED_WITH(output->hold = 3);
	REFUSED_WITH(output->to.family = 0);
	REFUSED_WITH(output->from.family = 0);
	REFUSED_WITH(output->from = address(OUT6, OUT));
	REFUSED_WITH(output->mid_id = 3);
	REFUSED_WITH(output->mid = "x");
	REFUSED_WITH((output->mid = "x", output->mid_id = 15));
	REFUSED_WITH((output->mid = "12345678901234567", output->mid_id = 3));
	REFUSED_WITH((output->strip_count = 1, output->keep_count = 1));
	REFUSED_WITH((output->pts_count = 1, output->pts[0].to = 128));
	REFUSED_WITH(output->keys = test_keys(1, __RTPC_SUITE_MAX - 1); output->keys.suite = 99);
	REFUSED_WITH((output->keys = test_keys(1, 7), output->keys.flags = 1u << 9));
	REFUSED_WITH(output->flags = RTPC_OF_PASSTHROUGH; target->keys = test_keys(1, 7));
	REFUSED_WITH(add_output(target)->id = 1);
	REFUSED_WITH((target->kind = RTPC_KIND_RAW, target->pts_count = 0, target->keys = test_keys(1, 7)));
}

CASE("unknown attributes, wrong lengths and missing nesting flags are refused with a text")
{
	struct target *target = plain_target();
	uint8_t three[3] = { 0 };

	target_message(&message, target);
	message_u32(&message, 999, 0);
	CHECK(netlink_request(&control, &message, 0, &reply) && reply.text[0], "an unknown attribute: %d", reply.error);
	target_message(&message, target);
	message_put(&message, RTPC_A_IDLE, three, 3);
	CHECK(netlink_request(&control, &message, 0, &reply) && reply.text[0], "3 bytes for a u32: %d", reply.error);
	target_message(&message, target);
	message_put(&message, RTPC_A_OUTPUT, three, 0);
	CHECK(netlink_request(&control, &message, 0, &reply) && reply.text[0], "an output that is not nested: %d", reply.error);
	target_message(&message, target);
	message_put(&message, RTPC_A_EXPECT, three, 3);
	CHECK(netlink_request(&control, &message, 0, &reply) && reply.text[0], "3 bytes for an address: %d", reply.error);
}

CASE("a dump refuses attributes that it does not take, with a text")
{
	static const uint8_t commands[] = { RTPC_CMD_TABLE_GET, RTPC_CMD_TARGET_GET, RTPC_CMD_STATS_GET };

	for (unsigned i = 0; i < sizeof(commands); i++) {
		message_start(&message, commands[i]);
		message_u32(&message, RTPC_A_TABLE, 0);
		message_u32(&message, RTPC_A_IDLE, 1);
		EQUAL(netlink_request(&control, &message, NLM_F_DUMP, &reply), EINVAL);
		CHECK(strstr(reply.text, "does not take"), "command %u: '%s'", commands[i], reply.text);
	}
}

CASE("a key of the wrong length is refused")
{
	struct target *target = plain_target();
	size_t nest;

	target_message(&message, target);
	nest = message_nest(&message, RTPC_A_CRYPTO);
	message_u64(&message, RTPC_C_ID, 1);
	message_u8(&message, RTPC_C_SUITE, 7);
	message_put(&message, RTPC_C_MASTER_KEY, message.bytes, 15);
	message_put(&message, RTPC_C_MASTER_SALT, message.bytes, 14);
	message_nest_end(&message, nest);
	CHECK(netlink_request(&control, &message, 0, &reply) && reply.text[0], "taken, or no text");
}

CASE("an unknown command is refused")
{
	message_start(&message, 200);
	CHECK(netlink_request(&control, &message, 0, &reply), "taken");
}

CASE("a process without rights is refused")
{
	pid_t child = fork();
	int status;

	if (!child) {
		struct netlink other;

		/* nobody, without capabilities */
		if (setgid(65534) || setuid(65534))
			_exit(3);
		netlink_open(&other);
		_exit(table_set(&other, 5, &reply) == EPERM ? 0 : 1);
	}
	waitpid(child, &status, 0);
	EQUAL(status, 0);
}

CASE("NLM_F_EXCL refuses what exists, an older epoch does not replace a newer plan")
{
	struct target *target = plain_target();

	target->epoch = 5;
	EQUAL(target_set(&control, target, NLM_F_EXCL, &reply), 0);
	EQUAL(target_set(&control, target, NLM_F_EXCL, &reply), EEXIST);
	target->epoch = 4;
	refused(target, ESTALE, "");
	target->epoch = 6;
	install(target);
}

CASE("an address belongs to one table of a namespace")
{
	struct target *target = plain_target();

	EQUAL(table_set(&control, 1, &reply), 0);
	install(target);
	target->table = 1;
	refused(target, EADDRINUSE, "");
	target->table = 0;
	EQUAL(target_delete(&control, target, &reply), 0);
	target->table = 1;
	install(target);
	EQUAL(table_delete(&control, 1, &reply), 0);
}

CASE("what was installed is given back, keys only on demand")
{
	struct target *target = plain_target();
	static const char cookie[] = "call 7, leg b";
	const struct nlattr *found;
	struct rtpc_addr local;

	target->cookie = cookie;
	target->cookie_length = sizeof(cookie);
	target->epoch = 77;
	target->keys = test_keys(4, 7);
	while (target->outputs_count < 100)
		add_output(target)->keys = test_keys(target->outputs_count, 7);
	install(target);
	EQUAL(target_get(&control, target, &reply), 0);
	EQUAL(reply_u64(&reply, RTPC_A_EPOCH), 77);
	CHECK(reply_copy(&reply, RTPC_A_LOCAL, &local, sizeof(local)) && !memcmp(&local, &target->local, sizeof(local)), "another address");
	found = attribute(reply.bytes, reply.length, RTPC_A_COOKIE, 0);
	CHECK(found && attribute_length(found) == sizeof(cookie) && !memcmp(attribute_data(found), cookie, sizeof(cookie)), "another cookie");
	CHECK(attribute(reply.bytes, reply.length, RTPC_A_OUTPUT, 99) && !attribute(reply.bytes, reply.length, RTPC_A_OUTPUT, 100), "not 100 outputs");
	found = attribute(reply.bytes, reply.length, RTPC_A_CRYPTO, 0);
	CHECK(found && !attribute(attribute_data(found), attribute_length(found), RTPC_C_MASTER_KEY, 0), "a key that nobody asked for");
	message_start(&message, RTPC_CMD_TARGET_GET);
	message_u32(&message, RTPC_A_TABLE, 0);
	message_put(&message, RTPC_A_LOCAL, &target->local, sizeof(target->local));
	message_flag(&message, RTPC_A_WITH_KEYS);
	EQUAL(netlink_request(&control, &message, 0, &reply), 0);
	found = attribute(reply.bytes, reply.length, RTPC_A_CRYPTO, 0);
	found = found ? attribute(attribute_data(found), attribute_length(found), RTPC_C_MASTER_KEY, 0) : NULL;
	CHECK(found && !memcmp(attribute_data(found), target->keys.key, 16), "no key, or another one");
}

CASE("a dump gives every target, in as many messages as it takes")
{
	struct target *target = plain_target();
	unsigned found = 0;

	while (target->outputs_count < 40)
		add_output(target);
	for (unsigned i = 0; i < 200; i++) {
		target->local.port = htons(20000 + 2 * i);
		install(target);
	}
	message_start(&message, RTPC_CMD_STATS_GET);
	message_u32(&message, RTPC_A_TABLE, 0);
	EQUAL(netlink_request(&control, &message, NLM_F_DUMP, &reply), 0);
	while (attribute(reply.bytes, reply.length, RTPC_A_LOCAL, found))
		found++;
	EQUAL(found, 200);
	message_start(&message, RTPC_CMD_TARGET_GET);
	message_u32(&message, RTPC_A_TABLE, 0);
	EQUAL(netlink_request(&control, &message, NLM_F_DUMP, &reply), 0);
	CHECK(reply.messages >= 200, "%u messages", reply.messages);
	message_start(&message, RTPC_CMD_TABLE_FLUSH);
	message_u32(&message, RTPC_A_TABLE, 0);
	EQUAL(netlink_request(&control, &message, 0, &reply), 0);
	EQUAL(target_get(&control, target, &reply), ENOENT);
}

CASE("deleting a target gives its last counters, and its packets go to the socket again")
{
	struct target *target = plain_target();
	struct rtpc_stats stats;
	struct packet packet;

	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
	EQUAL(target_delete(&control, target, &reply), 0);
	CHECK(reply_copy(&reply, RTPC_A_STATS, &stats, sizeof(stats)), "no counters");
	EQUAL(stats.packets, 1);
	EQUAL(target_delete(&control, target, &reply), ENOENT);
	CHECK(reply.text[0], "no text");
	packet = send_rtp((struct rtp){ .seq = 2 });
	goes_up(&packet);
}

CASE("/proc lists tables, targets, outputs and counters")
{
	struct target *target = plain_target();
	const char *text;

	target->keys = test_keys(4, 7);
	target->outputs[0].keys = test_keys(4, 2);
	install(target);
	text = proc_file(0, "list");
	CHECK(strstr(text, MEDIA4) && strstr(text, "30000"), "the target is not in the list:\n%s", text);
	CHECK(strstr(text, RECEIVER4) && strstr(text, "6000"), "the output is not in the list:\n%s", text);
	CHECK(!strstr(text, "07 14"), "keys in a list?");
	text = proc_file(0, "status");
	CHECK(text[0], "no status");
	printf("# %s", text);
}
