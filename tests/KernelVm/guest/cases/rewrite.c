// SPDX-License-Identifier: GPL-2.0
/* What an output changes in a packet: SSRC, sequence, timestamp, payload type, header extensions, silence. */
#include "kit.h"

CASE("SSRC, sequence number and timestamp are those of the output")
{
	struct target *target = plain_target();
	struct packet wanted;

	target->outputs[0].ssrcs[0] = (struct rtpc_ssrc_map){ .from = SSRC, .to = 0xcafe0001, .timestamp_offset = 0xfffffff0, .sequence_offset = 10 };
	target->outputs[0].ssrcs_count = 1;
	install(target);
	send_rtp((struct rtp){ .seq = 65530, .ts = 32 });
	wanted = make_rtp((struct rtp){ .seq = 4, .ts = 16, .ssrc = 0xcafe0001 });
	arrives_as(&wanted);
	EQUAL(output_stats(target, 0).ssrc, 0xcafe0001);
}

CASE("an SSRC that is not in the map stays; an entry for any SSRC applies to those")
{
	struct target *target = plain_target();
	struct packet packet;

	target->outputs[0].ssrcs[0] = (struct rtpc_ssrc_map){ .from = SSRC, .to = 1 };
	target->outputs[0].ssrcs_count = 1;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1, .ssrc = 99 });
	arrives_as(&packet);
	target->outputs[0].ssrcs[1] = (struct rtpc_ssrc_map){ .to = 2, .flags = RTPC_SSRC_ANY };
	target->outputs[0].ssrcs_count = 2;
	install(target);
	send_rtp((struct rtp){ .seq = 2, .ssrc = 99 });
	packet = make_rtp((struct rtp){ .seq = 2, .ssrc = 2 });
	arrives_as(&packet);
	send_rtp((struct rtp){ .seq = 3 });
	packet = make_rtp((struct rtp){ .seq = 3, .ssrc = 1 });
	arrives_as(&packet);
}

CASE("a payload type is renamed, the marker kept")
{
	struct target *target = plain_target();
	struct packet packet;

	target->outputs[0].pts[0] = (struct rtpc_pt_map){ 0, 96 };
	target->outputs[0].pts_count = 1;
	install(target);
	send_rtp((struct rtp){ .seq = 1, .marker = true });
	packet = make_rtp((struct rtp){ .seq = 1, .marker = true, .pt = 96 });
	arrives_as(&packet);
	packet = send_rtp((struct rtp){ .seq = 2, .pt = 101 });
	arrives_as(&packet);
}

CASE("a rewritten packet with a whole checksum has a right one afterwards")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });
	uint8_t raw[MOST_BYTES];

	target->outputs[0].ssrcs[0] = (struct rtpc_ssrc_map){ .from = SSRC, .to = 0xcafe0001, .sequence_offset = 7 };
	target->outputs[0].ssrcs_count = 1;
	install(target);
	send_raw(raw, make_ipv4(raw, SENDER4, FROM, &target->local, packet.bytes, packet.length, true), 0);
	packet = make_rtp((struct rtp){ .seq = 8, .ssrc = 0xcafe0001 });
	arrives_as(&packet);
}

/* One-byte elements: id 1 (1 byte), id 3 (2 bytes), id 5 (3 bytes), padded. */
static const uint8_t elements[] = { 0xbe, 0xde, 0, 3, 0x10, 0xaa, 0x31, 0xb1, 0xb2, 0x52, 0xc1, 0xc2, 0xc3, 0, 0, 0 };

