/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Control interface of rtpcluster.ko: generic netlink family "rtpcluster".
 *
 * Rules that hold for every command
 *  - CAP_NET_ADMIN in the initial user namespace (GENL_ADMIN_PERM). Tables, targets and events
 *    belong to the network namespace of the socket.
 *  - Every request is answered: by a message, by an acknowledgement (NLM_F_ACK) or by an errno with an extended-ack text.
 *    Set NETLINK_EXT_ACK on the socket to get the text. A refused request has changed nothing.
 *  - Validation is strict: unknown attributes, wrong lengths, missing NLA_F_NESTED and values out of range are refused.
 *  - All integers are in host byte order, except where a type says __be. There are no pointers and no shared memory.
 *    Structures have no implicit padding; members named reserved must be 0.
 *  - Nested attributes are at most 65535 bytes long (netlink). Repeated attributes (RTPC_A_OUTPUT) stand one after the other
 *    at the top level of the message, so that 256 outputs fit.
 *  - The numbers here are never reused. A number that was never known to a module is refused by it; ask INFO_GET for the ABI.
 */
#ifndef _UAPI_RTPCLUSTER_H
#define _UAPI_RTPCLUSTER_H

#include <linux/types.h>

#include "rtpcluster_stats.h"

#define RTPC_GENL_NAME		"rtpcluster"
#define RTPC_GENL_VERSION	1
#define RTPC_GENL_MCGRP_EVENTS	"events"

/* Counts up with each addition to this file. */
#define RTPC_ABI		1

#define RTPC_MAX_TABLES		64	/* table ids are 0 to 63, per network namespace */
#define RTPC_MAX_OUTPUTS	256	/* RTP and RTCP outputs of one target together */
#define RTPC_MAX_PTS		32	/* entries of RTPC_A_PTS */
#define RTPC_MAX_SSRCS		20	/* SSRCs a target keeps statistics of; the 21st pushes the oldest out */
#define RTPC_MAX_SSRC_MAP	16	/* entries of RTPC_O_SSRC_MAP */
#define RTPC_MAX_PT_MAP		32	/* entries of RTPC_O_PT_MAP */
#define RTPC_MAX_EXT_IDS	64	/* entries of RTPC_O_EXT_STRIP and RTPC_O_EXT_KEEP */
#define RTPC_MAX_MID		16	/* bytes of a MID, RFC 8843 */
#define RTPC_MAX_MKI		128	/* bytes of an MKI, RFC 4568 6.1 */
#define RTPC_MAX_COOKIE		1024	/* bytes of RTPC_A_COOKIE */
#define RTPC_MAX_SRTP_SSRCS	256	/* SSRCs that one set of keys serves; the 257th is dropped (RTPC_DROP_SSRC_LIMIT) */

