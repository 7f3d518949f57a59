// SPDX-License-Identifier: GPL-2.0
/* What changes while packets flow: plans, routes, neighbours, MTUs, leases, namespaces; and the counters. */
#include "kit.h"

#include <stdlib.h>

CASE("counters are of packets, bytes, SSRCs, payload types and outputs")
{
	struct target *target = plain_target();
	struct rtpc_ssrc_stats ssrc;
	struct rtpc_stats stats;

	add_output(target);
	install(target);
	for (unsigned i = 0; i < 5; i++) {
		send_rtp((struct rtp){ .seq = 65533 + i, .ts = 160 * i });
		arrives();
		arrives();
	}
	stats = stats_of(target);
	EQUAL(stats.packets, 5);
	EQUAL(stats.bytes, 5 * (12 + BODY));
	CHECK(stats.last_packet > 1000000000000000ull, "last packet at %llu", (unsigned long long)stats.last_packet);
	EQUAL(output_stats(target, 1).packets, 5);
	EQUAL(output_stats(target, 1).bytes, 5 * (12 + BODY));
	ssrc = ssrc_stats(target, 0);
	EQUAL(ssrc.ssrc, SSRC);
	EQUAL(ssrc.packets, 5);
	EQUAL(ssrc.highest_sequence, 65536 + 1);
	EQUAL(ssrc.lost, 0);
	EQUAL(ssrc.last_timestamp, 640);
	EQUAL(ssrc.payload_type, 0);
}

CASE("lost, late and doubled packets are counted")
{
	static const uint16_t sequence[] = { 10, 11, 14, 13, 14, 20 };
	struct target *target = plain_target();
	struct rtpc_ssrc_stats ssrc;

	install(target);
	for (unsigned i = 0; i < 6; i++) {
		send_rtp((struct rtp){ .seq = sequence[i] });
		arrives();
	}
	ssrc = ssrc_stats(target, 0);
	EQUAL(ssrc.packets, 6);
	EQUAL(ssrc.duplicates, 1);
	EQUAL(ssrc.reordered, 1);
	EQUAL(ssrc.lost, 11 - 6);
}

CASE("counters go on when a target is replaced and begin anew when asked")
{
	struct target *target = plain_target();

	install(target);
	send_rtp((struct rtp){ .seq = 1 });
	arrives();
	install(target);
	send_rtp((struct rtp){ .seq = 2 });
	arrives();
	EQUAL(stats_of(target).packets, 2);
	EQUAL(output_stats(target, 0).packets, 2);
	EQUAL(ssrc_stats(target, 0).packets, 2);
	target->flags = RTPC_TF_RESET;
	install(target);
	EQUAL(stats_of(target).packets, 0);
}

CASE("no packet is lost while a target is replaced 200 times")
{
	struct target *target = plain_target();
	struct packet packet;

	for (unsigned i = 0; i < 200; i++) {
		install(target);
		packet = send_rtp((struct rtp){ .seq = i });
		arrives_as(&packet);
	}
	EQUAL(stats_of(target).packets, 200);
}

CASE("the first packet to a neighbour that is not known yet waits for it")
{
	struct packet packet;

	install(plain_target());
	lab_run("media", "ip neigh flush dev m1");
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
}

CASE("packets follow a route change without a loss")
{
	struct target *target = plain_target();
	struct packet packet;

	target->outputs[0].to = address("10.77.0.1", TO);
	lab_run("receiver", "ip addr add 10.77.0.1/32 dev r0");
	lab_run("media", "ip route add 10.77.0.1 via " RECEIVER4);
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
	/* to the sender's side: nothing comes to the receiver, the counters say it was sent */
	lab_run("media", "ip route replace 10.77.0.1 via " SENDER4);
	send_rtp((struct rtp){ .seq = 2 });
	nothing_arrives();
	EQUAL(output_stats(target, 0).packets, 2);
	lab_run("media", "ip route replace 10.77.0.1 dev m1");
	packet = send_rtp((struct rtp){ .seq = 3 });
	arrives_as(&packet);
	lab_run("media", "ip route del 10.77.0.1");
	send_rtp((struct rtp){ .seq = 4 });
	nothing_arrives();
	EQUAL(drops(RTPC_DROP_SEND_FAILED), 1);
	lab_run("media", "ip route add 10.77.0.1 dev m1");
	packet = send_rtp((struct rtp){ .seq = 5 });
	arrives_as(&packet);
	lab_run("media", "ip route del 10.77.0.1");
	lab_run("receiver", "ip addr del 10.77.0.1/32 dev r0");
}

/* A row that waits for @address, which comes to m1, goes and comes again. */
static void floats(const char *floating, const char *to)
{
	struct target *target = plain_target();
	struct packet packet;

	target->outputs[0].from = address(floating, OUT);
	target->outputs[0].to = address(to, TO);
	install(target);
	for (unsigned round = 1; round <= 2; round++) {
		send_rtp((struct rtp){ .seq = 2 * round });
		nothing_arrives();
		EQUAL(drops(RTPC_DROP_SEND_FAILED), round);
		EQUAL(output_stats(target, 0).errors, round);
		lab_run("media", "ip addr add %s dev m1%s", floating, strchr(floating, ':') ? " nodad" : "");
		packet = send_rtp((struct rtp){ .seq = 2 * round + 1 });
		arrives_as(&packet);
		lab_run("media", "ip addr del %s%s dev m1", floating, strchr(floating, ':') ? "/128" : "/32");
	}
}

