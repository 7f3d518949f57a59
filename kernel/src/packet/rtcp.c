// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>
#include "rtcp.h"

enum {
	RC_RTCP_SR = 200,
	RC_RTCP_RR = 201,
	RC_RTCP_SDES = 202,
	RC_RTCP_BYE = 203,
	RC_RTCP_RTPFB = 205,
	RC_RTCP_PSFB = 206,
};

#define RC_REPORT_BLOCK 24

/* Bytes of the packet at the front, or 0 when it is damaged. */
static unsigned int rc_rtcp_length(const u8 *packet, unsigned int rest)
{
	unsigned int length;

	if (rest < 4 || (packet[0] & 0xc0) != 0x80)
		return 0;
	length = 4 * (rc_get16(packet + 2) + 1);
	return length <= rest ? length : 0;
}

unsigned int rc_rtcp_strip_feedback(u8 *compound, unsigned int length)
{
	unsigned int read = 0, write = 0, size;

	while (read < length) {
		size = rc_rtcp_length(compound + read, length - read);
		if (!size)
			break;
		if (compound[read + 1] != RC_RTCP_RTPFB && compound[read + 1] != RC_RTCP_PSFB) {
			if (write != read)
				memmove(compound + write, compound + read, size);
			write += size;
		}
		read += size;
	}
	if (write != read)
		memmove(compound + write, compound + read, length - read);
	return write + length - read;
}

static const struct rtpc_ssrc_map *rc_rtcp_map(u8 *at, const struct rc_rules *rules, bool sender)
{
	const struct rtpc_ssrc_map *map = rc_rules_ssrc(rules, rc_get32(at));

	if (!map || (!sender && (map->flags & RTPC_SSRC_ANY)))
		return NULL;
	rc_put32(at, map->to);
	return map;
}

static void rc_rtcp_map_blocks(u8 *packet, unsigned int offset, unsigned int length, const struct rc_rules *rules)
{
	unsigned int n;

	for (n = packet[0] & 0x1f; n && offset + RC_REPORT_BLOCK <= length; n--, offset += RC_REPORT_BLOCK)
		rc_rtcp_map(packet + offset, rules, false);
}

/* Chunks: SSRC, items, one or more zeros up to the next word (RFC 3550 section 6.5). */
static void rc_rtcp_map_sdes(u8 *packet, unsigned int length, const struct rc_rules *rules)
{
	unsigned int n, at = 4;

	for (n = packet[0] & 0x1f; n && at + 4 <= length; n--) {
		rc_rtcp_map(packet + at, rules, true);
		at += 4;
		while (at < length && packet[at]) {
			if (at + 2 > length)
				return;
			at += 2 + packet[at + 1];
		}
		at = (at + 4) & ~3U;
	}
}

static void rc_rtcp_map_bye(u8 *packet, unsigned int length, const struct rc_rules *rules)
{
	unsigned int n, at = 4;

	for (n = packet[0] & 0x1f; n && at + 4 <= length; n--, at += 4)
		rc_rtcp_map(packet + at, rules, true);
}

static void rc_rtcp_map_packet(u8 *packet, unsigned int length, const struct rc_rules *rules)
{
	const struct rtpc_ssrc_map *map;

	switch (packet[1]) {
	case RC_RTCP_SDES:
		rc_rtcp_map_sdes(packet, length, rules);
		return;
	case RC_RTCP_BYE:
		rc_rtcp_map_bye(packet, length, rules);
		return;
	}
	if (length < 8)
		return;
	map = rc_rtcp_map(packet + 4, rules, true);
	switch (packet[1]) {
	case RC_RTCP_SR:
		if (length < 28)
			return;
		if (map)
			rc_put32(packet + 16, rc_get32(packet + 16) + map->timestamp_offset);
		rc_rtcp_map_blocks(packet, 28, length, rules);
		return;
	case RC_RTCP_RR:
		rc_rtcp_map_blocks(packet, 8, length, rules);
		return;
	case RC_RTCP_RTPFB:
	case RC_RTCP_PSFB:
		if (length >= 12)
			rc_rtcp_map(packet + 8, rules, false);
		return;
	}
}

void rc_rtcp_rewrite(u8 *compound, unsigned int length, const struct rc_rules *rules)
{
	unsigned int size;

	if (!rules->ssrcs)
		return;
	for (; length; compound += size, length -= size) {
		size = rc_rtcp_length(compound, length);
		if (!size)
			return;
		rc_rtcp_map_packet(compound, size, rules);
	}
}