/**
 * enum rtpc_cmd - commands
 *
 * @RTPC_CMD_INFO_GET: request: nothing. Reply: RTPC_A_ABI, RTPC_A_VERSION, RTPC_A_CRYPTO_PATH, RTPC_A_LIMITS.
 * @RTPC_CMD_TABLE_SET: creates or changes a table. Request: RTPC_A_TABLE, [RTPC_A_LEASE], [RTPC_A_OWNER].
 *	NLM_F_EXCL: -EEXIST when it exists. What is not given stays as it was (a new table: 0). Starts the lease anew.
 * @RTPC_CMD_TABLE_RENEW: starts the lease anew. Request: RTPC_A_TABLE, [RTPC_A_OWNER]: -EPERM when it is not the table's.
 * @RTPC_CMD_TABLE_GET: one table (RTPC_A_TABLE) or, with NLM_F_DUMP, all. Reply per table: RTPC_A_TABLE, RTPC_A_LEASE,
 *	RTPC_A_LEASE_LEFT, RTPC_A_OWNER, RTPC_A_TARGETS, RTPC_A_TABLE_STATS.
 * @RTPC_CMD_TABLE_FLUSH: deletes all targets of RTPC_A_TABLE.
 * @RTPC_CMD_TABLE_DEL: deletes RTPC_A_TABLE with all its targets.
 * @RTPC_CMD_TARGET_SET: installs a target whole with all its outputs. Where one exists with the same RTPC_A_LOCAL it is replaced
 *	atomically; no packet is lost or sees half of each. What lives on over a replacement: the target's counters,
 *	SSRC statistics, payload type counters and last packet time; an output's counters when RTPC_O_ID is the same; the indices
 *	and replay windows of every crypto session whose RTPC_C_ID, direction and keys are the same. RTPC_TF_RESET starts all
 *	but the sessions anew. Request: RTPC_A_TABLE, RTPC_A_LOCAL, RTPC_A_KIND and what else applies.
 *	NLM_F_EXCL: -EEXIST when it exists. -ESTALE: RTPC_A_EPOCH is older than what is there. -EADDRINUSE: another table of the
 *	namespace has this address. -ENOENT: no such table.
 * @RTPC_CMD_TARGET_GET: one target (RTPC_A_TABLE, RTPC_A_LOCAL) or with NLM_F_DUMP all of RTPC_A_TABLE. Reply: everything that
 *	TARGET_SET was given except key material (with RTPC_A_WITH_KEYS in the request also that), and
 *	everything that STATS_GET gives. A target too large for one message of a dump comes in several, one after the other,
 *	with the same RTPC_A_LOCAL: the first has all but the outputs, each has some of RTPC_A_OUTPUT. A receive buffer of
 *	512 KiB is always enough for the reply to a single get. Of sessions with many SSRCs the newest states are told (32; 8 when there
 *	are more than 8 outputs), and in a dump none where they do not fit.
 * @RTPC_CMD_TARGET_DEL: deletes a target (RTPC_A_TABLE, RTPC_A_LOCAL). Reply: its final state as STATS_GET gives it with all
 *	details. No packet is counted afterwards.
 * @RTPC_CMD_TARGET_MODIFY: changes the given properties of a target or of one output in place, without building it anew:
 *	RTPC_A_TABLE, RTPC_A_LOCAL, then RTPC_A_TARGET_FLAGS (only the bits of RTPC_TF_MODIFIABLE may differ), and any number of
 *	RTPC_A_OUTPUT with RTPC_O_ID and RTPC_O_HOLD and/or RTPC_O_FLAGS (only the bits of RTPC_OF_MODIFIABLE may differ).
 * @RTPC_CMD_STATS_GET: counters only. One target, or with NLM_F_DUMP all of RTPC_A_TABLE. [RTPC_A_DETAIL] says how much,
 *	[RTPC_A_SINCE] leaves out targets without a packet since then. Reply per target: RTPC_A_LOCAL, RTPC_A_STATS and by
 *	detail RTPC_A_SSRC_STATS, RTPC_A_PT_STATS, RTPC_A_OUTPUT_STATS, RTPC_A_SRTP_STATE.
 * @RTPC_CMD_SRTP_SEED: moves indices of one session forward: RTPC_A_TABLE, RTPC_A_CRYPTO_ID, RTPC_A_DIRECTION, RTPC_A_SRTP_STATE.
 *	An index behind what the session has reached changes nothing: keystream is never used twice. -ENOENT: no such session.
 * @RTPC_CMD_EVENT: sent to the multicast group "events"; see enum rtpc_event.
 */
enum rtpc_cmd {
	RTPC_CMD_UNSPEC,
	RTPC_CMD_INFO_GET,
	RTPC_CMD_TABLE_SET,
	RTPC_CMD_TABLE_RENEW,
	RTPC_CMD_TABLE_GET,
	RTPC_CMD_TABLE_FLUSH,
	RTPC_CMD_TABLE_DEL,
	RTPC_CMD_TARGET_SET,
	RTPC_CMD_TARGET_GET,
	RTPC_CMD_TARGET_DEL,
	RTPC_CMD_TARGET_MODIFY,
	RTPC_CMD_STATS_GET,
	RTPC_CMD_SRTP_SEED,
	RTPC_CMD_EVENT,
	__RTPC_CMD_MAX,
};
#define RTPC_CMD_MAX (__RTPC_CMD_MAX - 1)

/**
 * struct rtpc_addr - an address and UDP port
 * @family: AF_INET (2) or AF_INET6 (10), host order
 * @port: network order
 * @addr: network order; IPv4 in the first 4 bytes, the rest 0
 */