/* The elements of the next packet as "id:length " each, "none" without an extension. */
static const char *elements_arriving(void)
{
	static char text[200];
	struct datagram *got = arrives();
	const uint8_t *at = got->bytes + 12, *end;

	CHECK(got->udp_checksum_good, "UDP checksum");
	if (!(got->bytes[0] & 0x10))
		return "none";
	end = at + 4 + 4 * (at[2] << 8 | at[3]);
	CHECK(end <= got->bytes + got->length, "extension longer than the packet");
	CHECK(got->length - (end - got->bytes) == BODY, "the payload is not whole");
	CHECK(at[0] == 0xbe && at[1] == 0xde, "another profile");
	text[0] = 0;
	for (at += 4; at < end; at++)
		if (*at) {
			sprintf(text + strlen(text), "%d:%d ", *at >> 4, (*at & 15) + 1);
			at += (*at & 15) + 1;
		}
	return text;
}

static void wanted_elements(const char *wanted)
{
	const char *got = elements_arriving();

	CHECK(!strcmp(got, wanted), "elements are '%s', not '%s'", got, wanted);
}

static void send_elements(const struct target *target)
{
	install(target);
	send_rtp((struct rtp){ .seq = 1, .ext = elements, .ext_length = sizeof(elements) });
}

CASE("header extensions pass as they are")
{
	struct packet packet = make_rtp((struct rtp){ .seq = 1, .ext = elements, .ext_length = sizeof(elements) });

	send_elements(plain_target());
	arrives_as(&packet);
}

CASE("elements to strip are gone, elements to keep are all that stay")
{
	struct target *target = plain_target();
	struct output *output = &target->outputs[0];

	output->strip[0] = 3;
	output->strip_count = 1;
	send_elements(target);
	wanted_elements("1:1 5:3 ");
	output->strip_count = 0;
	output->keep[0] = 3;
	output->keep_count = 1;
	send_elements(target);
	wanted_elements("3:2 ");
}

CASE("all extensions can be removed with their header")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });

	target->outputs[0].flags = RTPC_OF_STRIP_EXT;
	send_elements(target);
	arrives_as(&packet);
}

CASE("a MID is inserted among other elements, replaces an old one, and makes an extension where there was none")
{
	struct target *target = plain_target();
	struct output *output = &target->outputs[0];

	output->mid_id = 9;
	output->mid = "audio";
	send_elements(target);
	wanted_elements("1:1 3:2 5:3 9:5 ");
	output->mid_id = 3;
	send_elements(target);
	CHECK(strstr(elements_arriving(), "3:5 "), "the MID is not there");
	install(target);
	send_rtp((struct rtp){ .seq = 2 });
	wanted_elements("3:5 ");
}

CASE("a MID goes into an encrypted packet as well")
{
	struct target *target = plain_target();
	struct packet wanted;
	struct srtp srtp;
	static const uint8_t mid[] = { 0xbe, 0xde, 0, 1, 0x42, 'm', 'i', 'd' };

	target->outputs[0].mid_id = 4;
	target->outputs[0].mid = "mid";
	target->outputs[0].keys = test_keys(1, RTPC_SUITE_AES_CM_128_HMAC_SHA1_80);
	srtp_start(&srtp, &target->outputs[0].keys);
	install(target);
	send_rtp((struct rtp){ .seq = 2 });
	wanted = make_rtp((struct rtp){ .seq = 2, .ext = mid, .ext_length = sizeof(mid) });
	wanted.length = seal_rtp(&srtp, wanted.bytes, wanted.length, 0);
	arrives_as(&wanted);
}

CASE("a silenced output sends the payload type's silence; what has none is dropped")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });

	target->outputs[0].flags = RTPC_OF_SILENCED;
	install(target);
	send_packet(&packet);
	memset(packet.bytes + 12, 0xff, BODY);
	arrives_as(&packet);
	send_rtp((struct rtp){ .seq = 2, .pt = 101 });
	nothing_arrives();
	EQUAL(drops(RTPC_DROP_SILENCED), 1);
}

CASE("a silence of several bytes is repeated")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1, .body = 7 });

	target->outputs[0].flags = RTPC_OF_SILENCED;
	target->pts[0].silence_len = 3;
	memcpy(target->pts[0].silence, "abc", 3);
	install(target);
	send_packet(&packet);
	memcpy(packet.bytes + 12, "abcabca", 7);
	arrives_as(&packet);
}
