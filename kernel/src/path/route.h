/* SPDX-License-Identifier: GPL-2.0 */
/* The cached route of an output. */
#ifndef RC_ROUTE_H
#define RC_ROUTE_H

#include <net/net_namespace.h>
#include "../table/target.h"

/* The route for an output's packets, looked up again when it is stale; NULL: none. Valid under rcu_read_lock(), which the caller holds. */
struct dst_entry *rc_route_get(struct net *net, struct rc_output *output);

#endif