struct rtpc_addr {
	__u16 family;
	__be16 port;
	__u8 addr[16];
};

/**
 * enum rtpc_attr - top-level attributes
 *
 * @RTPC_A_TABLE: u32, 0 to 63
 * @RTPC_A_LEASE: u32, seconds, 0 (default: no lease) to 86400. When it passes without TABLE_RENEW or TABLE_SET, the table is
 *	deleted with all its targets.
 * @RTPC_A_LEASE_LEFT: u32, seconds until then; absent without a lease
 * @RTPC_A_OWNER: u64, opaque token of the agent that owns the table; 0: nobody's
 * @RTPC_A_TARGETS: u32, how many targets
 * @RTPC_A_TABLE_STATS: struct rtpc_table_stats
 * @RTPC_A_LOCAL: struct rtpc_addr, the address and port where the packets arrive: the target's key. No wildcard, no port 0.
 * @RTPC_A_KIND: u8, enum rtpc_kind
 * @RTPC_A_TARGET_FLAGS: u32, RTPC_TF_*; default 0
 * @RTPC_A_EXPECT: struct rtpc_addr, whom the packets come from; absent: anybody
 * @RTPC_A_MISMATCH: u8, enum rtpc_mismatch, for packets that come from elsewhere; default RTPC_MISMATCH_IGNORE
 * @RTPC_A_CRYPTO: nested RTPC_C_*, keys of what arrives; absent: plain
 * @RTPC_A_SSRCS: u32 array, at most 20, the SSRCs that are known already: no event for them
 * @RTPC_A_SSRC_UNKNOWN: u8, enum rtpc_action, for other SSRCs: RTPC_ACTION_FORWARD (default: learned, forwarded, one event) or
 *	RTPC_ACTION_USERSPACE (the packet goes to the socket, one event). With SRTP an SSRC is learned when its packet is authentic.
 * @RTPC_A_PTS: array of struct rtpc_pt, at most 32
 * @RTPC_A_PT_UNKNOWN: u8, enum rtpc_action, for payload types that are not in RTPC_A_PTS; default RTPC_ACTION_FORWARD. One event
 *	per payload type when the action is not FORWARD.
 * @RTPC_A_IDLE: u32, seconds, 0 (default: never) to 86400: an event when no packet came for so long; one per silence
 * @RTPC_A_RTCP_MARK: u32, skb mark of RTCP packets that were forwarded and go up to the socket as well (RTPC_TF_RTCP_UP). A socket
 *	with SO_RCVMARK gets it as SCM_MARK. 0 (default): the mark is left alone.
 * @RTPC_A_EPOCH: u64, counts up with each plan; a TARGET_SET with a lower one than what is there is refused. Default 0.
 * @RTPC_A_COOKIE: at most 1024 opaque bytes, given back by TARGET_GET: whatever the agent needs to find the row's plan again
 * @RTPC_A_OUTPUT: nested RTPC_O_*, repeated: 0 to 256 of them
 * @RTPC_A_STATS: struct rtpc_stats
 * @RTPC_A_SSRC_STATS: array of struct rtpc_ssrc_stats, the most recent SSRC first
 * @RTPC_A_PT_STATS: array of struct rtpc_pt_stats, those with a packet
 * @RTPC_A_OUTPUT_STATS: array of struct rtpc_output_stats in the order of the outputs
 * @RTPC_A_SRTP_STATE: array of struct rtpc_srtp_state
 * @RTPC_A_DETAIL: u32, RTPC_DETAIL_*; default 0
 * @RTPC_A_SINCE: u64, Unix microseconds: leaves out targets whose last packet is older by more than 0.1 s, and those without one
 * @RTPC_A_CRYPTO_ID: u64, see RTPC_C_ID
 * @RTPC_A_DIRECTION: u8, enum rtpc_direction
 * @RTPC_A_ABI: u32, RTPC_ABI of the module
 * @RTPC_A_VERSION: string, the module's version
 * @RTPC_A_CRYPTO_PATH: string, what SRTP runs on: "aesni+shani+pclmul", "aesni", "generic" ...
 * @RTPC_A_LIMITS: struct rtpc_limits
 * @RTPC_A_WITH_KEYS: flag, TARGET_GET: include key material
 * @RTPC_A_EVENT: u8, enum rtpc_event
 * @RTPC_A_SSRC: u32, the SSRC an event is about
 * @RTPC_A_PT: u8, the payload type an event is about
 * @RTPC_A_SOURCE: struct rtpc_addr, where the packet of an event came from
 * @RTPC_A_COUNT: u32, how many of these there were since the last event of the kind
 * @RTPC_A_PAD: padding of 64-bit attributes
 */
