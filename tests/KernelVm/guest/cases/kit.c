// SPDX-License-Identifier: GPL-2.0
#include "kit.h"

struct netlink control;
struct reply reply;
int media4, media6;

static struct netlink events;

void kit_start(void)
{
	struct rtpc_addr four = address(MEDIA4, IN), six = address(MEDIA6, IN);

	netlink_open(&control);
	netlink_open(&events);
	if (!control.family) {
		printf("Bail out! the module's netlink family is not there\n");
		_exit(2);
	}
	netlink_listen(&events);
	media4 = media_socket(&four);
	media6 = media_socket(&six);
}

void kit_reset(void)
{
	static uint8_t ignored[MOST_BYTES];

	table_delete(&control, 0, &reply);
	if (table_set(&control, 0, &reply))
		test_fail(__FILE__, __LINE__, "table 0: %s: %s", strerror(reply.error), reply.text);
	while (media_receive(media4, ignored, sizeof(ignored), NULL, 0) >= 0 || media_receive(media6, ignored, sizeof(ignored), NULL, 0) >= 0)
		;
	while (netlink_event(&events, 0, &reply))
		;
	receive_drain();
}

struct output *add_output(struct target *target)
{
	struct output *output = &target->outputs[target->outputs_count++];

	memset(output, 0, sizeof(*output));
	output->id = target->outputs_count;
	output->from = address(OUT4, OUT);
	output->to = address(RECEIVER4, TO + 2 * (target->outputs_count - 1));
	return output;
}

struct target *plain_target(void)
{
	static struct target target;

	memset(&target, 0, sizeof(target));
	target.local = address(MEDIA4, IN);
	target.pts[0] = (struct rtpc_pt){ .pt = 0, .clock_rate = 8000, .silence_len = 1, .silence = { 0xff }, .nominal_bytes = BODY };
	target.pts[1] = (struct rtpc_pt){ .pt = 101, .flags = RTPC_PT_DTMF, .clock_rate = 8000 };
	target.pts_count = 2;
	add_output(&target);
	return &target;
}

void install(const struct target *target)
{
	if (target_set(&control, target, 0, &reply))
		test_fail(__FILE__, __LINE__, "install: %s: %s", strerror(reply.error), reply.text);
}

void refused(const struct target *target, int error, const char *word)
{
	int got = target_set(&control, target, 0, &reply);

	if (got != error || !strstr(reply.text, word) || !reply.text[0])
		test_fail(__FILE__, __LINE__, "answer is %d (%s) '%s', not %d (%s) and '%s'", got, strerror(got), reply.text, error, strerror(error), word);
}

struct packet make_rtp(struct rtp rtp)
{
	struct packet packet = { 0 };
	uint8_t *at = packet.bytes;

	if (!rtp.body)
		rtp.body = BODY;
	if (!rtp.ssrc)
		rtp.ssrc = SSRC;
	at[0] = 0x80 | (rtp.ext_length ? 0x10 : 0);
	at[1] = rtp.pt | (rtp.marker ? 0x80 : 0);
	*(uint16_t *)(at + 2) = htons(rtp.seq);
	*(uint32_t *)(at + 4) = htonl(rtp.ts);
	*(uint32_t *)(at + 8) = htonl(rtp.ssrc);
	at += 12;
	if (rtp.ext_length)
		memcpy(at, rtp.ext, rtp.ext_length);
	at += rtp.ext_length;
	for (unsigned i = 0; i < rtp.body; i++)
		*at++ = (rtp.fill ? rtp.fill : 1) + i;
	packet.length = at - packet.bytes;
	return packet;
}

struct packet make_sr(uint32_t ssrc, uint32_t about)
{
	static const uint32_t words[] = { 0x81c8000c, 0, 0xe0000001, 0x80000000, 16000, 100, 17200, 0, 0x01000002, 50, 3, 0, 0 };
	struct packet packet = { .length = sizeof(words) };

	for (unsigned i = 0; i < sizeof(words) / 4; i++)
		((uint32_t *)packet.bytes)[i] = htonl(i == 1 ? ssrc : i == 7 ? about : words[i]);
	return packet;
}

void send_packet(const struct packet *packet)
{
	struct rtpc_addr to = address(MEDIA4, IN);

	send_from(FROM, &to, packet->bytes, packet->length);
}

struct packet send_rtp(struct rtp rtp)
{
	struct packet packet = make_rtp(rtp);

	send_packet(&packet);
	return packet;
}

static void ask_drops(uint64_t counts[RTPC_DROP_MAX + 1])
{
	static struct message message;
	struct rtpc_table_stats stats = { 0 };

	message_start(&message, RTPC_CMD_TABLE_GET);
	message_u32(&message, RTPC_A_TABLE, 0);
	if (netlink_request(&control, &message, 0, &reply) || !reply_copy(&reply, RTPC_A_TABLE_STATS, &stats, sizeof(stats)))
		test_fail(__FILE__, __LINE__, "table stats: %s: %s", strerror(reply.error), reply.text);
	for (unsigned i = 0; i <= RTPC_DROP_MAX; i++)
		counts[i] = stats.drops[i];
}

