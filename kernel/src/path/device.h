/* SPDX-License-Identifier: GPL-2.0 */
/* The devices of a namespace: hooks come and go with them, and nobody holds on to what goes. */
#ifndef RC_DEVICE_H
#define RC_DEVICE_H

struct rc_net;

/* From now on every device of the namespace, and each that comes, has the hook, unless a parameter says that none has. Takes rtnl. */
int rc_device_watch(struct rc_net *rcn);
void rc_device_unwatch(struct rc_net *rcn);

#endif