enum rtpc_attr {
	RTPC_A_UNSPEC,
	RTPC_A_PAD,
	RTPC_A_TABLE,
	RTPC_A_LEASE,
	RTPC_A_LEASE_LEFT,
	RTPC_A_OWNER,
	RTPC_A_TARGETS,
	RTPC_A_TABLE_STATS,
	RTPC_A_LOCAL,
	RTPC_A_KIND,
	RTPC_A_TARGET_FLAGS,
	RTPC_A_EXPECT,
	RTPC_A_MISMATCH,
	RTPC_A_CRYPTO,
	RTPC_A_SSRCS,
	RTPC_A_SSRC_UNKNOWN,
	RTPC_A_PTS,
	RTPC_A_PT_UNKNOWN,
	RTPC_A_IDLE,
	RTPC_A_RTCP_MARK,
	RTPC_A_EPOCH,
	RTPC_A_COOKIE,
	RTPC_A_OUTPUT,
	RTPC_A_STATS,
	RTPC_A_SSRC_STATS,
	RTPC_A_PT_STATS,
	RTPC_A_OUTPUT_STATS,
	RTPC_A_SRTP_STATE,
	RTPC_A_DETAIL,
	RTPC_A_SINCE,
	RTPC_A_CRYPTO_ID,
	RTPC_A_DIRECTION,
	RTPC_A_ABI,
	RTPC_A_VERSION,
	RTPC_A_CRYPTO_PATH,
	RTPC_A_LIMITS,
	RTPC_A_WITH_KEYS,
	RTPC_A_EVENT,
	RTPC_A_SSRC,
	RTPC_A_PT,
	RTPC_A_SOURCE,
	RTPC_A_COUNT,
	__RTPC_A_MAX,
};
#define RTPC_A_MAX (__RTPC_A_MAX - 1)

/**
 * enum rtpc_kind - what a target carries; packets that are none of it go on to the socket
 * @RTPC_KIND_RTP: RTP. RTCP that comes here all the same goes to the RTCP outputs if there are any, else to the socket.
 * @RTPC_KIND_RTCP: RTCP only
 * @RTPC_KIND_MUX: RTP and RTCP on one port, told apart by RFC 5761
 * @RTPC_KIND_RAW: any bytes; nothing is looked into, STUN and DTLS are forwarded too. No keys, no rewriting.
 */
enum rtpc_kind {
	RTPC_KIND_RTP,
	RTPC_KIND_RTCP,
	RTPC_KIND_MUX,
	RTPC_KIND_RAW,
	__RTPC_KIND_MAX,
};

/**
 * enum rtpc_mismatch - what happens to a packet from another source than RTPC_A_EXPECT
 * @RTPC_MISMATCH_IGNORE: it is forwarded like any other
 * @RTPC_MISMATCH_DROP: it is dropped and counted as an error (strict-source)
 * @RTPC_MISMATCH_PROPAGATE: it goes on to the socket (media-handover)
 * With DROP and PROPAGATE there is an event RTPC_EVENT_SOURCE_CHANGED.
 */
enum rtpc_mismatch {
	RTPC_MISMATCH_IGNORE,
	RTPC_MISMATCH_DROP,
	RTPC_MISMATCH_PROPAGATE,
	__RTPC_MISMATCH_MAX,
};

