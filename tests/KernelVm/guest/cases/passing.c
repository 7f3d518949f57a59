// SPDX-License-Identifier: GPL-2.0
/* What is not the module's reaches the socket as if there were no module. */
#include "kit.h"

static void goes_past(const char *what, const void *bytes, size_t length)
{
	struct packet packet = { .length = length };

	memcpy(packet.bytes, bytes, length);
	send_packet(&packet);
	printf("# %s\n", what);
	goes_up(&packet);
	nothing_arrives();
}

CASE("STUN, DTLS, TURN channels, noise and empty datagrams go to the socket")
{
	static const uint8_t stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 }, dtls[30] = { 22, 254, 253 }, channel[12] = { 0x40, 0, 0, 8 };
	static const uint8_t noise[40] = { 0xff, 0xff, 0xff }, cut[11] = { 0x80, 0, 0, 1 }, ext[13] = { 0x90, 0, 0, 1 }, csrc[14] = { 0x8f, 0, 0, 1 };
	struct target *target = plain_target();

	install(target);
	goes_past("STUN", stun, sizeof(stun));
	goes_past("DTLS", dtls, sizeof(dtls));
	goes_past("a TURN channel", channel, sizeof(channel));
	goes_past("noise", noise, sizeof(noise));
	goes_past("RTP cut short", cut, sizeof(cut));
	goes_past("a header extension cut short", ext, sizeof(ext));
	goes_past("CSRCs cut short", csrc, sizeof(csrc));
	goes_past("nothing", stun, 0);
	EQUAL(stats_of(target).packets, 0);
	EQUAL(stats_of(target).userspace, 8);
}

CASE("RTCP at an RTP port without RTCP outputs goes to the socket")
{
	struct packet packet = make_sr(SSRC, 1);

	install(plain_target());
	send_packet(&packet);
	goes_up(&packet);
	nothing_arrives();
}

CASE("packets to other ports and addresses are none of the module's business")
{
	struct rtpc_addr elsewhere = address(MEDIA4, IN + 10);
	int socket = media_socket(&elsewhere);
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });
	static uint8_t got[MOST_BYTES];

	install(plain_target());
	send_from(FROM, &elsewhere, packet.bytes, packet.length);
	compare("at the other socket", got, media_receive(socket, got, sizeof(got), NULL, SOON), &packet);
	nothing_arrives();
	close(socket);
}

CASE("fragments are put together and go to the socket")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1, .body = 1200 });
	uint8_t whole[MOST_BYTES], part[MOST_BYTES];
	size_t length = make_ipv4(whole, SENDER4, FROM, &target->local, packet.bytes, packet.length, true), first = 20 + 800;

	install(target);
	memcpy(part, whole, first);
	part[2] = first >> 8;
	part[3] = first;
	part[6] = 0x20;	/* more follow */
	part[5] = 99;
	fix_ipv4(part);
	send_raw(part, first, 0);
	memcpy(part, whole, 20);
	memcpy(part + 20, whole + first, length - first);
	part[2] = (length - first + 20) >> 8;
	part[3] = length - first + 20;
	part[6] = 0;
	part[7] = 100;	/* * 8 = 800 */
	part[5] = 99;
	fix_ipv4(part);
	send_raw(part, length - first + 20, 0);
	goes_up(&packet);
	nothing_arrives();
}

CASE("a packet with IP options goes to the socket")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });
	uint8_t plain[MOST_BYTES], options[MOST_BYTES];
	size_t length = make_ipv4(plain, SENDER4, FROM, &target->local, packet.bytes, packet.length, true);

	install(target);
	memcpy(options, plain, 20);
	memset(options + 20, 1, 4);	/* no operation, four times */
	memcpy(options + 24, plain + 20, length - 20);
	options[0] = 0x46;
	options[2] = (length + 4) >> 8;
	options[3] = length + 4;
	fix_ipv4(options);
	send_raw(options, length + 4, 0);
	goes_up(&packet);
	nothing_arrives();
}

CASE("a packet with a wrong UDP length or checksum is not forwarded")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });
	uint8_t raw[MOST_BYTES];
	size_t length = make_ipv4(raw, SENDER4, FROM, &target->local, packet.bytes, packet.length, true);

	install(target);
	raw[25] += 8;	/* UDP says more than IP */
	send_raw(raw, length, 0);
	raw[24] = 0;
	raw[25] = 7;	/* less than its own header */
	send_raw(raw, length, 0);
	nothing_arrives();
	nothing_goes_up();
}

CASE("bytes behind the IP packet, as Ethernet pads short ones, are not forwarded")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1, .body = 3 });
	uint8_t raw[MOST_BYTES] = { 0 };
	size_t length = make_ipv4(raw, SENDER4, FROM, &target->local, packet.bytes, packet.length, true);

	install(target);
	send_raw(raw, length + 20, 0);
	arrives_as(&packet);
}

CASE("a raw target forwards any bytes")
{
	static const uint8_t stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
	struct target *target = plain_target();
	struct packet packet = { .length = sizeof(stun) };

	memcpy(packet.bytes, stun, sizeof(stun));
	target->kind = RTPC_KIND_RAW;
	target->pts_count = 0;
	install(target);
	send_packet(&packet);
	arrives_as(&packet);
	packet.length = 1;
	packet.bytes[0] = 'x';
	send_packet(&packet);
	arrives_as(&packet);
}
