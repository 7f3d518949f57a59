/* SPDX-License-Identifier: GPL-2.0 */
/* Keys and packets that the SRTP tests share. */
#ifndef PACKETS_H
#define PACKETS_H

#include "../src/srtp.h"

/* Longest packet of the tests and room that protects it. */
#define PACKET_MAX 1500
#define PACKET_ROOM (PACKET_MAX + RC_SRTCP_OVERHEAD_MAX)

/* Random master key and salt for a suite. */
struct rc_srtp_params random_params(unsigned int suite);

/* A random RTP packet of @length (>= 12) bytes; with CSRCs and an extension as far as they fit, if @decorated. */
void random_rtp(u8 *pkt, unsigned int length, u32 ssrc, u16 sequence, bool decorated);

/* A random RTCP sender report of @length (>= 8) bytes. */
void random_rtcp(u8 *pkt, unsigned int length, u32 ssrc);

#endif
