// SPDX-License-Identifier: GPL-2.0
/* Super-packets: several datagrams in one buffer, as UDP_SEGMENT senders on the same host and GRO make them. */
#include "kit.h"

enum { PIECES = 6 };

static struct packet pieces[PIECES];

static void send_all(struct target *target)
{
	static struct packet all;

	all.length = 0;
	for (unsigned i = 0; i < PIECES; i++) {
		pieces[i] = make_rtp((struct rtp){ .seq = 100 + i, .fill = i * 3 + 1 });
		memcpy(all.bytes + all.length, pieces[i].bytes, pieces[i].length);
		all.length += pieces[i].length;
	}
	send_segments(FROM, &target->local, all.bytes, all.length, pieces[0].length);
}

CASE("a super-packet of several RTP packets leaves as the packets it is made of")
{
	struct target *target = plain_target();

	install(target);
	send_all(target);
	for (unsigned i = 0; i < PIECES; i++)
		arrives_as(&pieces[i]);
	nothing_arrives();
	EQUAL(stats_of(target).packets, PIECES);
}

CASE("a super-packet to two outputs is taken apart for both")
{
	struct target *target = plain_target();
	unsigned seen[2] = { 0 };

	add_output(target)->tos = 8;
	install(target);
	send_all(target);
	for (unsigned i = 0; i < 2 * PIECES; i++) {
		struct datagram *got = arrives();
		unsigned which = ntohs(got->to.port) == TO ? 0 : 1;

		CHECK(seen[which] < PIECES, "more packets than were sent");
		compare("copy", got->bytes, got->length, &pieces[seen[which]++]);
		CHECK(got->udp_checksum_good, "UDP checksum");
	}
	nothing_arrives();
}

CASE("each packet of a super-packet is encrypted by itself")
{
	struct target *target = plain_target();
	struct srtp srtp;

	target->outputs[0].keys = test_keys(3, RTPC_SUITE_AES_CM_128_HMAC_SHA1_80);
	srtp_start(&srtp, &target->outputs[0].keys);
	install(target);
	send_all(target);
	for (unsigned i = 0; i < PIECES; i++) {
		pieces[i].length = seal_rtp(&srtp, pieces[i].bytes, pieces[i].length, 0);
		arrives_as(&pieces[i]);
	}
}

CASE("a super-packet that nobody forwards reaches the socket whole")
{
	struct rtpc_addr elsewhere = address(MEDIA4, IN);
	static struct target target;

	target.local = elsewhere;
	send_all(&target);
	for (unsigned i = 0; i < PIECES; i++)
		goes_up(&pieces[i]);
}
