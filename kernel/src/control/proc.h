/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /proc/rtpcluster/<table>/{list,status} for people. Per network namespace: the directory is /proc/net/rtpcluster, and /proc/rtpcluster
 * leads there. Readable by root only, because it shows keys.
 */
#ifndef RC_PROC_H
#define RC_PROC_H

#include "../table/table.h"

int rc_proc_init(void);
void rc_proc_exit(void);
int rc_proc_add_net(struct rc_net *rcn);
void rc_proc_remove_net(struct rc_net *rcn);
int rc_proc_add_table(struct rc_net *rcn, struct rc_table *table);
/* Waits for readers; not under the namespace's mutex, which they take. */
void rc_proc_remove_table(struct rc_table *table);

#endif
