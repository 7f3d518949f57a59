/* SPDX-License-Identifier: GPL-2.0 */
/* RTP headers (RFC 3550, 5761, 8285): classify, parse, rewrite. Pure: bytes in, bytes out; also compiled in userspace. */
#ifndef RC_RTP_H
#define RC_RTP_H

#include <linux/types.h>
#include "../../uapi/rtpcluster.h"

#define RC_RTP_HEADER	12
#define RC_RTCP_HEADER	8

/* Most that rc_rtp_rewrite() lengthens a packet: an extension header, a two-byte element with a MID, padding. */
#define RC_RTP_GROWTH	(4 + 2 + RTPC_MAX_MID + 3)

enum rc_class {
	RC_CLASS_OTHER,
	RC_CLASS_RTP,
	RC_CLASS_RTCP,
};

/**
 * struct rc_rtp - a parsed header
 * @ssrc: synchronisation source
 * @timestamp: in units of the payload type's clock
 * @sequence: sequence number
 * @payload: where the payload begins, behind CSRC list and extension
 * @pt: payload type, 0 to 127
 */
struct rc_rtp {
	u32 ssrc;
	u32 timestamp;
	u16 sequence;
	u16 payload;
	u8 pt;
};

enum rc_ext_mode {
	RC_EXT_AS_IS,
	RC_EXT_STRIP,	/* the ids of the set go */
	RC_EXT_KEEP,	/* only the ids of the set stay */
	RC_EXT_NONE,	/* the whole extension goes */
};

/**
 * struct rc_rules - what an output changes of a packet
 * @ssrcs: entries of @ssrc
 * @has_any: the last entry of @ssrc is for every SSRC without an entry of its own
 * @has_pts: @pt changes something
 * @ext_mode: &enum rc_ext_mode
 * @mid_id: header extension id of the MID; 0: none
 * @mid_length: bytes of @mid
 * @mid: the MID
 * @pt: new payload type by old one
 * @ext_ids: set of header extension ids
 * @ssrc: SSRC map
 */
struct rc_rules {
	u8 ssrcs;
	bool has_any;
	bool has_pts;
	u8 ext_mode;
	u8 mid_id;
	u8 mid_length;
	u8 mid[RTPC_MAX_MID];
	u8 pt[128];
	u64 ext_ids[4];
	struct rtpc_ssrc_map ssrc[RTPC_MAX_SSRC_MAP];
};

static inline u16 rc_get16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static inline u32 rc_get32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static inline void rc_put16(u8 *p, u16 value)
{
	p[0] = value >> 8;
	p[1] = (u8)value;
}

static inline void rc_put32(u8 *p, u32 value)
{
	rc_put16(p, value >> 16);
	rc_put16(p + 2, (u16)value);
}

/* RTP or RTCP by version and payload type, RFC 5761 section 4. Too short for either: other. */
static inline enum rc_class rc_rtp_classify(const u8 *packet, unsigned int length)
{
	if (length < RC_RTCP_HEADER || (packet[0] & 0xc0) != 0x80)
		return RC_CLASS_OTHER;
	if (packet[1] >= 194 && packet[1] <= 223)
		return RC_CLASS_RTCP;
	return length >= RC_RTP_HEADER ? RC_CLASS_RTP : RC_CLASS_OTHER;
}

/* Where the payload begins in a packet of class RTP with CSRCs or an extension; 0: it is shorter than its own header. */
unsigned int rc_rtp_header(const u8 *packet, unsigned int length);

/* Reads the header of a packet of class RTP. False: shorter than its own header. Padding is not looked at. */
static inline bool rc_rtp_parse(const u8 *packet, unsigned int length, struct rc_rtp *rtp)
{
	rtp->payload = packet[0] & 0x1f ? rc_rtp_header(packet, length) : RC_RTP_HEADER;
	rtp->pt = packet[1] & 0x7f;
	rtp->sequence = rc_get16(packet + 2);
	rtp->timestamp = rc_get32(packet + 4);
	rtp->ssrc = rc_get32(packet + 8);
	return rtp->payload;
}

/* The entry of an SSRC, or NULL. */
const struct rtpc_ssrc_map *rc_rules_ssrc(const struct rc_rules *rules, u32 ssrc);

/*
 * Applies @rules to a plain packet in place and updates @rtp. @room: bytes the packet may grow to. Returns the new length; an extension
 * for which there is no room is left as it was.
 */
unsigned int rc_rtp_rewrite(u8 *packet, unsigned int length, unsigned int room, struct rc_rtp *rtp, const struct rc_rules *rules);

/* Fills the payload of a plain packet, its padding excepted, with a pattern of 1 or more bytes. */
void rc_rtp_silence(u8 *packet, unsigned int length, const struct rc_rtp *rtp, const u8 *pattern, unsigned int pattern_length);

#endif
