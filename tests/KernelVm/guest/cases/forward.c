// SPDX-License-Identifier: GPL-2.0
/* One packet in, one packet out: addresses, families, checksums, VLANs. */
#include "kit.h"

CASE("an RTP packet leaves with the output's addresses and ports, its bytes unchanged")
{
	struct target *target = plain_target();
	struct packet packet;
	struct datagram *got;

	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	got = arrives_as(&packet);
	CHECK(!memcmp(&got->from, &target->outputs[0].from, sizeof(got->from)), "source address or port differs");
	CHECK(!memcmp(&got->to, &target->outputs[0].to, sizeof(got->to)), "destination address or port differs");
	nothing_goes_up();
}

CASE("TOS and TTL are the output's; the TTL's default is the namespace's")
{
	struct target *target = plain_target();
	struct packet packet;
	struct datagram *got;

	target->outputs[0].tos = 184;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	got = arrives_as(&packet);
	EQUAL(got->tos, 184);
	EQUAL(got->ttl, 64);
	target->outputs[0].ttl = 9;
	target->outputs[0].tos = 0;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 2 });
	got = arrives_as(&packet);
	EQUAL(got->tos, 0);
	EQUAL(got->ttl, 9);
}

/* Sends to @local through a target with these ends. */
static struct datagram *across(struct target *target, const char *local, const char *from, const char *to)
{
	struct packet packet = make_rtp((struct rtp){ .seq = 7 });
	struct datagram *got;

	target->local = address(local, IN);
	target->outputs[0].from = address(from, OUT);
	target->outputs[0].to = address(to, TO);
	target->outputs[0].tos = 0xb8;
	target->outputs[0].ttl = 33;
	install(target);
	send_from(FROM, &target->local, packet.bytes, packet.length);
	got = arrives_as(&packet);
	CHECK(!memcmp(&got->from, &target->outputs[0].from, sizeof(got->from)), "source address or port differs");
	CHECK(!memcmp(&got->to, &target->outputs[0].to, sizeof(got->to)), "destination address or port differs");
	EQUAL(got->tos, 0xb8);
	EQUAL(got->ttl, 33);
	return got;
}

CASE("IPv6 is forwarded, with a UDP checksum, traffic class and hop limit")
{
	CHECK(across(plain_target(), MEDIA6, OUT6, RECEIVER6)->udp_checksum_present, "no UDP checksum");
}

CASE("IPv4 leaves as IPv6")
{
	CHECK(across(plain_target(), MEDIA4, OUT6, RECEIVER6)->udp_checksum_present, "no UDP checksum");
}

CASE("IPv6 leaves as IPv4")
{
	across(plain_target(), MEDIA6, OUT4, RECEIVER4);
}

/* Sends a packet that the caller's kernel has not touched. */
static struct packet send_made(struct target *target, unsigned body, bool checksum, uint16_t vlan)
{
	struct packet packet = make_rtp((struct rtp){ .seq = 3, .body = body });
	uint8_t raw[MOST_BYTES];

	send_raw(raw, make_ipv4(raw, SENDER4, FROM, &target->local, packet.bytes, packet.length, checksum), vlan);
	return packet;
}

CASE("an IPv4 packet without a UDP checksum is forwarded")
{
	struct target *target = plain_target();
	struct packet packet;

	install(target);
	packet = send_made(target, BODY, false, 0);
	arrives_as(&packet);
}

CASE("a packet without a UDP checksum that leaves as IPv6 gets one")
{
	struct target *target = plain_target();
	struct packet packet;

	target->outputs[0].from = address(OUT6, OUT);
	target->outputs[0].to = address(RECEIVER6, TO);
	install(target);
	packet = send_made(target, BODY, false, 0);
	CHECK(arrives_as(&packet)->udp_checksum_present, "no UDP checksum");
}

CASE("a packet with a whole UDP checksum leaves with a right one, of odd length too")
{
	struct target *target = plain_target();
	struct packet packet;

	install(target);
	packet = send_made(target, 161, true, 0);
	CHECK(arrives_as(&packet)->udp_checksum_present, "the checksum is gone");
}

CASE("a receiving socket takes packets whose checksum was left to the device")
{
	struct target *target = plain_target();
	int socket = socket_in("receiver", &target->outputs[0].to);
	static uint8_t got[MOST_BYTES];
	struct packet packet;

	lab_checksum_offload("m1", true);
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	compare("at the receiver's socket", got, media_receive(socket, got, sizeof(got), NULL, SOON), &packet);
	lab_checksum_offload("m1", false);
	close(socket);
}

CASE("a tagged packet is forwarded, and one that leaves through a VLAN device is tagged")
{
	struct target *target = plain_target();
	struct packet packet;
	struct datagram *got;

	lab_run("media", "sh -c 'ip link add link m0 name m0.7 type vlan id 7 && ip addr add 10.1.7.254/24 dev m0.7 && ip link set m0.7 up && "
		"ip link add link m1 name m1.9 type vlan id 9 && ip addr add 10.2.9.254/24 dev m1.9 && ip link set m1.9 up'");
	lab_run("receiver", "sh -c 'ip link add link r0 name r0.9 type vlan id 9 && ip addr add 10.2.9.1/24 dev r0.9 && ip link set r0.9 up'");
	target->local = address("10.1.7.254", IN);
	target->outputs[0].from = address("10.2.9.254", OUT);
	target->outputs[0].to = address("10.2.9.1", TO);
	install(target);
	packet = send_made(target, BODY, true, 7);
	got = arrives_as(&packet);
	EQUAL(got->vlan, 9);
	lab_run("receiver", "ip link del r0.9");
	lab_run("media", "sh -c 'ip link del m1.9; ip link del m0.7'");
}
