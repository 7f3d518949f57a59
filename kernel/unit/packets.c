// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include "../src/crypto/bytes.h"
#include "packets.h"
#include "test.h"

struct rc_srtp_params random_params(unsigned int suite)
{
	struct rc_srtp_params params = { .suite = suite };

	test_fill(params.master_key, sizeof(params.master_key));
	test_fill(params.master_salt, sizeof(params.master_salt));
	return params;
}

void random_rtp(u8 *pkt, unsigned int length, u32 ssrc, u16 sequence, bool decorated)
{
	test_fill(pkt, length);
	pkt[0] = 0x80;
	pkt[1] = 96;
	pkt[2] = (u8)(sequence >> 8);
	pkt[3] = (u8)sequence;
	rc_store_be32(pkt + 8, ssrc);
	if (decorated && length >= 12 + 4 * 3 + 4 + 8) {
		pkt[0] |= 0x10 | 3;
		rc_store_be32(pkt + 24, 0xbede0002);
	}
}

void random_rtcp(u8 *pkt, unsigned int length, u32 ssrc)
{
	test_fill(pkt, length);
	rc_store_be32(pkt, 0x80c80000 | (length / 4 - 1));
	rc_store_be32(pkt + 4, ssrc);
}
