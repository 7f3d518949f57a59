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

/* Cuts a GSO packet into those that were on the wire, each on its own; what is not ours goes through the stack again. */
static noinline unsigned int rc_hook_segments(struct rc_target *target, struct sk_buff *whole, struct net *net)
{
	struct sk_buff *segments, *skb, *next;

	if (!(skb_shinfo(whole)->gso_type & (SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST)))
		return NF_ACCEPT;
	segments = skb_gso_segment(whole, 0);
	if (IS_ERR_OR_NULL(segments))
		return NF_ACCEPT;
	skb_list_walk_safe(segments, skb, next) {
		skb_mark_not_on_list(skb);
		switch (target->local.family == AF_INET6 ? rc_forward_v6(target, skb, net) : rc_forward_v4(target, skb, net)) {
		case NF_ACCEPT:
			netif_rx(skb);
			break;
		case NF_DROP:
			kfree_skb(skb);
			break;
		}
	}
	consume_skb(whole);
	return NF_STOLEN;
}

static unsigned int rc_hook_v4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct rc_net *rcn = priv;
	const struct udphdr *udp;
	const struct iphdr *ip;
	struct rc_target *target;

	if (skb->pkt_type != PACKET_HOST || !pskb_may_pull(skb, sizeof(*ip) + sizeof(*udp)))
		return NF_ACCEPT;
	ip = (const struct iphdr *)skb->data;
	if (ip->protocol != IPPROTO_UDP || ip->ihl != 5 || ip_is_fragment(ip))
		return NF_ACCEPT;
	udp = (const struct udphdr *)(ip + 1);
	target = rc_index_find_v4(&rcn->targets, ip->daddr, udp->dest);
	if (!target)
		return NF_ACCEPT;
	return unlikely(skb_is_gso(skb)) ? rc_hook_segments(target, skb, rcn->net) : rc_forward_v4(target, skb, rcn->net);
}

/* Extension headers, fragments among them, go to the socket. */
static unsigned int rc_hook_v6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct rc_addr local __uninitialized;
	const struct rc_net *rcn = priv;
	const struct udphdr *udp;
	const struct ipv6hdr *ip;
	struct rc_target *target;

	if (skb->pkt_type != PACKET_HOST || !pskb_may_pull(skb, sizeof(*ip) + sizeof(*udp)))
		return NF_ACCEPT;
	ip = (const struct ipv6hdr *)skb->data;
	if (ip->nexthdr != IPPROTO_UDP)
		return NF_ACCEPT;
	udp = (const struct udphdr *)(ip + 1);
	rc_addr_set_v6(&local, &ip->daddr, udp->dest);
	target = rc_index_find(&rcn->targets, &local);
	if (!target)
		return NF_ACCEPT;
	return unlikely(skb_is_gso(skb)) ? rc_hook_segments(target, skb, rcn->net) : rc_forward_v6(target, skb, rcn->net);
}

int rc_hook_register(struct rc_net *rcn)
{
	unsigned int i;

	rcn->hooks[0] = (struct nf_hook_ops){ .hook = rc_hook_v4, .pf = NFPROTO_IPV4 };
	rcn->hooks[1] = (struct nf_hook_ops){ .hook = rc_hook_v6, .pf = NFPROTO_IPV6 };
	for (i = 0; i < ARRAY_SIZE(rcn->hooks); i++) {
		rcn->hooks[i].hooknum = local_in ? NF_INET_LOCAL_IN : NF_INET_PRE_ROUTING;
		rcn->hooks[i].priority = priority;
		rcn->hooks[i].priv = rcn;
	}
	return nf_register_net_hooks(rcn->net, rcn->hooks, ARRAY_SIZE(rcn->hooks));
}

void rc_hook_unregister(struct rc_net *rcn)
{
	nf_unregister_net_hooks(rcn->net, rcn->hooks, ARRAY_SIZE(rcn->hooks));
}
