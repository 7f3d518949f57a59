// SPDX-License-Identifier: GPL-2.0
/* Packets are taken at the device they come in through; what the device may not give away is taken later, and nothing is counted twice. */
#define _GNU_SOURCE
#include "kit.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>

/* IPv4 packets that this namespace's stack has seen. */
static unsigned long stack_received(void)
{
	char line[512];
	unsigned long received = 0;
	FILE *file = fopen("/proc/self/net/snmp", "r");
	bool names = true;

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "Ip:", 3))
			continue;
		if (!names)
			sscanf(line, "Ip: %*s %*s %lu", &received);
		names = false;
	}
	if (file)
		fclose(file);
	return received;
}

/* The receiver has a socket, so that it sends nothing back. */
static int quiet_receiver(void)
{
	struct rtpc_addr to = address(RECEIVER4, TO);

	return socket_in("receiver", &to);
}

static void taken(struct target *target, unsigned seen_by_the_stack)
{
	unsigned long before = stack_received(), packets = stats_of(target).packets;
	struct packet packet = send_rtp((struct rtp){ .seq = 1 + packets });

	arrives_as(&packet);
	nothing_arrives();
	EQUAL(stats_of(target).packets, packets + 1);
	EQUAL(stack_received() - before, seen_by_the_stack);
}

CASE("RTP is taken at the device, before the stack sees it")
{
	struct target *target = plain_target();
	int receiver = quiet_receiver();

	install(target);
	taken(target, 0);
	close(receiver);
}

CASE("who listens at the device sees what came, not what was sent")
{
	struct sockaddr_ll place = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex("m0") };
	int tap = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
	struct target *target = plain_target();
	static uint8_t got[MOST_BYTES];
	struct packet packet;
	struct srtp srtp;
	int length;

	CHECK(tap >= 0 && !bind(tap, (struct sockaddr *)&place, sizeof(place)), "no packet socket");
	target->outputs[0].keys = test_keys(3, RTPC_SUITE_AES_CM_128_HMAC_SHA1_80);
	srtp_start(&srtp, &target->outputs[0].keys);
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	do
		length = media_receive(tap, got, sizeof(got), NULL, SOON);
	while (length >= 0 && (length < 28 || got[0] != 0x45 || got[9] != 17));
	CHECK(length > 28, "nothing at the device");
	compare("at the device", got + 28, length - 28, &packet);
	packet.length = seal_rtp(&srtp, packet.bytes, packet.length, 0);
	arrives_as(&packet);
	close(tap);
}

CASE("RTP to a bridge is taken at the bridge, and once")
{
	struct target *target = plain_target();
	int receiver = quiet_receiver();

	lab_run("media", "sh -c 'ip link add b0 address $(cat /sys/class/net/m0/address) type bridge forward_delay 0 && "
		"ip link set b0 up && ip link set m0 master b0; i=0; "
		"until [ $(cat /sys/class/net/m0/brport/state) = 3 ] || [ $((i=i+1)) = 500 ]; do sleep 0.01; done'");
	install(target);
	taken(target, 0);
	lab_run("media", "ip link del b0");
	taken(target, 0);
	close(receiver);
}

CASE("RTP for a VLAN device is taken there, be the device older or younger than the table")
{
	struct target *target = plain_target();
	int receiver = quiet_receiver();
	uint8_t raw[MOST_BYTES];
	struct packet packet;
	unsigned long before;

	target->local = address("10.1.7.254", IN);
	install(target);
	lab_run("media", "sh -c 'ip link add link m0 name m0.7 type vlan id 7 && ip addr add 10.1.7.254/24 dev m0.7 && ip link set m0.7 up'");
	before = stack_received();
	packet = make_rtp((struct rtp){ .seq = 1 });
	send_raw(raw, make_ipv4(raw, SENDER4, FROM, &target->local, packet.bytes, packet.length, true), 7);
	arrives_as(&packet);
	nothing_arrives();
	EQUAL(stack_received() - before, 0);
	lab_run("media", "ip link del m0.7");
	close(receiver);
}

CASE("a packet with a wrong IP checksum or length is none of the module's")
{
	struct target *target = plain_target();
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });
	uint8_t raw[MOST_BYTES];
	size_t length = make_ipv4(raw, SENDER4, FROM, &target->local, packet.bytes, packet.length, true);

	install(target);
	raw[10] ^= 1;
	send_raw(raw, length, 0);
	raw[10] ^= 1;
	send_raw(raw, length - 1, 0); /* shorter than it says */
	nothing_arrives();
	EQUAL(stats_of(target).packets, 0);
	send_raw(raw, length, 0);
	arrives_as(&packet);
}

CASE("what goes to the socket is counted once, with one event")
{
	struct target *target = plain_target();
	struct packet packet;

	target->pts[1].action = RTPC_ACTION_USERSPACE;
	target->ssrc_unknown = RTPC_ACTION_USERSPACE;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	goes_up(&packet);
	event_comes(RTPC_EVENT_NEW_SSRC);
	packet = send_rtp((struct rtp){ .seq = 2, .pt = 101 });
	goes_up(&packet);
	no_event_comes();
	EQUAL(stats_of(target).userspace, 2);
	EQUAL(stats_of(target).packets, 0);
}

CASE("an output's device goes, and nothing holds it")
{
	struct target *target = plain_target();
	struct packet packet;

	lab_run("media", "sh -c 'ip link add e0 type veth peer name e1 netns receiver && ip addr add 10.3.0.254/24 dev e0 && ip link set e0 up'");
	lab_run("receiver", "sh -c 'ip addr add 10.3.0.1/24 dev e1 && ip link set e1 up'");
	target->outputs[0].from = address("10.3.0.254", OUT);
	target->outputs[0].to = address("10.3.0.1", TO);
	install(target);
	for (unsigned i = 1; i < 4; i++) {
		send_rtp((struct rtp){ .seq = i });
		nothing_goes_up();
	}
	lab_run("media", "timeout 8 ip link del e0");
	target->outputs[0].from = address(OUT4, OUT);
	target->outputs[0].to = address(RECEIVER4, TO);
	install(target);
	packet = send_rtp((struct rtp){ .seq = 4 });
	arrives_as(&packet);
}