/* Target flags (RTPC_A_TARGET_FLAGS). */
#define RTPC_TF_DROP_ALL	(1u << 0)	/* drop everything, STUN and DTLS excepted (ng drop-traffic) */
#define RTPC_TF_MAY_NOT_SEND	(1u << 1)	/* RTP is counted and not forwarded (SDP direction); RTCP still flows */
#define RTPC_TF_BLOCK_SHORT	(1u << 2)	/* drop payloads shorter than rtpc_pt.nominal_bytes; not of DTMF */
#define RTPC_TF_RTCP_UP		(1u << 3)	/* forwarded RTCP goes up to the socket too, as it came (SRTCP stays SRTCP); see RTPC_A_RTCP_MARK */
#define RTPC_TF_RTCP_LOCAL	(1u << 4)	/* RTCP is not forwarded here: it goes on to the socket only */
#define RTPC_TF_RESET		(1u << 5)	/* TARGET_SET only: counters start anew; never reported back */
#define RTPC_TF_ALL		((1u << 6) - 1)
#define RTPC_TF_MODIFIABLE	(RTPC_TF_DROP_ALL | RTPC_TF_MAY_NOT_SEND | RTPC_TF_BLOCK_SHORT | RTPC_TF_RTCP_UP | RTPC_TF_RTCP_LOCAL)

/**
 * enum rtpc_action - what happens to a packet of a payload type or SSRC
 * @RTPC_ACTION_FORWARD: it is forwarded
 * @RTPC_ACTION_USERSPACE: it goes on to the socket, untouched (SRTP stays SRTP), and is not counted here
 * @RTPC_ACTION_DROP: it is counted and dropped (RTPC_DROP_NO_OUTPUT)
 */
enum rtpc_action {
	RTPC_ACTION_FORWARD,
	RTPC_ACTION_USERSPACE,
	RTPC_ACTION_DROP,
	__RTPC_ACTION_MAX,
};

#define RTPC_PT_DTMF		(1u << 0)	/* telephone-event, RFC 4733: RTPC_OF_BLOCK_DTMF applies, no jitter */

/**
 * struct rtpc_pt - a payload type that the remote may send
 * @pt: 0 to 127, no duplicates
 * @action: enum rtpc_action
 * @flags: RTPC_PT_*
 * @silence_len: bytes of @silence, 0 to 16; 0: cannot be silenced, a silenced output drops it
 * @clock_rate: RTP clock in Hz, 0 (no jitter) to 1000000
 * @nominal_bytes: payload bytes of a nominal packet for RTPC_TF_BLOCK_SHORT; 0: variable
 * @reserved: 0
 * @silence: fills the payload of a silenced packet, repeated (PCMA d5, PCMU ff, G.722 fa)
 */
struct rtpc_pt {
	__u8 pt;
	__u8 action;
	__u8 flags;
	__u8 silence_len;
	__u32 clock_rate;
	__u16 nominal_bytes;
	__u16 reserved;
	__u8 silence[16];
};

/**
 * enum rtpc_output_attr - one rewritten copy
 *
 * @RTPC_O_ID: u32, names the output among those of its target over replacements; required, no duplicates
 * @RTPC_O_RTCP: flag: an RTCP output. Else it gets RTP (of a raw target: everything).
 * @RTPC_O_SRC: struct rtpc_addr, what the copy is sent from; required. Family as in RTPC_O_DST, which may differ from RTPC_A_LOCAL's.
 *	It is checked when a packet is sent, not here: while the namespace does not have the address (a standby's row whose floating
 *	address is elsewhere) copies are dropped and counted as RTPC_DROP_SEND_FAILED.
 * @RTPC_O_DST: struct rtpc_addr, where it goes; required unless RTPC_O_HOLD is given
 * @RTPC_O_TOS: u8, IP TOS or traffic class; default 0
 * @RTPC_O_TTL: u8, 1 to 255; default: the namespace's
 * @RTPC_O_FLAGS: u32, RTPC_OF_*; default 0
 * @RTPC_O_HOLD: u8, an enum rtpc_drop of 10 to 16: count under this reason and do not send. 0 (default): send.
 * @RTPC_O_CRYPTO: nested RTPC_C_*, keys of what is sent; absent: plain
 * @RTPC_O_SSRC_MAP: array of struct rtpc_ssrc_map, at most 16; default: SSRC, sequence and timestamp stay
 * @RTPC_O_PT_MAP: array of struct rtpc_pt_map, at most 32; others stay
 * @RTPC_O_EXT_STRIP: u8 array, at most 64: ids of header extension elements to remove (RFC 8285)
 * @RTPC_O_EXT_KEEP: u8 array, at most 64: ids of those to keep, all others are removed; not together with RTPC_O_EXT_STRIP
 * @RTPC_O_MID_ID: u8, 1 to 14: header extension id of the MID to insert or replace, RFC 8843 15
 * @RTPC_O_MID: 1 to 16 bytes, the MID; required with RTPC_O_MID_ID
 * @RTPC_O_STATS: struct rtpc_output_stats, in replies
 * @RTPC_O_SRTP_STATE: array of struct rtpc_srtp_state, in replies
 * @RTPC_O_PAD: padding
 */
