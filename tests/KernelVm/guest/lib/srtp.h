/* SPDX-License-Identifier: GPL-2.0 */
/* SRTP written a second time, on OpenSSL's ciphers and straight from the RFCs: what the module sends is compared with it byte by byte. */
#ifndef KERNELVM_SRTP_H
#define KERNELVM_SRTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target.h"

struct srtp_keys {
	uint8_t key[32], salt[14], auth[20];
};

struct srtp {
	const struct suite_sizes *suite;
	uint8_t mki[128];
	unsigned mki_length;
	uint32_t flags;		/* RTPC_CF_* */
	struct srtp_keys rtp, rtcp;
};

/* Keys of @suite that differ for each @id. */
struct keys test_keys(uint64_t id, uint8_t suite);

/* Derives session keys, RFC 3711 4.3.1. */
void srtp_start(struct srtp *srtp, const struct keys *keys);
/* Protects in place; there must be room for tag and MKI. Return the new length. */
size_t seal_rtp(const struct srtp *srtp, uint8_t *packet, size_t length, uint32_t roc);
size_t seal_rtcp(const struct srtp *srtp, uint8_t *packet, size_t length, uint32_t index);

#endif
