// SPDX-License-Identifier: GPL-2.0
/* Packets that nobody should send: half of them almost right, half of them damaged somewhere between Ethernet and the last byte. */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/prandom.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "inject.h"

#define MOST 1600

/* What the first two bytes of a payload say it is: RTP, RTCP, STUN, DTLS, nothing known. */
static const u8 beginnings[][2] = {
	{ 0x80, 0 }, { 0x80, 96 }, { 0x90, 96 }, { 0xb0, 111 }, { 0x8f, 0 }, { 0x81, 200 }, { 0x80, 201 }, { 0x81, 205 }, { 0xa1, 206 },
	{ 0x81, 202 }, { 0x00, 1 }, { 0x01, 1 }, { 20, 254 }, { 22, 254 }, { 0xff, 0xff },
};

static void fill(struct rnd_state *state, struct inject *inject, u8 *payload, u32 length, u32 flow)
{
	const u8 *beginning = beginnings[prandom_u32_state(state) % ARRAY_SIZE(beginnings)];
	u32 pick = prandom_u32_state(state);
	u8 head[16];

	prandom_bytes_state(state, payload, length);
	memcpy(head, payload, sizeof(head));
	memcpy(head, beginning, 2);
	if (pick & 1)
		*(__be32 *)(head + 8) = htonl(0x12345600 + flow);
	if (pick & 2)
		*(__be16 *)(head + 2) = htons(pick >> 16 & 0xff);
	/* header extension of a plausible length */
	if (pick & 4) {
		head[12] = 0xbe;
		head[13] = 0xde;
		head[14] = 0;
		head[15] = pick >> 8 & 7;
	}
	memcpy(payload, head, min_t(u32, length, sizeof(head)));
}

static void damage(struct rnd_state *state, struct sk_buff *skb)
{
	struct iphdr *ip = (void *)(skb->data + ETH_HLEN);
	struct udphdr *udp = (void *)(ip + 1);
	u32 pick = prandom_u32_state(state), value = prandom_u32_state(state);

	switch (pick % 12) {
	case 0:
		udp->len = htons(value);
		break;
	case 1:
		ip->tot_len = htons(value);
		break;
	case 2:
		ip->ihl = value;
		break;
	case 3:
		ip->frag_off = htons(value);
		break;
	case 4:
		ip->version = value;
		break;
	case 5:
		ip->protocol = value;
		break;
	case 6:
		udp->len = htons(ntohs(udp->len) - 8 + value % 16);
		break;
	case 7:
		skb_trim(skb, ETH_HLEN + value % (skb->len - ETH_HLEN + 1));
		break;
	case 8:
		ip->daddr = (__force __be32)value;
		break;
	case 9:
		ip->ttl = value;
		ip->tos = value >> 8;
		break;
	default:
		skb->data[ETH_HLEN + value % (skb->len - ETH_HLEN)] ^= 1 << (pick >> 16 & 7);
		break;
	}
	if (!(pick & 0x100) && skb->len >= ETH_HLEN + sizeof(*ip)) {
		ip->check = 0;
		ip->check = ip_fast_csum((u8 *)ip, ip->ihl >= 5 && skb->len >= ETH_HLEN + ip->ihl * 4 ? ip->ihl : 5);
	}
}

/* Moves the end of the packet into a page, as drivers and GRO do. */
static void into_page(struct rnd_state *state, struct sk_buff *skb)
{
	u32 keep = ETH_HLEN + prandom_u32_state(state) % (skb->len - ETH_HLEN + 1), length = skb->len - keep;
	struct page *page;

	if (!length || length > PAGE_SIZE)
		return;
	page = alloc_page(GFP_ATOMIC);
	if (!page)
		return;
	memcpy(page_address(page), skb->data + keep, length);
	__skb_trim(skb, keep);
	skb_add_rx_frag(skb, 0, page, 0, length, PAGE_SIZE);
}

u64 inject_fuzz(struct inject *inject, u64 count, u32 seed)
{
	struct rnd_state state;
	struct sk_buff *skb;
	u64 done;

	prandom_seed_state(&state, seed);
	for (done = 0; done < count; done++) {
		u32 pick = prandom_u32_state(&state), flow = pick % inject->flows;
		u32 length = pick & 0x10000 ? prandom_u32_state(&state) % 64 : prandom_u32_state(&state) % (pick & 0x60000 ? 256 : MOST);
		u8 *payload;

		skb = inject_frame(inject, flow, length, &payload);
		if (!skb)
			break;
		fill(&state, inject, payload, length, flow);
		if (pick & 0x80000)
			damage(&state, skb);
		if (!(pick & 0x700000) && skb->len > ETH_HLEN)
			into_page(&state, skb);
		if (skb->len < ETH_HLEN || !pskb_may_pull(skb, ETH_HLEN)) {
			kfree_skb(skb);
			continue;
		}
		inject_finish(inject, skb);
		if (pick & 0x1000000)
			skb->ip_summed = CHECKSUM_NONE;
		local_bh_disable();
		netif_receive_skb(skb);
		local_bh_enable();
		if (!(done & 1023))
			cond_resched();
	}
	return done;
}
