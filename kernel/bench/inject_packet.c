// SPDX-License-Identifier: GPL-2.0
/* Frames as a network driver hands them to the stack. */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "inject.h"

#define RTP_HEADER 12

struct sk_buff *inject_frame(struct inject *inject, u32 flow, u32 length, u8 **payload)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(inject->device, ETH_HLEN + sizeof(struct iphdr) + sizeof(struct udphdr) + length);
	struct ethhdr *ether;
	struct iphdr *ip;
	struct udphdr *udp;

	if (!skb)
		return NULL;
	ether = skb_put_zero(skb, ETH_HLEN);
	ether_addr_copy(ether->h_dest, inject->device->dev_addr);
	ether->h_source[0] = 2;
	ether->h_proto = htons(ETH_P_IP);
	ip = skb_put_zero(skb, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = htons(sizeof(*ip) + sizeof(*udp) + length);
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = inject->source;
	ip->daddr = inject->destination;
	ip_send_check(ip);
	udp = skb_put_zero(skb, sizeof(*udp));
	udp->source = htons(inject->sport + 2 * flow);
	udp->dest = htons(inject->dport + 2 * flow);
	udp->len = htons(sizeof(*udp) + length);
	*payload = skb_put(skb, length);
	return skb;
}

void inject_finish(struct inject *inject, struct sk_buff *skb)
{
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->protocol = eth_type_trans(skb, inject->device);
	skb_reset_network_header(skb);
}

static void fill_checksum(struct sk_buff *skb)
{
	struct iphdr *ip = (void *)(skb->data + ETH_HLEN);
	struct udphdr *udp = (void *)(ip + 1);
	u32 length = ntohs(udp->len);

	udp->check = csum_tcpudp_magic(ip->saddr, ip->daddr, length, IPPROTO_UDP, csum_partial(udp, length, 0));
	if (!udp->check)
		udp->check = CSUM_MANGLED_0;
}

static struct sk_buff *made(struct inject *inject, u32 number)
{
	u32 flow = number % inject->flows, sequence = number / inject->flows;
	u8 *payload;
	struct sk_buff *skb = inject_frame(inject, flow, inject->payload, &payload);

	if (!skb)
		return NULL;
	memset(payload, 0xd5, inject->payload);
	payload[0] = 0x80;
	payload[1] = 0;
	*(__be16 *)(payload + 2) = htons(sequence);
	*(__be32 *)(payload + 4) = htonl(sequence * 160);
	*(__be32 *)(payload + 8) = htonl(0x12345600 + flow);
	return skb;
}

static struct sk_buff *recorded(struct inject *inject)
{
	const u8 *record = inject->records + inject->records_at;
	struct sk_buff *skb;
	u32 length, flow;
	u8 *payload;

	if (inject->records_at + 4 > inject->records_length)
		return NULL;
	length = record[0] << 8 | record[1];
	flow = record[2] << 8 | record[3];
	if (inject->records_at + 4 + length > inject->records_length)
		return NULL;
	skb = inject_frame(inject, flow, length, &payload);
	if (!skb)
		return NULL;
	memcpy(payload, record + 4, length);
	inject->records_at += 4 + length;
	return skb;
}

struct sk_buff *inject_packet(struct inject *inject, u32 number)
{
	struct sk_buff *skb = inject->records ? recorded(inject) : made(inject, number);

	if (!skb)
		return NULL;
	if (inject->checksum)
		fill_checksum(skb);
	inject_finish(inject, skb);
	return skb;
}
