// SPDX-License-Identifier: GPL-2.0
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rtpcluster.h"

static const struct { const char *name; uint8_t suite; } names[] = {
	{ "plain", RTPC_SUITE_UNSPEC },
	{ "cm", RTPC_SUITE_AES_CM_128_HMAC_SHA1_80 },
	{ "cm256", RTPC_SUITE_AES_256_CM_HMAC_SHA1_80 },
	{ "gcm", RTPC_SUITE_AEAD_AES_128_GCM },
	{ "gcm256", RTPC_SUITE_AEAD_AES_256_GCM },
	{ "f8", RTPC_SUITE_F8_128_HMAC_SHA1_80 },
	{ "null", RTPC_SUITE_NULL_HMAC_SHA1_80 },
};

static uint8_t suite(const char *name)
{
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].name, name))
			return names[i].suite;
	fprintf(stderr, "unknown suite %s\n", name);
	exit(2);
}

struct scenario scenario_read(char **arguments)
{
	if (!arguments[0] || !arguments[1] || !arguments[2] || !arguments[3]) {
		fprintf(stderr, "usage: FLOWS OUTPUTS IN OUT\n");
		exit(2);
	}
	return (struct scenario){ atoi(arguments[0]), atoi(arguments[1]), suite(arguments[2]), suite(arguments[3]) };
}
