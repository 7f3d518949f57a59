/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets come in: netfilter hooks of a namespace and of its devices, registered while it has a table. */
#ifndef RC_HOOK_H
#define RC_HOOK_H

#include <linux/types.h>

struct nf_hook_state;
struct rc_net;
struct sk_buff;

/* The hook of a device. */
unsigned int rc_hook_device(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);
/* Are packets to be taken behind the INPUT rules? */
bool rc_hook_local_in(void);

int rc_hook_register(struct rc_net *rcn);
void rc_hook_unregister(struct rc_net *rcn);

#endif
