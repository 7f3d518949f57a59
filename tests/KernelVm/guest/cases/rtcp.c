// SPDX-License-Identifier: GPL-2.0
/* RTCP: beside RTP, on the same port, forwarded and copied up. */
#include "kit.h"

/* One RTP output (id 1, to TO) and one RTCP output (id 2, to TO + 2). */
static struct target *muxed(void)
{
	struct target *target = plain_target();

	target->kind = RTPC_KIND_MUX;
	add_output(target)->rtcp = true;
	return target;
}

static uint16_t port_of(const struct datagram *datagram) { return ntohs(datagram->to.port); }

CASE("on a port with both, RTP goes to the RTP outputs and RTCP to the RTCP outputs")
{
	struct target *target = muxed();
	struct packet packet, report = make_sr(SSRC, 1);

	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	EQUAL(port_of(arrives_as(&packet)), TO);
	send_packet(&report);
	EQUAL(port_of(arrives_as(&report)), TO + 2);
	nothing_arrives();
	nothing_goes_up();
	EQUAL(stats_of(target).packets, 2);
	EQUAL(stats_of(target).rtcp_packets, 1);
}

CASE("an RTCP target forwards RTCP only")
{
	struct target *target = plain_target();
	struct packet packet, report = make_sr(SSRC, 1);

	target->kind = RTPC_KIND_RTCP;
	target->pts_count = 0;
	target->outputs[0].rtcp = true;
	install(target);
	send_packet(&report);
	arrives_as(&report);
	packet = send_rtp((struct rtp){ .seq = 1 });
	goes_up(&packet);
	nothing_arrives();
}

CASE("forwarded RTCP goes up as well, marked, when the target says so")
{
	struct target *target = muxed();
	struct packet report = make_sr(SSRC, 1);
	uint8_t got[MOST_BYTES];
	uint32_t mark;

	target->flags = RTPC_TF_RTCP_UP;
	target->rtcp_mark = 0x5254;
	install(target);
	send_packet(&report);
	arrives_as(&report);
	compare("at the socket", got, media_receive(media4, got, sizeof(got), &mark, SOON), &report);
	EQUAL(mark, 0x5254);
}

CASE("RTCP that stays here goes up only")
{
	struct target *target = muxed();
	struct packet report = make_sr(SSRC, 1);

	target->flags = RTPC_TF_RTCP_LOCAL;
	install(target);
	send_packet(&report);
	goes_up(&report);
	nothing_arrives();
}

CASE("SSRCs of reports are replaced where the output has other ones, timestamps moved along")
{
	struct target *target = muxed();
	struct packet report = make_sr(SSRC, 0x77), wanted;

	target->outputs[1].ssrcs[0] = (struct rtpc_ssrc_map){ .from = SSRC, .to = 0xaabbccdd, .timestamp_offset = 1000 };
	target->outputs[1].ssrcs[1] = (struct rtpc_ssrc_map){ .from = 0x77, .to = 0x88 };
	target->outputs[1].ssrcs_count = 2;
	install(target);
	send_packet(&report);
	wanted = make_sr(0xaabbccdd, 0x88);
	*(uint32_t *)(wanted.bytes + 16) = htonl(17000);
	arrives_as(&wanted);
}

CASE("feedback is cut out of compounds for an output without it")
{
	struct target *target = muxed();
	static const uint32_t nack[] = { 0x81cd0003, 0x11223344, 0x77, 0x00010000 };
	struct packet report = make_sr(SSRC, 1), compound = report;

	for (unsigned i = 0; i < 4; i++)
		((uint32_t *)(compound.bytes + compound.length))[i] = htonl(nack[i]);
	compound.length += sizeof(nack);
	target->outputs[1].flags = RTPC_OF_STRIP_FEEDBACK;
	install(target);
	send_packet(&compound);
	arrives_as(&report);
	target->outputs[1].flags = 0;
	install(target);
	send_packet(&compound);
	arrives_as(&compound);
}

CASE("SRTCP is decrypted and encrypted with each side's keys")
{
	for (unsigned suite = 1; suite < __RTPC_SUITE_MAX; suite++) {
		struct target *target = muxed();
		struct packet report = make_sr(SSRC, 1), wire = report;
		struct srtp in, out;

		target->keys = test_keys(100 + suite, suite);
		target->outputs[1].keys = test_keys(200 + suite, RTPC_SUITE_AES_CM_128_HMAC_SHA1_80);
		srtp_start(&in, &target->keys);
		srtp_start(&out, &target->outputs[1].keys);
		install(target);
		wire.length = seal_rtcp(&in, wire.bytes, wire.length, 5);
		send_packet(&wire);
		/* the first index we send is 1 */
		report.length = seal_rtcp(&out, report.bytes, report.length, 1);
		printf("# %s\n", suites[suite].name);
		arrives_as(&report);
	}
}

CASE("SRTCP leaves encrypted in every suite")
{
	for (unsigned suite = 1; suite < __RTPC_SUITE_MAX; suite++) {
		struct target *target = muxed();
		struct packet report = make_sr(SSRC, 1);
		struct srtp out;

		target->outputs[1].keys = test_keys(300 + suite, suite);
		srtp_start(&out, &target->outputs[1].keys);
		install(target);
		send_packet(&report);
		report.length = seal_rtcp(&out, report.bytes, report.length, 1);
		printf("# %s\n", suites[suite].name);
		arrives_as(&report);
	}
}