CASE("an output whose source is no address of the namespace drops and counts until the address comes")
{
	floats("10.2.0.99", RECEIVER4);
}

CASE("an IPv6 output whose source is no address of the namespace drops and counts until the address comes")
{
	floats("fd00:2::99", RECEIVER6);
}

CASE("a device that goes down and comes back is used again")
{
	struct packet packet;

	install(plain_target());
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
	lab_run("media", "ip link set m1 down");
	send_rtp((struct rtp){ .seq = 2 });
	lab_run("media", "ip link set m1 up");
	lab_run("media", "ip addr add " OUT6 "/64 dev m1 nodad");
	packet = send_rtp((struct rtp){ .seq = 3 });
	arrives_as(&packet);
}

CASE("a packet longer than the way out allows is fragmented or dropped, never sent too long")
{
	struct target *target = plain_target();
	struct packet packet;

	install(target);
	/* below 1280 a device loses its IPv6 addresses, which other cases need */
	lab_run("media", "ip link set m1 mtu 1300");
	send_rtp((struct rtp){ .seq = 1, .body = 1400 });
	nothing_arrives();	/* fragments are no datagrams for this tap */
	packet = send_rtp((struct rtp){ .seq = 2, .body = 400 });
	arrives_as(&packet);
	lab_run("media", "ip link set m1 mtu 1500");
	packet = send_rtp((struct rtp){ .seq = 3, .body = 1400 });
	arrives_as(&packet);
}

CASE("packets can be made to pass the OUTPUT chain")
{
	struct target *target = plain_target();
	struct packet packet;

	target->outputs[0].flags = RTPC_OF_FIREWALL;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
	lab_run("media", "iptables-legacy -I OUTPUT -p udp --dport %d -j DROP", TO);
	send_rtp((struct rtp){ .seq = 2 });
	nothing_arrives();
	lab_run("media", "iptables-legacy -F OUTPUT");
	packet = send_rtp((struct rtp){ .seq = 3 });
	arrives_as(&packet);
}

CASE("a silence is reported once")
{
	struct target *target = plain_target();

	target->idle = 1;
	target->ssrcs[0] = SSRC;
	target->ssrcs_count = 1;
	install(target);
	send_rtp((struct rtp){ .seq = 1 });
	event_comes(RTPC_EVENT_IDLE);
	send_rtp((struct rtp){ .seq = 2 });
	event_comes(RTPC_EVENT_IDLE);
}

CASE("a table whose lease runs out is gone with its targets, and this is reported; a renewed one stays")
{
	static struct message message;
	struct target *target = plain_target();
	struct packet packet;

	message_start(&message, RTPC_CMD_TABLE_SET);
	message_u32(&message, RTPC_A_TABLE, 0);
	message_u32(&message, RTPC_A_LEASE, 2);
	message_u64(&message, RTPC_A_OWNER, 42);
	EQUAL(netlink_request(&control, &message, 0, &reply), 0);
	install(target);
	usleep(1500000);
	message_start(&message, RTPC_CMD_TABLE_RENEW);
	message_u32(&message, RTPC_A_TABLE, 0);
	message_u64(&message, RTPC_A_OWNER, 41);
	EQUAL(netlink_request(&control, &message, 0, &reply), EPERM);
	message_start(&message, RTPC_CMD_TABLE_RENEW);
	message_u32(&message, RTPC_A_TABLE, 0);
	message_u64(&message, RTPC_A_OWNER, 42);
	EQUAL(netlink_request(&control, &message, 0, &reply), 0);
	usleep(1000000);
	EQUAL(target_get(&control, target, &reply), 0);
	event_comes(RTPC_EVENT_LEASE_EXPIRED);
	EQUAL(reply_u64(&reply, RTPC_A_OWNER), 42);
	EQUAL(target_get(&control, target, &reply), ENOENT);
	packet = send_rtp((struct rtp){ .seq = 1 });
	goes_up(&packet);
}

CASE("rows outlive the process that made them")
{
	struct target *target = plain_target();
	struct netlink other;
	struct packet packet;

	netlink_open(&other);
	EQUAL(target_set(&other, target, 0, &reply), 0);
	netlink_close(&other);
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
	EQUAL(stats_of(target).packets, 1);
}

CASE("tables of one namespace are not those of another, and go with it")
{
	struct target *target = plain_target();
	struct netlink other;

	CHECK(!system("ip netns add elsewhere"), "no namespace");
	lab_run("elsewhere", "sh -c 'ip link set lo up; ip addr add " OUT4 "/32 dev lo'");
	lab_enter("elsewhere");
	netlink_open(&other);
	EQUAL(target_get(&other, target, &reply), ENOENT);
	EQUAL(table_set(&other, 0, &reply), 0);
	EQUAL(target_set(&other, target, 0, &reply), 0);
	netlink_close(&other);
	lab_enter("media");
	EQUAL(target_get(&control, target, &reply), ENOENT);
	CHECK(!system("ip netns delete elsewhere"), "the namespace does not go");
}

CASE("marks of a packet do not leave the host")
{
	struct packet packet;

	install(plain_target());
	lab_run("media", "iptables-legacy -t raw -I PREROUTING -p udp -j MARK --set-mark 7");
	lab_run("media", "sh -c 'ip rule add fwmark 7 lookup 77 pref 10; ip route add blackhole default table 77'");
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
	lab_run("media", "sh -c 'ip rule del pref 10; ip route flush table 77; iptables-legacy -t raw -F'");
}
