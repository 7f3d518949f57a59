/* SPDX-License-Identifier: GPL-2.0 */
/* One packet on its way through the stages. */
#ifndef RC_PACKET_H
#define RC_PACKET_H

#include <linux/skbuff.h>
#include "../table/table.h"

/**
 * struct rc_packet - see above
 * @skb: the packet; its data begins at the IP header until the first change, at the payload afterwards
 * @net: the namespace
 * @target: what is done with it
 * @source: who sent it
 * @offset: from the IP header to the payload
 * @length: bytes of the payload (RTP, RTCP, raw); plain after Unprotect
 * @wire: bytes of the payload as it came
 * @now: of rc_clock()
 * @class: RTP, RTCP or other
 * @ttl: TTL or hop limit it came with
 * @partial: the UDP checksum is that of the pseudo header only
 * @check: UDP checksum as it came; 0: none
 * @rtp: RTP: the header
 * @pt: RTP: its payload type, if it is in the table
 * @ssrc: RTP: statistics of its SSRC; NULL: no memory
 * @extended: RTP: sequence number with rollovers
 */
struct rc_packet {
	struct sk_buff *skb;
	struct net *net;
	struct rc_target *target;
	struct rc_addr source;
	unsigned int offset;
	unsigned int length;
	unsigned int wire;
	u64 now;
	enum rc_class class;
	u8 ttl;
	bool partial;
	__sum16 check;
	struct rc_rtp rtp;
	const struct rtpc_pt *pt;
	struct rc_ssrc *ssrc;
	s64 extended;
};

/*
 * Stages Classify to Transmit. Returns NF_ACCEPT (the packet goes on, untouched), NF_DROP or NF_STOLEN (it is gone).
 */
unsigned int rc_forward(struct rc_packet *packet);

#endif
