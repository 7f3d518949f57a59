/* SPDX-License-Identifier: GPL-2.0 */
/* One packet on its way through the stages. */
#ifndef RC_PACKET_H
#define RC_PACKET_H

#include <linux/skbuff.h>
#include "../table/table.h"

/**
 * struct rc_packet - see above
 * @skb: the packet; its data begins at the IP header. NULL: it went as the last copy
 * @net: the namespace
 * @target: what is done with it
 * @offset: from the IP header to the payload
 * @length: bytes of the payload (RTP, RTCP, raw); plain after Unprotect
 * @wire: bytes of the payload as it came
 * @now: of rc_clock()
 * @class: RTP, RTCP or other
 * @ttl: TTL or hop limit it came with
 * @early: at the device: what is not taken comes to PRE_ROUTING yet, and is counted there only
 * @partial: the UDP checksum is that of the pseudo header only
 * @check: UDP checksum as it came; 0: none
 * @sum: with a whole checksum: the sum of all that it covers but addresses and ports
 * @rtp: RTP: the header
 * @pt: RTP: its payload type, if it is in the table
 * @ssrc: RTP: statistics of its SSRC; NULL: no memory
 * @extended: RTP: sequence number with rollovers
 */
struct rc_packet {
	struct sk_buff *skb;
	struct net *net;
	struct rc_target *target;
	unsigned int offset;
	unsigned int length;
	unsigned int wire;
	enum rc_class class;
	u64 now;
	u8 ttl;
	bool early;
	bool partial;
	__sum16 check;
	__wsum sum;
	struct rc_rtp rtp;
	const struct rtpc_pt *pt;
	struct rc_ssrc *ssrc;
	s64 extended;
};

/* Who sent it; while its headers are as they came. */
static inline struct rc_addr rc_packet_source(const struct rc_packet *packet)
{
	const union rc_headers *headers = (const union rc_headers *)packet->skb->data;
	struct rc_addr source;

	if (packet->target->local.family == AF_INET6)
		rc_addr_set_v6(&source, &headers->v6.ip.saddr, headers->v6.udp.source);
	else
		rc_addr_set_v4(&source, headers->v4.ip.saddr, headers->v4.udp.source);
	return source;
}

/*
 * Stages Classify to Transmit for a packet whose data begins at the IP header; the stack has seen to it that it is as long as that says.
 * Returns NF_ACCEPT (the packet goes on, untouched), NF_DROP or NF_STOLEN (it is gone). Under rcu_read_lock(). @early: see struct rc_packet.
 */
unsigned int rc_forward_v4(struct rc_target *target, struct sk_buff *skb, struct net *net, bool early);
unsigned int rc_forward_v6(struct rc_target *target, struct sk_buff *skb, struct net *net);

#endif
