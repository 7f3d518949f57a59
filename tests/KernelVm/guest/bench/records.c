// SPDX-License-Identifier: GPL-2.0
/* records FLOWS OUTPUTS IN OUT COUNT FILE: packets for rtpinject.ko, protected as IN says: u16 length, u16 flow, bytes. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/srtp.h"
#include "scenario.h"

int main(int count, char **arguments)
{
	struct scenario scenario = scenario_read(arguments + 1);
	struct keys keys = test_keys(KEYS_IN, scenario.in);
	struct srtp srtp;
	FILE *file;

	if (count != 7 || !(file = fopen(arguments[6], "w")))
		return 2;
	srtp_start(&srtp, &keys);
	for (unsigned i = 0; i < (unsigned)atoi(arguments[5]); i++) {
		unsigned flow = i % scenario.flows, sequence = i / scenario.flows;
		uint8_t packet[512];
		uint16_t head[2];
		size_t length = PAYLOAD;

		memset(packet, 0xd5, sizeof(packet));
		packet[0] = 0x80;
		packet[1] = 0;
		*(uint16_t *)(packet + 2) = htons(sequence);
		*(uint32_t *)(packet + 4) = htonl(sequence * 160);
		*(uint32_t *)(packet + 8) = htonl(FIRST_SSRC + flow);
		if (scenario.in)
			length = seal_rtp(&srtp, packet, length, sequence >> 16);
		head[0] = htons(length);
		head[1] = htons(flow);
		fwrite(head, sizeof(head), 1, file);
		fwrite(packet, length, 1, file);
	}
	return fclose(file) ? 1 : 0;
}
