// SPDX-License-Identifier: GPL-2.0
/* One packet in, n out; blocking, holding, changing a running target. */
#include "kit.h"

static void to_many(unsigned count)
{
	struct target *target = plain_target();
	static bool seen[RTPC_MAX_OUTPUTS];
	struct packet packet;

	memset(seen, 0, sizeof(seen));
	while (target->outputs_count < count)
		add_output(target);
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	for (unsigned i = 0; i < count; i++) {
		unsigned which = (ntohs(arrives_as(&packet)->to.port) - TO) / 2;

		CHECK(which < count && !seen[which], "output %u twice or unknown", which);
		seen[which] = true;
	}
	nothing_arrives();
	for (unsigned i = 0; i < count; i++)
		EQUAL(output_stats(target, i).packets, 1);
}

CASE("a packet goes to 3 outputs") { to_many(3); }
CASE("a packet goes to 50 outputs") { to_many(50); }
CASE("a packet goes to 256 outputs, the most there may be") { to_many(256); }

CASE("257 outputs are refused")
{
	static struct message message;
	struct target *target = plain_target();
	size_t nest;

	while (target->outputs_count < RTPC_MAX_OUTPUTS)
		add_output(target);
	target_message(&message, target);
	nest = message_nest(&message, RTPC_A_OUTPUT);
	message_u32(&message, RTPC_O_ID, 257);
	message_put(&message, RTPC_O_SRC, &target->outputs[0].from, sizeof(struct rtpc_addr));
	message_put(&message, RTPC_O_DST, &target->outputs[0].to, sizeof(struct rtpc_addr));
	message_nest_end(&message, nest);
	CHECK(netlink_request(&control, &message, 0, &reply), "it was taken");
	CHECK(reply.text[0], "errno %d without a text", reply.error);
}

CASE("each output rewrites and encrypts for itself")
{
	struct target *target = plain_target();
	struct packet packet, second, third;
	struct srtp srtp, gcm;

	add_output(target)->ssrcs[0] = (struct rtpc_ssrc_map){ .from = SSRC, .to = 5 };
	target->outputs[1].ssrcs_count = 1;
	target->outputs[1].keys = test_keys(1, RTPC_SUITE_AES_CM_128_HMAC_SHA1_32);
	add_output(target)->keys = test_keys(2, RTPC_SUITE_AEAD_AES_256_GCM);
	target->outputs[2].from = address(OUT6, OUT);
	target->outputs[2].to = address(RECEIVER6, TO + 4);
	add_output(target)->flags = RTPC_OF_SILENCED;
	srtp_start(&srtp, &target->outputs[1].keys);
	srtp_start(&gcm, &target->outputs[2].keys);
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	second = make_rtp((struct rtp){ .seq = 1, .ssrc = 5 });
	second.length = seal_rtp(&srtp, second.bytes, second.length, 0);
	third = packet;
	third.length = seal_rtp(&gcm, third.bytes, third.length, 0);
	for (unsigned i = 0; i < 4; i++) {
		struct datagram *got = arrives();
		unsigned which = (ntohs(got->to.port) - TO) / 2;
		struct packet silent = packet;

		memset(silent.bytes + 12, 0xff, BODY);
		compare("copy", got->bytes, got->length, which == 0 ? &packet : which == 1 ? &second : which == 2 ? &third : &silent);
		CHECK(got->udp_checksum_good, "UDP checksum of output %u", which);
	}
}

CASE("a target that drops everything drops RTP and lets STUN go up")
{
	static const uint8_t stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
	struct target *target = plain_target();
	struct packet packet = { .length = sizeof(stun) };

	target->flags = RTPC_TF_DROP_ALL;
	install(target);
	send_rtp((struct rtp){ .seq = 1 });
	nothing_arrives();
	nothing_goes_up();
	EQUAL(drops(RTPC_DROP_DROP_TRAFFIC), 1);
	memcpy(packet.bytes, stun, sizeof(stun));
	send_packet(&packet);
	goes_up(&packet);
}

CASE("a target without outputs swallows what it gets")
{
	struct target *target = plain_target();

	target->outputs_count = 0;
	install(target);
	send_rtp((struct rtp){ .seq = 1 });
	nothing_arrives();
	nothing_goes_up();
	EQUAL(drops(RTPC_DROP_NO_OUTPUT), 1);
	EQUAL(stats_of(target).packets, 1);
}