enum rtpc_output_attr {
	RTPC_O_UNSPEC,
	RTPC_O_PAD,
	RTPC_O_ID,
	RTPC_O_RTCP,
	RTPC_O_SRC,
	RTPC_O_DST,
	RTPC_O_TOS,
	RTPC_O_TTL,
	RTPC_O_FLAGS,
	RTPC_O_HOLD,
	RTPC_O_CRYPTO,
	RTPC_O_SSRC_MAP,
	RTPC_O_PT_MAP,
	RTPC_O_EXT_STRIP,
	RTPC_O_EXT_KEEP,
	RTPC_O_MID_ID,
	RTPC_O_MID,
	RTPC_O_STATS,
	RTPC_O_SRTP_STATE,
	__RTPC_O_MAX,
};
#define RTPC_O_MAX (__RTPC_O_MAX - 1)

/* Output flags (RTPC_O_FLAGS). */
#define RTPC_OF_SILENCED	(1u << 0)	/* replace the payload by rtpc_pt.silence */
#define RTPC_OF_BLOCK_DTMF	(1u << 1)	/* drop payload types that are RTPC_PT_DTMF */
#define RTPC_OF_STRIP_FEEDBACK	(1u << 2)	/* RTCP: remove RTPFB and PSFB (RFC 4585) from compounds */
#define RTPC_OF_STRIP_EXT	(1u << 3)	/* remove every header extension */
#define RTPC_OF_PASSTHROUGH	(1u << 4)	/* SRTP goes out as it came in; requires equal keys on both sides and no rewriting. The indices follow. */
#define RTPC_OF_FIREWALL	(1u << 5)	/* send through the OUTPUT and POSTROUTING chains (slower) instead of straight to the device */
#define RTPC_OF_ALL		((1u << 6) - 1)
#define RTPC_OF_MODIFIABLE	(RTPC_OF_SILENCED | RTPC_OF_BLOCK_DTMF | RTPC_OF_STRIP_FEEDBACK)

#define RTPC_SSRC_ANY		(1u << 0)	/* rtpc_ssrc_map.flags: the entry is for every SSRC that has none of its own */

/**
 * struct rtpc_ssrc_map - rewrites one SSRC. In RTCP every SSRC of sender, source, report block and media is replaced.
 * @from: the SSRC that arrives
 * @to: the SSRC that is sent
 * @timestamp_offset: added to the RTP timestamp; also of sender reports
 * @sequence_offset: added to the sequence number
 * @flags: RTPC_SSRC_*
 */
struct rtpc_ssrc_map {
	__u32 from;
	__u32 to;
	__u32 timestamp_offset;
	__u16 sequence_offset;
	__u16 flags;
};

/** struct rtpc_pt_map - renames payload type @from to @to, both 0 to 127 */
struct rtpc_pt_map {
	__u8 from;
	__u8 to;
};

