/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Why packets go no further and what is counted: the part of rtpcluster.h that replies and events carry. Include rtpcluster.h. */
#ifndef _UAPI_RTPCLUSTER_STATS_H
#define _UAPI_RTPCLUSTER_STATS_H

#include <linux/types.h>

/**
 * enum rtpc_drop - why a packet, or one copy of it, went no further; the numbers of the C# DropReason
 */
enum rtpc_drop {
	RTPC_DROP_NONE = 0,
	RTPC_DROP_DROP_TRAFFIC = 2,
	RTPC_DROP_TOO_SHORT = 3,
	RTPC_DROP_NOT_RTP = 4,
	RTPC_DROP_SRTP_AUTHENTICATION = 6,	/* an error */
	RTPC_DROP_SRTP_REPLAY = 7,		/* an error */
	RTPC_DROP_SRTP_MALFORMED = 8,		/* an error */
	RTPC_DROP_STRICT_SOURCE = 9,		/* an error */
	RTPC_DROP_NO_OUTPUT = 10,
	RTPC_DROP_SEND_NOT_ALLOWED = 11,
	RTPC_DROP_RECEIVE_NOT_ALLOWED = 12,
	RTPC_DROP_NO_ENDPOINT = 13,
	RTPC_DROP_NAT_WAIT = 14,
	RTPC_DROP_BLOCKED = 15,
	RTPC_DROP_SILENCED = 16,
	RTPC_DROP_DTMF_BLOCKED = 17,
	RTPC_DROP_SHORT_PAYLOAD = 18,
	RTPC_DROP_FEEDBACK_STRIPPED = 19,
	RTPC_DROP_TOO_LARGE = 20,
	RTPC_DROP_PROTECT_FAILED = 21,
	RTPC_DROP_SSRC_LIMIT = 22,
	RTPC_DROP_SEND_FAILED = 24,		/* no route, source not an address of the namespace, no memory, longer than the path MTU with DF, refused by the device */
	RTPC_DROP_MAX = 31,
};

/**
 * struct rtpc_stats - counters of a target since it was first installed. Bytes are RTP/RTCP bytes without UDP and IP headers, before
 * decryption. Packets that go on to the socket instead are in @userspace only.
 * @packets: RTP, RTCP or raw packets that were taken
 * @bytes: their bytes
 * @errors: packets refused as faulty or unwanted (the drop reasons marked "an error"); not in @packets
 * @rtcp_packets: the part of @packets that is RTCP
 * @userspace: packets left to the socket (not the copies of RTPC_TF_RTCP_UP)
 * @last_packet: Unix microseconds of the last packet in @packets; 0: none yet
 */
struct rtpc_stats {
	__u64 packets;
	__u64 bytes;
	__u64 errors;
	__u64 rtcp_packets;
	__u64 userspace;
	__u64 last_packet;
};

/**
 * struct rtpc_ssrc_stats - one SSRC that arrived (RTP)
 * @packets: packets
 * @bytes: bytes as in struct rtpc_stats
 * @last_packet: Unix microseconds
 * @lost: RFC 3550 A.3: expected minus received; may be negative
 * @highest_sequence: cycles * 65536 + sequence, RFC 3550 6.4.1
 * @ssrc: the SSRC
 * @last_timestamp: RTP timestamp of the last packet
 * @jitter_us: interarrival jitter in microseconds, RFC 3550 A.8
 * @duplicates: packets that came twice
 * @reordered: packets that came after a later one
 * @payload_type: of the last packet
 * @reserved: 0
 */
struct rtpc_ssrc_stats {
	__u64 packets;
	__u64 bytes;
	__u64 last_packet;
	__s64 lost;
	__u64 highest_sequence;
	__u32 ssrc;
	__u32 last_timestamp;
	__u32 jitter_us;
	__u32 duplicates;
	__u32 reordered;
	__u8 payload_type;
	__u8 reserved[3];
};

/** struct rtpc_pt_stats - packets and bytes of payload type @pt that arrived */
struct rtpc_pt_stats {
	__u64 packets;
	__u64 bytes;
	__u32 pt;
	__u32 reserved;
};

/**
 * struct rtpc_output_stats - counters of an output
 * @packets: copies sent
 * @bytes: their RTP/RTCP bytes as sent (after encryption)
 * @errors: copies that could not be made or sent
 * @held: copies not sent because the output may not have them (rtpc_drop 10 to 19)
 * @id: RTPC_O_ID
 * @ssrc: the SSRC sent last
 */
struct rtpc_output_stats {
	__u64 packets;
	__u64 bytes;
	__u64 errors;
	__u64 held;
	__u32 id;
	__u32 ssrc;
};

/**
 * struct rtpc_table_stats - sums of a table since it was made, deleted targets included
 * @packets: packets taken
 * @bytes: their bytes
 * @errors: packets refused as errors
 * @sent_packets: copies sent
 * @sent_bytes: their bytes
 * @drops: packets and copies dropped, by enum rtpc_drop
 */
struct rtpc_table_stats {
	__u64 packets;
	__u64 bytes;
	__u64 errors;
	__u64 sent_packets;
	__u64 sent_bytes;
	__u64 drops[RTPC_DROP_MAX + 1];
};

#endif /* _UAPI_RTPCLUSTER_STATS_H */
