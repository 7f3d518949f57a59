/* SPDX-License-Identifier: GPL-2.0 */
/* RTCP compounds (RFC 3550 section 6, RFC 4585): what an output changes of them. Pure: also compiled in userspace. */
#ifndef RC_RTCP_H
#define RC_RTCP_H

#include "rtp.h"

/*
 * Removes every RTPFB and PSFB of a plain compound, in place; returns the new length, 0 when nothing is left. From a damaged packet on,
 * everything stays as it is.
 */
unsigned int rc_rtcp_strip_feedback(u8 *compound, unsigned int length);

/*
 * Replaces the SSRCs of senders, sources, report blocks and media that @rules maps, and shifts the RTP timestamp of sender reports. The
 * entry for any SSRC is for senders only: what a report is about keeps its name unless an entry names it.
 */
void rc_rtcp_rewrite(u8 *compound, unsigned int length, const struct rc_rules *rules);

#endif
