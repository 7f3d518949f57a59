// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "../compat.h"
#include "hook.h"
#include "packet.h"

static bool local_in;
module_param(local_in, bool, 0444);
MODULE_PARM_DESC(local_in, "Take packets at LOCAL_IN, behind the INPUT rules of the firewall, instead of at PRE_ROUTING (slower; default 0)");

static int priority = -450;
module_param(priority, int, 0444);
MODULE_PARM_DESC(priority, "Priority of the netfilter hooks (default -450: before defragmentation and connection tracking)");

/* What skb_gso_segment() made of one packet: each on its own; what is not ours goes through the stack again. */
static unsigned int rc_hook_segments(struct rc_packet *whole)
{
	struct sk_buff *segments = skb_gso_segment(whole->skb, 0), *skb, *next;
	struct rc_packet packet;
	struct udphdr *udp;

	if (IS_ERR_OR_NULL(segments))
		return NF_ACCEPT;
	skb_list_walk_safe(segments, skb, next) {
		skb_mark_not_on_list(skb);
		if (skb_linearize(skb)) {
			kfree_skb(skb);
			continue;
		}
		packet = *whole;
		packet.skb = skb;
		udp = (struct udphdr *)(skb->data + whole->offset - sizeof(*udp));
		packet.length = skb->len - whole->offset;
		packet.check = udp->check;
		packet.partial = skb->ip_summed == CHECKSUM_PARTIAL;
		switch (rc_forward(&packet)) {
		case NF_ACCEPT:
			netif_rx(skb);
			break;
		case NF_DROP:
			kfree_skb(skb);
			break;
		}
	}
	consume_skb(whole->skb);
	return NF_STOLEN;
}

/* @packet has target, source, net and ttl. @offset: from the IP header to the UDP header; @end: to the end of the IP packet. */
static unsigned int rc_hook_udp(struct rc_packet *packet, unsigned int offset, unsigned int end)
{
	struct sk_buff *skb = packet->skb;
	struct udphdr *udp;
	unsigned int length;

	if (skb_is_gso(skb)) {
		if (!(skb_shinfo(skb)->gso_type & (SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST)))
			return NF_ACCEPT;
		packet->offset = offset + sizeof(*udp);
		return rc_hook_segments(packet);
	}
	if (end > skb->len || skb_linearize(skb))
		return NF_ACCEPT;
	udp = (struct udphdr *)(skb->data + offset);
	length = ntohs(udp->len);
	if (length < sizeof(*udp) || offset + length > end)
		return NF_ACCEPT;
	/* Link layer padding. */
	if (skb->len > end && pskb_trim_rcsum(skb, end))
		return NF_ACCEPT;
	packet->offset = offset + sizeof(*udp);
	packet->length = length - sizeof(*udp);
	packet->check = udp->check;
	packet->partial = skb->ip_summed == CHECKSUM_PARTIAL;
	return rc_forward(packet);
}

static unsigned int rc_hook_v4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct rc_packet packet __uninitialized;
	const struct udphdr *udp;
	const struct iphdr *ip;
	struct rc_addr local __uninitialized;

	if (skb->pkt_type != PACKET_HOST || !pskb_may_pull(skb, sizeof(*ip) + sizeof(*udp)))
		return NF_ACCEPT;
	ip = ip_hdr(skb);
	if (ip->protocol != IPPROTO_UDP || ip->ihl != 5 || ip_is_fragment(ip))
		return NF_ACCEPT;
	udp = (const struct udphdr *)(ip + 1);
	rc_addr_set_v4(&local, ip->daddr, udp->dest);
	packet.target = rc_target_lookup(rc_net_of(state->net), &local);
	if (!packet.target)
		return NF_ACCEPT;
	packet.skb = skb;
	packet.net = state->net;
	packet.ttl = ip->ttl;
	rc_addr_set_v4(&packet.source, ip->saddr, udp->source);
	return rc_hook_udp(&packet, sizeof(*ip), ntohs(ip->tot_len));
}

/* Extension headers, fragments among them, go to the socket. */
static unsigned int rc_hook_v6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip;
	struct rc_packet packet __uninitialized;
	const struct udphdr *udp;
	struct rc_addr local __uninitialized;

	if (skb->pkt_type != PACKET_HOST || !pskb_may_pull(skb, sizeof(*ip) + sizeof(*udp)))
		return NF_ACCEPT;
	ip = ipv6_hdr(skb);
	if (ip->nexthdr != IPPROTO_UDP)
		return NF_ACCEPT;
	udp = (const struct udphdr *)(ip + 1);
	rc_addr_set_v6(&local, &ip->daddr, udp->dest);
	packet.target = rc_target_lookup(rc_net_of(state->net), &local);
	if (!packet.target)
		return NF_ACCEPT;
	packet.skb = skb;
	packet.net = state->net;
	packet.ttl = ip->hop_limit;
	rc_addr_set_v6(&packet.source, &ip->saddr, udp->source);
	return rc_hook_udp(&packet, sizeof(*ip), sizeof(*ip) + ntohs(ip->payload_len));
}

static struct nf_hook_ops rc_hooks[] = {
	{ .hook = rc_hook_v4, .pf = NFPROTO_IPV4 },
	{ .hook = rc_hook_v6, .pf = NFPROTO_IPV6 },
};

int rc_hook_register(struct net *net)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rc_hooks); i++) {
		rc_hooks[i].hooknum = local_in ? NF_INET_LOCAL_IN : NF_INET_PRE_ROUTING;
		rc_hooks[i].priority = priority;
	}
	return nf_register_net_hooks(net, rc_hooks, ARRAY_SIZE(rc_hooks));
}

void rc_hook_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, rc_hooks, ARRAY_SIZE(rc_hooks));
}
