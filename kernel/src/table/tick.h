/* SPDX-License-Identifier: GPL-2.0 */
/* What happens once a second in a namespace that has tables: leases run out, idle targets are reported, held-back events are sent. */
#ifndef RC_TICK_H
#define RC_TICK_H

#include "table.h"

void rc_tick(struct work_struct *work);
void rc_tick_start(struct rc_net *rcn);

#endif