CASE("what may not be sent is counted and not forwarded, RTCP still is")
{
	struct target *target = plain_target();
	struct packet report = make_sr(SSRC, 1);

	target->kind = RTPC_KIND_MUX;
	target->flags = RTPC_TF_MAY_NOT_SEND;
	add_output(target)->rtcp = true;
	install(target);
	send_rtp((struct rtp){ .seq = 1 });
	nothing_arrives();
	EQUAL(stats_of(target).packets, 1);
	EQUAL(drops(RTPC_DROP_SEND_NOT_ALLOWED), 1);
	send_packet(&report);
	arrives_as(&report);
}

CASE("a held output counts why it does not send, its neighbour sends")
{
	struct target *target = plain_target();
	struct packet packet;

	target->outputs[0].hold = RTPC_DROP_NAT_WAIT;
	target->outputs[0].to.family = 0;
	add_output(target);
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	EQUAL(ntohs(arrives_as(&packet)->to.port), TO + 2);
	nothing_arrives();
	EQUAL(output_stats(target, 0).held, 1);
	EQUAL(drops(RTPC_DROP_NAT_WAIT), 1);
}

CASE("DTMF is blocked for the output that blocks it")
{
	struct target *target = plain_target();
	struct packet packet;

	target->outputs[0].flags = RTPC_OF_BLOCK_DTMF;
	add_output(target);
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1, .pt = 101, .body = 4 });
	EQUAL(ntohs(arrives_as(&packet)->to.port), TO + 2);
	nothing_arrives();
	EQUAL(drops(RTPC_DROP_DTMF_BLOCKED), 1);
}

CASE("payloads shorter than nominal are blocked where the target says so, DTMF excepted")
{
	struct target *target = plain_target();
	struct packet packet;

	target->flags = RTPC_TF_BLOCK_SHORT;
	install(target);
	send_rtp((struct rtp){ .seq = 1, .body = BODY - 1 });
	nothing_arrives();
	EQUAL(drops(RTPC_DROP_SHORT_PAYLOAD), 1);
	packet = send_rtp((struct rtp){ .seq = 2 });
	arrives_as(&packet);
	packet = send_rtp((struct rtp){ .seq = 3, .pt = 101, .body = 4 });
	arrives_as(&packet);
}

CASE("blocking and silence can be switched on a running target, one output at a time")
{
	static struct message message;
	struct target *target = plain_target();
	struct packet packet;
	size_t nest;

	add_output(target);
	install(target);
	message_start(&message, RTPC_CMD_TARGET_MODIFY);
	message_u32(&message, RTPC_A_TABLE, 0);
	message_put(&message, RTPC_A_LOCAL, &target->local, sizeof(target->local));
	nest = message_nest(&message, RTPC_A_OUTPUT);
	message_u32(&message, RTPC_O_ID, 1);
	message_u8(&message, RTPC_O_HOLD, RTPC_DROP_BLOCKED);
	message_nest_end(&message, nest);
	CHECK(!netlink_request(&control, &message, 0, &reply), "%s", reply.text);
	packet = send_rtp((struct rtp){ .seq = 1 });
	EQUAL(ntohs(arrives_as(&packet)->to.port), TO + 2);
	nothing_arrives();
	message_start(&message, RTPC_CMD_TARGET_MODIFY);
	message_u32(&message, RTPC_A_TABLE, 0);
	message_put(&message, RTPC_A_LOCAL, &target->local, sizeof(target->local));
	nest = message_nest(&message, RTPC_A_OUTPUT);
	message_u32(&message, RTPC_O_ID, 1);
	message_u8(&message, RTPC_O_HOLD, 0);
	message_u32(&message, RTPC_O_FLAGS, RTPC_OF_SILENCED);
	message_nest_end(&message, nest);
	CHECK(!netlink_request(&control, &message, 0, &reply), "%s", reply.text);
	send_rtp((struct rtp){ .seq = 2 });
	arrives();
	arrives();
	EQUAL(output_stats(target, 0).packets, 1);
	EQUAL(output_stats(target, 1).packets, 2);
}
