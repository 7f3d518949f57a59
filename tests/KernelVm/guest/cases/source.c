// SPDX-License-Identifier: GPL-2.0
/* Who may send, and what: source, SSRC and payload type tables. */
#include "kit.h"

static struct target *expecting(enum rtpc_mismatch mismatch)
{
	struct target *target = plain_target();

	target->expect = address(SENDER4, FROM);
	target->mismatch = mismatch;
	install(target);
	return target;
}

CASE("a packet from the expected source is forwarded, whatever happens to others")
{
	static const enum rtpc_mismatch all[] = { RTPC_MISMATCH_IGNORE, RTPC_MISMATCH_DROP, RTPC_MISMATCH_PROPAGATE };

	for (unsigned i = 0; i < 3; i++) {
		struct packet packet;

		expecting(all[i]);
		packet = send_rtp((struct rtp){ .seq = i + 1 });
		arrives_as(&packet);
	}
}

CASE("ignore: a packet from another port is forwarded")
{
	struct target *target = expecting(RTPC_MISMATCH_IGNORE);
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });

	send_from(FROM + 1, &target->local, packet.bytes, packet.length);
	arrives_as(&packet);
}

CASE("drop: a packet from another port is dropped, counted as an error and reported")
{
	struct target *target = expecting(RTPC_MISMATCH_DROP);
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });
	struct rtpc_addr source, wanted = address(SENDER4, FROM + 1);

	send_from(FROM + 1, &target->local, packet.bytes, packet.length);
	nothing_arrives();
	nothing_goes_up();
	EQUAL(stats_of(target).errors, 1);
	EQUAL(stats_of(target).packets, 0);
	EQUAL(drops(RTPC_DROP_STRICT_SOURCE), 1);
	event_comes(RTPC_EVENT_SOURCE_CHANGED);
	CHECK(reply_copy(&reply, RTPC_A_SOURCE, &source, sizeof(source)) && !memcmp(&source, &wanted, sizeof(source)), "the event has another source");
}

CASE("propagate: a packet from another address goes to the socket and is reported")
{
	struct target *target = expecting(RTPC_MISMATCH_PROPAGATE);
	struct packet packet = make_rtp((struct rtp){ .seq = 1 });

	send_from_host("10.1.0.2", FROM, &target->local, packet.bytes, packet.length);
	goes_up(&packet);
	nothing_arrives();
	EQUAL(stats_of(target).userspace, 1);
	event_comes(RTPC_EVENT_SOURCE_CHANGED);
}

CASE("after a replacement with the new source its packets flow; what came before is not lost from the counters")
{
	struct target *target = expecting(RTPC_MISMATCH_DROP);
	struct packet packet = send_rtp((struct rtp){ .seq = 1 });

	arrives_as(&packet);
	target->expect = address(SENDER4, FROM + 1);
	install(target);
	packet = make_rtp((struct rtp){ .seq = 2 });
	send_from(FROM + 1, &target->local, packet.bytes, packet.length);
	arrives_as(&packet);
	EQUAL(stats_of(target).packets, 2);
}

CASE("an unknown SSRC is learned, forwarded and reported once")
{
	struct target *target = plain_target();
	struct packet packet;

	target->ssrcs[0] = SSRC;
	target->ssrcs_count = 1;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
	no_event_comes();
	packet = send_rtp((struct rtp){ .seq = 9, .ssrc = 77 });
	arrives_as(&packet);
	event_comes(RTPC_EVENT_NEW_SSRC);
	EQUAL(reply_u32(&reply, RTPC_A_SSRC), 77);
	packet = send_rtp((struct rtp){ .seq = 10, .ssrc = 77 });
	arrives_as(&packet);
	no_event_comes();
	EQUAL(ssrc_stats(target, 0).ssrc, 77);
	EQUAL(ssrc_stats(target, 0).packets, 2);
	EQUAL(ssrc_stats(target, 1).packets, 1);
}

CASE("an unknown SSRC goes to the socket where the target says so")
{
	struct target *target = plain_target();
	struct packet packet;

	target->ssrcs[0] = SSRC;
	target->ssrcs_count = 1;
	target->ssrc_unknown = RTPC_ACTION_USERSPACE;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1, .ssrc = 78 });
	goes_up(&packet);
	nothing_arrives();
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
}

CASE("a payload type goes where the table says: forwarded, to the socket, dropped")
{
	struct target *target = plain_target();
	struct packet packet;

	target->pts[2] = (struct rtpc_pt){ .pt = 8, .action = RTPC_ACTION_USERSPACE };
	target->pts[3] = (struct rtpc_pt){ .pt = 9, .action = RTPC_ACTION_DROP };
	target->pts_count = 4;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 1 });
	arrives_as(&packet);
	packet = send_rtp((struct rtp){ .seq = 2, .pt = 8 });
	goes_up(&packet);
	send_rtp((struct rtp){ .seq = 3, .pt = 9 });
	nothing_arrives();
	nothing_goes_up();
}

CASE("a payload type that is not in the table is forwarded, goes to the socket or is dropped, as the target says")
{
	struct target *target = plain_target();
	struct packet packet;

	install(target);
	packet = send_rtp((struct rtp){ .seq = 1, .pt = 55 });
	arrives_as(&packet);
	target->pt_unknown = RTPC_ACTION_USERSPACE;
	install(target);
	packet = send_rtp((struct rtp){ .seq = 2, .pt = 55 });
	goes_up(&packet);
	nothing_arrives();
	target->pt_unknown = RTPC_ACTION_DROP;
	install(target);
	send_rtp((struct rtp){ .seq = 3, .pt = 55 });
	nothing_arrives();
	nothing_goes_up();
}

CASE("the first packet of a payload type that must go up is reported")
{
	struct target *target = plain_target();
	uint8_t pt;

	target->ssrcs[0] = SSRC;
	target->ssrcs_count = 1;
	target->pt_unknown = RTPC_ACTION_USERSPACE;
	install(target);
	send_rtp((struct rtp){ .seq = 2, .pt = 55 });
	event_comes(RTPC_EVENT_UNKNOWN_PT);
	CHECK(reply_copy(&reply, RTPC_A_PT, &pt, 1) && pt == 55, "the event has another payload type");
}
