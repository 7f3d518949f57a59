/* SPDX-License-Identifier: GPL-2.0 */
/* The cached route of an output and what follows from it. */
#ifndef RC_ROUTE_H
#define RC_ROUTE_H

#include <net/dst.h>
#include <net/net_namespace.h>
#include "../table/target.h"

/* Looks the route up and makes the hop anew. False: there is none. */
bool rc_route_renew(struct net *net, struct rc_output *output);

/* Makes sure that an output's hop is good. False: no route. Under the flow's lock and rcu_read_lock(), under which the route stays valid. */
static inline bool rc_route_ready(struct net *net, struct rc_output *output)
{
	struct rc_hop *hop = &output->hop;
	struct dst_entry *dst = hop->dst;

	if (unlikely(!dst))
		return rc_route_renew(net, output);
	/* What dst_check() asks of a plain IPv4 route, without its two calls. */
	if (likely(!hop->asks && dst->obsolete == DST_OBSOLETE_FORCE_CHK && hop->stamp == (u32)rt_genid_ipv4(net)))
		return true;
	return (hop->asks && dst_check(dst, hop->stamp)) || rc_route_renew(net, output);
}

#endif
