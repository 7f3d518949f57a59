/* SPDX-License-Identifier: GPL-2.0 */
/* What a measurement forwards: the same words for our module, for the peer's and for the packets. */
#ifndef KERNELVM_SCENARIO_H
#define KERNELVM_SCENARIO_H

#include <stdint.h>

/* Program arguments: FLOWS OUTPUTS IN OUT with IN and OUT one of plain, cm, cm256, gcm, gcm256, f8, null. */
struct scenario {
	unsigned flows, outputs;
	uint8_t in, out;		/* enum rtpc_suite */
};

/* Flow f arrives at IN_HOST:IN_PORT+2f, copy o leaves for OUT_HOST:OUT_PORT+2(f mod 10000)+... with SSRC SSRC+f */
#define IN_HOST "10.1.0.254"
#define OUT_SOURCE "10.2.0.254"
#define OUT_HOST "10.2.0.1"
enum { IN_PORT = 30000, OUT_PORT = 6000, FIRST_SSRC = 0x12345600, PAYLOAD = 172, KEYS_IN = 1, KEYS_OUT = 2 };

/* Ends the program with a usage line when the arguments are wrong. */
struct scenario scenario_read(char **arguments);

#endif
