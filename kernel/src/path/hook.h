/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets come in: netfilter hooks of a namespace, registered while it has a table. */
#ifndef RC_HOOK_H
#define RC_HOOK_H

struct rc_net;

int rc_hook_register(struct rc_net *rcn);
void rc_hook_unregister(struct rc_net *rcn);

#endif
