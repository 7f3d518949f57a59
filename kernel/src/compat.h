/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between the kernels this builds on: 6.1 to 7.x. */
#ifndef RC_COMPAT_H
#define RC_COMPAT_H

#include <linux/version.h>
#include <net/genetlink.h>
#include <net/ip6_fib.h>
#include <net/route.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

#if __has_include(<linux/unaligned.h>)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* Where IPv6 may be a module it is reached through a table of functions. */
#if __has_include(<net/ipv6_stubs.h>)
#include <net/ipv6_stubs.h>
#define rc_ipv6_dev_find(net, address) ipv6_stub->ipv6_dev_find(net, address, NULL)
#define rc_ipv6_route(net, flow) ipv6_stub->ipv6_dst_lookup_flow(net, NULL, flow, NULL)
#else
#include <net/addrconf.h>
#define rc_ipv6_dev_find(net, address) ipv6_dev_find(net, address, NULL)
#define rc_ipv6_route(net, flow) ip6_dst_lookup_flow(net, NULL, flow, NULL)
#endif

/* What routing rules see of the TOS. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define RC_FLOW4_TOS(tos) .flowi4_tos = (tos) & 0x1c
#else
#include <net/inet_dscp.h>
#define RC_FLOW4_TOS(tos) .flowi4_dscp = inet_dsfield_to_dscp(tos)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline struct rtable *rc_dst_rtable(const struct dst_entry *dst)
{
	return (struct rtable *)dst;
}

static inline struct rt6_info *rc_dst_rt6(const struct dst_entry *dst)
{
	return (struct rt6_info *)dst;
}
#else
#define rc_dst_rtable(dst) dst_rtable(dst)
#define rc_dst_rt6(dst) dst_rt6_info(dst)
#endif

/* The attributes of a generic netlink dump request. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define rc_dump_attrs(cb) (genl_dumpit_info(cb)->attrs)
#else
#define rc_dump_attrs(cb) (genl_dumpit_info(cb)->info.attrs)
#endif

/* What the pre_doit of a family gets. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define RC_GENL_OPS const struct genl_ops
#else
#define RC_GENL_OPS const struct genl_split_ops
#endif

#endif
