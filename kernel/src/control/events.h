/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events for the agents. The packet path only notes them in the flow; a work item sends them, at most one per second, kind and flow.
 */
#ifndef RC_EVENTS_H
#define RC_EVENTS_H

#include "../table/table.h"

/* Notes an event. Under the flow's lock. */
void rc_events_note(struct rc_net *rcn, struct rc_flow *flow, enum rtpc_event kind, const struct rc_addr *source, u32 ssrc, u8 pt);

/* Has the work look at the waiting flows soon: dead ones are let go. */
void rc_events_kick(struct rc_net *rcn);

/* Sends what is due. */
void rc_events_work(struct work_struct *work);

void rc_events_lease_expired(struct rc_table *table);

#endif
