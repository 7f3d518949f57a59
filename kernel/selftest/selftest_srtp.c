// SPDX-License-Identifier: GPL-2.0
/*
 * Known answers of every suite at load, on every path this machine has. The answers were checked against libsrtp where it has the
 * suite; f8 and AES-192 rest on code that passes the vectors of RFC 3711 and 6188.
 */
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../src/srtp.h"

#define RTP_LENGTH 37
#define RTCP_LENGTH 28
#define ROOM 400
#define LONGEST 300

/* All instructions, each kind alone, none, and the kernel's crypto API. */
static const unsigned int masks[] = {
	RC_CPU_AES | RC_CPU_SHA | RC_CPU_CLMUL, RC_CPU_AES, RC_CPU_SHA, RC_CPU_CLMUL, 0, RC_CPU_KERNEL,
};

/* What follows the clear header: payload, tag and, in SRTCP, the index word. */
struct answer {
	u8 rtp[RTP_LENGTH - 12 + RC_SRTP_TAG_MAX];
	u8 rtcp[RTCP_LENGTH - 8 + RC_SRTP_TAG_MAX + 4];
};

static const struct answer answers[RC_SRTP_SUITES] = {
#include "srtp_answers.inc"
};

struct work {
	struct rc_srtp_key key;
	struct rc_srtp_params params;
	u8 pkt[ROOM];
	u8 other[ROOM];
};

static void make_packet(u8 *pkt, unsigned int length, u8 type)
{
	static const u8 header[12] = { 0x80, 0, 0x12, 0x34, 1, 2, 3, 4, 0xca, 0xfe, 0xba, 0xbe };
	unsigned int i;

	for (i = 0; i < length; i++)
		pkt[i] = i < sizeof(header) ? header[i] : i;
	pkt[1] = type;
}

static int make_key(struct work *work, unsigned int suite)
{
	unsigned int i;

	memset(&work->params, 0, sizeof(work->params));
	work->params.suite = suite;
	for (i = 0; i < sizeof(work->params.master_key); i++)
		work->params.master_key[i] = i;
	for (i = 0; i < sizeof(work->params.master_salt); i++)
		work->params.master_salt[i] = 0xa0 + i;
	return rc_srtp_key_init(&work->key, &work->params);
}

/* RTP and RTCP there and back. */
static int check_answer(struct work *work, const struct answer *answer)
{
	const int rtp = RTP_LENGTH + rc_srtp_overhead(&work->key);
	const int rtcp = RTCP_LENGTH + rc_srtcp_overhead(&work->key);
	rc_cpu_t cpu = rc_crypto_begin();
	bool right;
	u32 index;

	make_packet(work->pkt, RTP_LENGTH, 96);
	make_packet(work->other, RTP_LENGTH, 96);
	right = rc_srtp_protect(cpu, &work->key, work->pkt, RTP_LENGTH, ROOM, 0x11234) == rtp &&
		!memcmp(work->pkt + 12, answer->rtp, rtp - 12) &&
		rc_srtp_unprotect(cpu, &work->key, work->pkt, rtp, 0x1234) == -EBADMSG &&
		rc_srtp_unprotect(cpu, &work->key, work->pkt, rtp, 0x11234) == RTP_LENGTH &&
		!memcmp(work->pkt, work->other, RTP_LENGTH);

	make_packet(work->pkt, RTCP_LENGTH, 200);
	make_packet(work->other, RTCP_LENGTH, 200);
	right = right && rc_srtcp_protect(cpu, &work->key, work->pkt, RTCP_LENGTH, ROOM, 5) == rtcp &&
		!memcmp(work->pkt + 8, answer->rtcp, rtcp - 8) &&
		rc_srtcp_unprotect(cpu, &work->key, work->pkt, rtcp, &index) == RTCP_LENGTH && index == 5 &&
		!memcmp(work->pkt, work->other, RTCP_LENGTH);
	rc_crypto_end(cpu);
	return right ? 0 : -EBADMSG;
}

/* This path and portable code make the same: every length up to more than eight blocks, then some. */
static int check_lengths(struct work *work)
{
	unsigned int length;

	for (length = 12; length <= LONGEST; length += length < 150 ? 1 : 13) {
		rc_cpu_t cpu = rc_crypto_begin();
		int a, b;

		make_packet(work->pkt, length, 96);
		make_packet(work->other, length, 96);
		a = rc_srtp_protect(cpu, &work->key, work->pkt, length, ROOM, length);
		b = rc_srtp_protect(0, &work->key, work->other, length, ROOM, length);
		rc_crypto_end(cpu);
		if (a < 0 || a != b || memcmp(work->pkt, work->other, a))
			return -EBADMSG;
	}
	return 0;
}

static int check_suite(struct work *work, unsigned int suite)
{
	int err = make_key(work, suite);

	if (err)
		return err;
	err = check_answer(work, &answers[suite]);
	if (!err)
		err = check_lengths(work);
	rc_srtp_key_wipe(&work->key);
	return err;
}

int rc_srtp_selftest(void)
{
	const rc_cpu_t features = rc_crypto_features();
	struct work *work = kzalloc(sizeof(*work), GFP_KERNEL);
	unsigned int i, suite;
	int err = work ? 0 : -ENOMEM;

	for (i = 0; i < ARRAY_SIZE(masks) && !err; i++) {
		rc_crypto_detect(masks[i]);
		for (suite = RC_SRTP_NONE + 1; suite < RC_SRTP_SUITES && !err; suite++) {
			err = check_suite(work, suite);
			if (err)
				pr_err("rtpcluster: selftest of %s fails on path %x\n", rc_srtp_suite_info(suite)->name,
				       rc_crypto_features());
		}
	}
	rc_crypto_detect(features);
	kfree(work);
	return err;
}