/**
 * enum rtpc_suite - SRTP crypto suites of RFC 4568, 6188 and 7714; the numbers of the C# SrtpSuite.
 * Key, salt, RTP tag, RTCP tag in bytes:
 * @RTPC_SUITE_AEAD_AES_256_GCM: 32 12 16 16
 * @RTPC_SUITE_AEAD_AES_128_GCM: 16 12 16 16
 * @RTPC_SUITE_AES_256_CM_HMAC_SHA1_80: 32 14 10 10
 * @RTPC_SUITE_AES_256_CM_HMAC_SHA1_32: 32 14 4 10
 * @RTPC_SUITE_AES_192_CM_HMAC_SHA1_80: 24 14 10 10
 * @RTPC_SUITE_AES_192_CM_HMAC_SHA1_32: 24 14 4 10
 * @RTPC_SUITE_AES_CM_128_HMAC_SHA1_80: 16 14 10 10
 * @RTPC_SUITE_AES_CM_128_HMAC_SHA1_32: 16 14 4 10
 * @RTPC_SUITE_F8_128_HMAC_SHA1_80: 16 14 10 10
 * @RTPC_SUITE_F8_128_HMAC_SHA1_32: 16 14 4 10
 * @RTPC_SUITE_NULL_HMAC_SHA1_80: 16 14 10 10
 * @RTPC_SUITE_NULL_HMAC_SHA1_32: 16 14 4 10
 */
enum rtpc_suite {
	RTPC_SUITE_UNSPEC,
	RTPC_SUITE_AEAD_AES_256_GCM,
	RTPC_SUITE_AEAD_AES_128_GCM,
	RTPC_SUITE_AES_256_CM_HMAC_SHA1_80,
	RTPC_SUITE_AES_256_CM_HMAC_SHA1_32,
	RTPC_SUITE_AES_192_CM_HMAC_SHA1_80,
	RTPC_SUITE_AES_192_CM_HMAC_SHA1_32,
	RTPC_SUITE_AES_CM_128_HMAC_SHA1_80,
	RTPC_SUITE_AES_CM_128_HMAC_SHA1_32,
	RTPC_SUITE_F8_128_HMAC_SHA1_80,
	RTPC_SUITE_F8_128_HMAC_SHA1_32,
	RTPC_SUITE_NULL_HMAC_SHA1_80,
	RTPC_SUITE_NULL_HMAC_SHA1_32,
	__RTPC_SUITE_MAX,
};

/**
 * enum rtpc_crypto_attr - the keys of one direction of one SRTP session
 *
 * @RTPC_C_ID: u64, not 0, names the session in its table and direction: targets and outputs that give the same id, direction and
 *	keys share indices and replay windows (RTP and RTCP of one media; a target and its replacement). Other keys under a
 *	known id begin a new session. It lives until the last target that uses it is gone.
 * @RTPC_C_SUITE: u8, enum rtpc_suite; required
 * @RTPC_C_MASTER_KEY: bytes, length by suite
 * @RTPC_C_MASTER_SALT: bytes, length by suite. Session keys are derived with key derivation rate 0 (RFC 3711 4.3).
 * @RTPC_C_RTP_KEY: session keys instead of a master key: encryption key ...
 * @RTPC_C_RTP_SALT: ... salt ...
 * @RTPC_C_RTP_AUTH: ... and 20 bytes for HMAC-SHA1 (not with GCM); RTP and RTCP both are given or neither
 * @RTPC_C_RTCP_KEY: same of SRTCP
 * @RTPC_C_RTCP_SALT: same
 * @RTPC_C_RTCP_AUTH: same
 * @RTPC_C_MKI: 1 to 128 bytes as on the wire; absent: none
 * @RTPC_C_FLAGS: u32, RTPC_CF_*; default 0
 * @RTPC_C_SRTP_STATE: array of struct rtpc_srtp_state: where to go on; like SRTP_SEED
 * @RTPC_C_PAD: padding
 */
enum rtpc_crypto_attr {
	RTPC_C_UNSPEC,
	RTPC_C_PAD,
	RTPC_C_ID,
	RTPC_C_SUITE,
	RTPC_C_MASTER_KEY,
	RTPC_C_MASTER_SALT,
	RTPC_C_RTP_KEY,
	RTPC_C_RTP_SALT,
	RTPC_C_RTP_AUTH,
	RTPC_C_RTCP_KEY,
	RTPC_C_RTCP_SALT,
	RTPC_C_RTCP_AUTH,
	RTPC_C_MKI,
	RTPC_C_FLAGS,
	RTPC_C_SRTP_STATE,
	__RTPC_C_MAX,
};
#define RTPC_C_MAX (__RTPC_C_MAX - 1)

