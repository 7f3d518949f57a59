/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RTPINJECT_H
#define _RTPINJECT_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

/*
 * What is injected. Flow f of @flows goes from @source:@sport+2f to @destination:@dport+2f.
 * @records: packets instead of made ones: u16 length, u16 flow (both big endian), then the UDP payload; or NULL
 */
struct inject {
	struct net_device *device;
	__be32 source;
	__be32 destination;
	u16 sport;
	u16 dport;
	u32 flows;
	u32 payload;		/* bytes of RTP with header, for made packets */
	bool checksum;		/* UDP checksum filled in; else 0 */
	const u8 *records;
	size_t records_length;
	size_t records_at;	/* where the next record begins */
};

/* The packet with number @number, as a driver would hand it up; NULL: no memory or no record left. */
struct sk_buff *inject_packet(struct inject *inject, u32 number);

/* UDP in IPv4 in Ethernet with @length bytes of payload that the caller fills; @flow chooses the ports. */
struct sk_buff *inject_frame(struct inject *inject, u32 flow, u32 length, u8 **payload);

/* Sets protocol and headers after the frame is complete. */
void inject_finish(struct inject *inject, struct sk_buff *skb);

/* @count packets that are random or damaged, the same ones for the same @seed. Returns how many were injected. */
u64 inject_fuzz(struct inject *inject, u64 count, u32 seed);

#endif
