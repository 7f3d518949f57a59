// SPDX-License-Identifier: GPL-2.0
/* Nanoseconds per packet of 172 bytes (20 ms of G.711), the least of many rounds, per suite and path. */
#include <linux/string.h>
#include <stdio.h>
#include <time.h>
#include "../src/srtp.h"
#include "paths.h"

#define LENGTH 172
#define ROUND 2000
#define ROUNDS 200

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void measure(rc_cpu_t cpu, unsigned int suite)
{
	static struct rc_srtp_key key;
	struct rc_srtp_params params = { .suite = suite };
	double protect = 1e9, unprotect = 1e9;
	u8 pkt[256] = { 0x80, 8, 0x12, 0x34 }, sealed[256], work[256];
	int length;

	memset(params.master_key, 7, sizeof(params.master_key));
	rc_srtp_key_init(&key, &params);
	memcpy(sealed, pkt, sizeof(sealed));
	length = rc_srtp_protect(cpu, &key, sealed, LENGTH, sizeof(sealed), 1);
	for (int round = 0; round < ROUNDS; round++) {
		double start = now();

		for (int i = 0; i < ROUND; i++) {
			memcpy(work, pkt, sizeof(work));
			rc_srtp_protect(cpu, &key, work, LENGTH, sizeof(work), 1);
		}
		start = (now() - start) / ROUND;
		protect = start < protect ? start : protect;
		start = now();
		for (int i = 0; i < ROUND; i++) {
			memcpy(work, sealed, sizeof(work));
			if (rc_srtp_unprotect(cpu, &key, work, length, 1) != LENGTH)
				printf("broken\n");
		}
		start = (now() - start) / ROUND;
		unprotect = start < unprotect ? start : unprotect;
	}
	printf("%-28s path %x protect %6.0f unprotect %6.0f\n", rc_srtp_suite_info(suite)->name, cpu, protect, unprotect);
	rc_srtp_key_wipe(&key);
}

int main(void)
{
	FOR_EACH_PATH(cpu)
		for (unsigned int suite = 1; suite < RC_SRTP_SUITES; suite += path_i && path_i != 5 ? RC_SRTP_SUITES : 1)
			measure(cpu, suite);
	return 0;
}
