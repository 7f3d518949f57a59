/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets come in: netfilter hooks of a namespace, registered while it has a table. */
#ifndef RC_HOOK_H
#define RC_HOOK_H

#include <net/net_namespace.h>

int rc_hook_register(struct net *net);
void rc_hook_unregister(struct net *net);

#endif