uint64_t drops(enum rtpc_drop reason)
{
	uint64_t counts[RTPC_DROP_MAX + 1];

	ask_drops(counts);
	return counts[reason];
}

/* Why nothing may have come. */
static void say_drops(void)
{
	uint64_t counts[RTPC_DROP_MAX + 1];

	ask_drops(counts);
	for (unsigned i = 0; i <= RTPC_DROP_MAX; i++)
		if (counts[i])
			printf("# dropped for reason %u: %llu\n", i, (unsigned long long)counts[i]);
}

struct datagram *arrives(void)
{
	static struct datagram datagram;

	if (!receive(&datagram, SOON)) {
		say_drops();
		test_fail(__FILE__, __LINE__, "nothing arrived at the receiver");
	}
	return &datagram;
}

void compare(const char *where, const uint8_t *got, size_t length, const struct packet *wanted)
{
	if (length != wanted->length)
		test_fail(__FILE__, __LINE__, "%s: %zu bytes instead of %zu", where, length, wanted->length);
	for (size_t i = 0; i < length; i++)
		if (got[i] != wanted->bytes[i])
			test_fail(__FILE__, __LINE__, "%s: byte %zu of %zu is %02x, not %02x", where, i, length, got[i], wanted->bytes[i]);
}

struct datagram *arrives_as(const struct packet *packet)
{
	struct datagram *datagram = arrives();

	compare("arrived", datagram->bytes, datagram->length, packet);
	if (!datagram->ip_checksum_good || !datagram->udp_checksum_good)
		test_fail(__FILE__, __LINE__, "the checksum of %s is wrong", datagram->ip_checksum_good ? "UDP" : "IP");
	return datagram;
}

void nothing_arrives(void)
{
	static struct datagram datagram;

	if (receive(&datagram, SHORTLY))
		test_fail(__FILE__, __LINE__, "%zu bytes arrived that should not have", datagram.length);
}

void goes_up(const struct packet *packet)
{
	static uint8_t got[MOST_BYTES];
	int length = media_receive(media4, got, sizeof(got), NULL, SOON);

	if (length < 0)
		test_fail(__FILE__, __LINE__, "nothing reached the socket");
	compare("at the socket", got, length, packet);
}

void nothing_goes_up(void)
{
	static uint8_t got[MOST_BYTES];
	int length = media_receive(media4, got, sizeof(got), NULL, SHORTLY);

	if (length >= 0)
		test_fail(__FILE__, __LINE__, "%d bytes reached the socket that should not have", length);
}

static void ask_stats(const struct target *target)
{
	if (stats_get(&control, target, RTPC_DETAIL_ALL, &reply))
		test_fail(__FILE__, __LINE__, "stats: %s: %s", strerror(reply.error), reply.text);
}

struct rtpc_stats stats_of(const struct target *target)
{
	struct rtpc_stats stats;

	ask_stats(target);
	CHECK(reply_copy(&reply, RTPC_A_STATS, &stats, sizeof(stats)), "no RTPC_A_STATS");
	return stats;
}

static void nth(uint16_t type, unsigned index, void *to, size_t size)
{
	const struct nlattr *found = attribute(reply.bytes, reply.length, type, 0);

	if (!found || attribute_length(found) < (index + 1) * size)
		test_fail(__FILE__, __LINE__, "attribute %u has no entry %u", type, index);
	memcpy(to, (const char *)attribute_data(found) + index * size, size);
}

struct rtpc_output_stats output_stats(const struct target *target, unsigned index)
{
	struct rtpc_output_stats stats;

	ask_stats(target);
	nth(RTPC_A_OUTPUT_STATS, index, &stats, sizeof(stats));
	return stats;
}

struct rtpc_ssrc_stats ssrc_stats(const struct target *target, unsigned index)
{
	struct rtpc_ssrc_stats stats;

	ask_stats(target);
	nth(RTPC_A_SSRC_STATS, index, &stats, sizeof(stats));
	return stats;
}

void event_comes(enum rtpc_event kind)
{
	uint8_t got;

	/* Events may wait for the once-a-second rule. */
	if (!netlink_event(&events, 3 * SOON, &reply))
		test_fail(__FILE__, __LINE__, "no event came, wanted %d", kind);
	reply_copy(&reply, RTPC_A_EVENT, &got, sizeof(got));
	EQUAL(got, kind);
}

void no_event_comes(void)
{
	if (netlink_event(&events, SHORTLY, &reply))
		test_fail(__FILE__, __LINE__, "an event came");
}
