/* SPDX-License-Identifier: GPL-2.0 */
/* Words the cases are written in. One target is at work: packets to MEDIA4:IN leave for RECEIVER4:TO. */
#ifndef KERNELVM_KIT_H
#define KERNELVM_KIT_H

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"
#include "netlink.h"
#include "srtp.h"
#include "tap.h"
#include "target.h"
#include "wire.h"

enum { IN = 30000, OUT = 40000, TO = 6000, FROM = 5000, SSRC = 0x11223344, BODY = 160 };

extern struct netlink control;		/* of the media namespace */
extern struct reply reply;		/* to the last request */
extern int media4, media6;		/* sockets at MEDIA4:IN and MEDIA6:IN */

struct rtp {
	uint8_t pt;
	bool marker;
	uint16_t seq;
	uint32_t ts, ssrc;	/* SSRC 0: SSRC */
	const void *ext;	/* header extension, from its profile on */
	unsigned ext_length;
	unsigned body;		/* payload bytes; 0: BODY */
	uint8_t fill;		/* first payload byte, counting up; 0: 1 */
};

struct packet {
	size_t length;
	uint8_t bytes[MOST_BYTES];
};

void kit_start(void);
/* Each case begins with an empty table 0, empty sockets and no events. */
void kit_reset(void);

/* The one target, with everything at its default: RTP, one output with id 1 that is plain. */
struct target *plain_target(void);
struct output *add_output(struct target *target);
void install(const struct target *target);
/* The install is refused with this errno and a text that has @word in it. */
void refused(const struct target *target, int error, const char *word);

struct packet make_rtp(struct rtp rtp);
/* Sender report with one report block. */
struct packet make_sr(uint32_t ssrc, uint32_t about);
void send_packet(const struct packet *packet);
struct packet send_rtp(struct rtp rtp);

/* The next datagram at the receiver; the case fails when none comes. */
struct datagram *arrives(void);
/* It is this, byte by byte, and its checksums are right. */
struct datagram *arrives_as(const struct packet *packet);
void nothing_arrives(void);
/* The packet reached the socket, unchanged. */
void goes_up(const struct packet *packet);
void nothing_goes_up(void);
/* These bytes are that packet. */
void compare(const char *where, const uint8_t *got, size_t length, const struct packet *wanted);

struct rtpc_stats stats_of(const struct target *target);
struct rtpc_output_stats output_stats(const struct target *target, unsigned index);
struct rtpc_ssrc_stats ssrc_stats(const struct target *target, unsigned index);
/* Packets of table 0 that were dropped for this reason. */
uint64_t drops(enum rtpc_drop reason);
/* The next event is of this kind; its attributes are in reply. */
void event_comes(enum rtpc_event kind);
void no_event_comes(void);

#endif
