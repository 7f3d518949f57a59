// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "../compat.h"
#include "device.h"
#include "hook.h"
#include "packet.h"

#define RC_HOOK_PLAIN 0x45 /* IPv4 without options */

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
		switch (target->local.family == AF_INET6 ? rc_forward_v6(target, skb, net) : rc_forward_v4(target, skb, net, false)) {
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

/* UDP, and no fragment: fragment offset, TTL and protocol lie in a row. */
static __always_inline bool rc_hook_is_udp(const struct iphdr *ip)
{
	return (get_unaligned((const __be32 *)&ip->frag_off) & htonl((IP_MF | IP_OFFSET) << 16 | 0xff)) == htonl(IPPROTO_UDP);
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
	if (!rc_hook_is_udp(ip) || ip->ihl != 5)
		return NF_ACCEPT;
	udp = (const struct udphdr *)(ip + 1);
	target = rc_index_find_v4(&rcn->targets, ip->daddr, udp->dest);
	if (!target)
		return NF_ACCEPT;
	return unlikely(skb_is_gso(skb)) ? rc_hook_segments(target, skb, rcn->net) : rc_forward_v4(target, skb, rcn->net, false);
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

/*
 * What the stack asks of an IPv4 packet before PRE_ROUTING, and that it is nothing unusual: one that others see as well, several in one, one
 * of a VLAN or of a bridge, bond or the like, which hands it to a device of its own.
 */
static __always_inline bool rc_hook_sound(struct sk_buff *skb, const struct iphdr *ip)
{
	unsigned int length = ntohs(ip->tot_len);

	if (skb_shared(skb) || skb_is_gso(skb) || skb_vlan_tag_present(skb) || rcu_access_pointer(skb->dev->rx_handler))
		return false;
	if (ip_fast_csum(ip, sizeof(*ip) / 4))
		return false;
	/* Ethernet pads short packets. */
	return likely(skb->len == length) || (skb->len > length && !pskb_trim_rcsum(skb, length));
}

/*
 * Only what is taken for good is taken here. Everything else goes on as if nobody had looked: to the hook at PRE_ROUTING, which sees to what
 * is unusual and counts what goes on to the sockets.
 */
unsigned int rc_hook_device(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	const struct rc_net *rcn = priv;
	const struct udphdr *udp = (const struct udphdr *)(ip + 1);
	struct rc_target *target;

	if (skb->protocol != htons(ETH_P_IP) || skb->pkt_type != PACKET_HOST || skb_headlen(skb) < sizeof(*ip) + sizeof(*udp))
		return NF_ACCEPT;
	if (!rc_hook_is_udp(ip) || *(const u8 *)ip != RC_HOOK_PLAIN)
		return NF_ACCEPT;
	target = rc_index_find_v4(&rcn->targets, ip->daddr, udp->dest);
	if (!target || unlikely(!rc_hook_sound(skb, ip)))
		return NF_ACCEPT;
	return rc_forward_v4(target, skb, rcn->net, true);
}

bool rc_hook_local_in(void)
{
	return local_in;
}

int rc_hook_register(struct rc_net *rcn)
{
	unsigned int i;
	int err;

	rcn->hooks[0] = (struct nf_hook_ops){ .hook = rc_hook_v4, .pf = NFPROTO_IPV4 };
	rcn->hooks[1] = (struct nf_hook_ops){ .hook = rc_hook_v6, .pf = NFPROTO_IPV6 };
	for (i = 0; i < ARRAY_SIZE(rcn->hooks); i++) {
		rcn->hooks[i].hooknum = local_in ? NF_INET_LOCAL_IN : NF_INET_PRE_ROUTING;
		rcn->hooks[i].priority = priority;
		rcn->hooks[i].priv = rcn;
	}
	err = nf_register_net_hooks(rcn->net, rcn->hooks, ARRAY_SIZE(rcn->hooks));
	if (err)
		return err;
	err = rc_device_watch(rcn);
	if (err)
		nf_unregister_net_hooks(rcn->net, rcn->hooks, ARRAY_SIZE(rcn->hooks));
	return err;
}

void rc_hook_unregister(struct rc_net *rcn)
{
	rc_device_unwatch(rcn);
	nf_unregister_net_hooks(rcn->net, rcn->hooks, ARRAY_SIZE(rcn->hooks));
}