/* Crypto flags (RTPC_C_FLAGS), RFC 4568 6.3. */
#define RTPC_CF_UNENCRYPTED_SRTP	(1u << 0)
#define RTPC_CF_UNENCRYPTED_SRTCP	(1u << 1)
#define RTPC_CF_UNAUTHENTICATED_SRTP	(1u << 2)
#define RTPC_CF_ALL			((1u << 3) - 1)

/** enum rtpc_direction - the two directions of SRTP */
enum rtpc_direction {
	RTPC_DIRECTION_IN,	/* what we receive */
	RTPC_DIRECTION_OUT,	/* what we send */
	__RTPC_DIRECTION_MAX,
};

/**
 * struct rtpc_srtp_state - indices of one SSRC of a session
 * @crypto_id: RTPC_C_ID; ignored in requests
 * @rtp_index: highest 48-bit packet index: rollover counter and sequence number; 0: no packet yet
 * @rtcp_index: highest 31-bit SRTCP index; 0: no packet yet
 * @ssrc: the SSRC
 * @direction: enum rtpc_direction; ignored in requests
 * @reserved: 0
 */
struct rtpc_srtp_state {
	__u64 crypto_id;
	__u64 rtp_index;
	__u32 rtcp_index;
	__u32 ssrc;
	__u32 direction;
	__u32 reserved;
};

/** struct rtpc_limits - the RTPC_MAX_* this module was built with */
struct rtpc_limits {
	__u32 tables;
	__u32 outputs;
	__u32 pts;
	__u32 ssrcs;
	__u32 ssrc_map;
	__u32 pt_map;
	__u32 ext_ids;
	__u32 mid;
	__u32 mki;
	__u32 cookie;
	__u32 srtp_ssrcs;
	__u32 reserved;
};

/* RTPC_A_DETAIL */
#define RTPC_DETAIL_SSRC	(1u << 0)	/* RTPC_A_SSRC_STATS */
#define RTPC_DETAIL_PT		(1u << 1)	/* RTPC_A_PT_STATS */
#define RTPC_DETAIL_OUTPUT	(1u << 2)	/* RTPC_A_OUTPUT_STATS */
#define RTPC_DETAIL_SRTP	(1u << 3)	/* RTPC_A_SRTP_STATE, in and out */
#define RTPC_DETAIL_ALL		((1u << 4) - 1)

/**
 * enum rtpc_event - RTPC_CMD_EVENT; all carry RTPC_A_TABLE, RTPC_A_LOCAL, RTPC_A_EVENT, RTPC_A_COUNT. Each kind comes at most once per
 * second and target; RTPC_A_COUNT says how often it happened.
 *
 * @RTPC_EVENT_NEW_SSRC: first packet of an SSRC that was not known. RTPC_A_SSRC, RTPC_A_PT, RTPC_A_SOURCE.
 * @RTPC_EVENT_UNKNOWN_PT: first packet of a payload type that was not known and is not forwarded. RTPC_A_PT, RTPC_A_SSRC, RTPC_A_SOURCE.
 * @RTPC_EVENT_SOURCE_CHANGED: a packet from elsewhere than RTPC_A_EXPECT. RTPC_A_SOURCE.
 * @RTPC_EVENT_AUTH_FAILED: SRTP authentication failed. RTPC_A_SSRC, RTPC_A_SOURCE.
 * @RTPC_EVENT_IDLE: no packet for RTPC_A_IDLE seconds. RTPC_A_STATS.
 * @RTPC_EVENT_LEASE_EXPIRED: the lease of RTPC_A_TABLE ran out, the table is gone; no RTPC_A_LOCAL. RTPC_A_OWNER.
 */
enum rtpc_event {
	RTPC_EVENT_UNSPEC,
	RTPC_EVENT_NEW_SSRC,
	RTPC_EVENT_UNKNOWN_PT,
	RTPC_EVENT_SOURCE_CHANGED,
	RTPC_EVENT_AUTH_FAILED,
	RTPC_EVENT_IDLE,
	RTPC_EVENT_LEASE_EXPIRED,
	__RTPC_EVENT_MAX,
};

#endif /* _UAPI_RTPCLUSTER_H */
