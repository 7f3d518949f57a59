// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>
#include "rtp.h"

#define RC_EXT_BIT	0x10
#define RC_PADDING_BIT	0x20
#define RC_EXT_ONE_BYTE	0xbede
#define RC_EXT_TWO_BYTE	0x1000

unsigned int rc_rtp_header(const u8 *packet, unsigned int length)
{
	unsigned int payload = RC_RTP_HEADER + 4 * (packet[0] & 0x0f);

	if (length < payload)
		return 0;
	if (packet[0] & RC_EXT_BIT) {
		if (length < payload + 4)
			return 0;
		payload += 4 + 4 * rc_get16(packet + payload + 2);
	}
	return length < payload || payload > 0xffff ? 0 : payload;
}

const struct rtpc_ssrc_map *rc_rules_ssrc(const struct rc_rules *rules, u32 ssrc)
{
	unsigned int i, own = rules->ssrcs - rules->has_any;

	for (i = 0; i < own; i++)
		if (rules->ssrc[i].from == ssrc)
			return &rules->ssrc[i];
	return rules->has_any ? &rules->ssrc[own] : NULL;
}

static bool rc_ext_stays(const struct rc_rules *rules, u8 id)
{
	bool listed = rules->ext_ids[id / 64] >> (id % 64) & 1;

	if (rules->mid_id && id == rules->mid_id)
		return false; /* ours takes its place */
	switch (rules->ext_mode) {
	case RC_EXT_STRIP:
		return !listed;
	case RC_EXT_KEEP:
		return listed;
	case RC_EXT_NONE:
		return false;
	default:
		return true;
	}
}

/*
 * Moves the elements that stay to the front; returns their bytes. Padding between them and a damaged tail are left out.
 */
static unsigned int rc_ext_compact(u8 *elements, unsigned int length, bool one_byte, const struct rc_rules *rules)
{
	unsigned int read = 0, write = 0, size;
	u8 id;

	while (read < length) {
		if (!elements[read]) {
			read++;
			continue;
		}
		id = one_byte ? elements[read] >> 4 : elements[read];
		if ((one_byte && (id == 15 || !id)) || (!one_byte && read + 1 >= length))
			break; /* RFC 8285 section 4.2: 15 ends the list */
		size = one_byte ? (elements[read] & 0x0f) + 2 : elements[read + 1] + 2;
		if (read + size > length)
			break;
		if (rc_ext_stays(rules, id)) {
			memmove(elements + write, elements + read, size);
			write += size;
		}
		read += size;
	}
	return write;
}

static unsigned int rc_ext_append_mid(u8 *to, bool one_byte, const struct rc_rules *rules)
{
	unsigned int n = 0;

	if (one_byte) {
		to[n++] = (u8)(rules->mid_id << 4 | (rules->mid_length - 1));
	} else {
		to[n++] = rules->mid_id;
		to[n++] = rules->mid_length;
	}
	memcpy(to + n, rules->mid, rules->mid_length);
	return n + rules->mid_length;
}

/*
 * Rebuilds the header extension in three steps that never overlap a byte still needed: compact the elements, move the payload to where
 * it will be, append the MID in the gap.
 */
static unsigned int rc_ext_rewrite(u8 *packet, unsigned int length, unsigned int room, struct rc_rtp *rtp, const struct rc_rules *rules)
{
	unsigned int header = RC_RTP_HEADER + 4 * (packet[0] & 0x0f), kept = 0, added = 0, padded, to;
	bool has = packet[0] & RC_EXT_BIT, one_byte = true;
	u16 profile = RC_EXT_ONE_BYTE;

	if (has) {
		profile = rc_get16(packet + header);
		one_byte = profile == RC_EXT_ONE_BYTE;
		if (!one_byte && (profile & 0xfff0) != RC_EXT_TWO_BYTE) {
			if (rules->ext_mode != RC_EXT_NONE)
				return length; /* not RFC 8285: no ids to go by, no place for a MID */
			profile = RC_EXT_ONE_BYTE;
			one_byte = true;
		} else {
			kept = rtp->payload - header - 4;
		}
	}
	if (rules->mid_id)
		added = (one_byte ? 1 : 2) + rules->mid_length;
	/* As if nothing went: what is compacted cannot be undone. */
	if (header + 4 + ALIGN(kept + added, 4) + (length - rtp->payload) > room)
		return length;
	if (kept)
		kept = rc_ext_compact(packet + header + 4, kept, one_byte, rules);

	padded = ALIGN(kept + added, 4);
	to = padded ? header + 4 + padded : header;
	memmove(packet + to, packet + rtp->payload, length - rtp->payload);
	length = to + (length - rtp->payload);
	rtp->payload = (u16)to;
	if (!padded) {
		packet[0] &= (u8)~RC_EXT_BIT;
		return length;
	}
	packet[0] |= RC_EXT_BIT;
	rc_put16(packet + header, profile);
	rc_put16(packet + header + 2, (u16)(padded / 4));
	if (added)
		kept += rc_ext_append_mid(packet + header + 4 + kept, one_byte, rules);
	memset(packet + header + 4 + kept, 0, padded - kept);
	return length;
}

unsigned int rc_rtp_rewrite(u8 *packet, unsigned int length, unsigned int room, struct rc_rtp *rtp, const struct rc_rules *rules)
{
	const struct rtpc_ssrc_map *map = rules->ssrcs ? rc_rules_ssrc(rules, rtp->ssrc) : NULL;

	if (map) {
		rtp->ssrc = map->to;
		rtp->sequence += map->sequence_offset;
		rtp->timestamp += map->timestamp_offset;
		rc_put16(packet + 2, rtp->sequence);
		rc_put32(packet + 4, rtp->timestamp);
		rc_put32(packet + 8, rtp->ssrc);
	}
	if (rules->has_pts) {
		rtp->pt = rules->pt[rtp->pt];
		packet[1] = (packet[1] & 0x80) | rtp->pt;
	}
	if (rules->mid_id || (rules->ext_mode != RC_EXT_AS_IS && (packet[0] & RC_EXT_BIT)))
		length = rc_ext_rewrite(packet, length, room, rtp, rules);
	return length;
}

void rc_rtp_silence(u8 *packet, unsigned int length, const struct rc_rtp *rtp, const u8 *pattern, unsigned int pattern_length)
{
	unsigned int i, end = length, payload = length - rtp->payload;

	if ((packet[0] & RC_PADDING_BIT) && payload && packet[length - 1] && packet[length - 1] <= payload)
		end -= packet[length - 1];
	if (pattern_length == 1) {
		memset(packet + rtp->payload, pattern[0], end - rtp->payload);
		return;
	}
	for (i = rtp->payload; i < end; i++)
		packet[i] = pattern[(i - rtp->payload) % pattern_length];
}
