/* SPDX-License-Identifier: GPL-2.0 */
/* An address and UDP port: the key of a target. */
#ifndef RC_ADDR_H
#define RC_ADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/socket.h>
#include <linux/string.h>
#include "../../uapi/rtpcluster.h"

/**
 * struct rc_addr - five words that are compared as such
 * @word: IPv4 in the first one and 0 in the others, or IPv6
 * @port: network order
 * @family: AF_INET or AF_INET6; 0: no address
 */
struct rc_addr {
	union {
		__be32 word[4];
		__be32 v4;
		struct in6_addr v6;
	};
	__be16 port;
	u16 family;
};

static inline bool rc_addr_equal(const struct rc_addr *a, const struct rc_addr *b)
{
	const u32 *x = (const u32 *)a, *y = (const u32 *)b;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4]));
}

static inline void rc_addr_set_v4(struct rc_addr *a, __be32 addr, __be16 port)
{
	a->v4 = addr;
	a->word[1] = a->word[2] = a->word[3] = 0;
	a->port = port;
	a->family = AF_INET;
}

static inline void rc_addr_set_v6(struct rc_addr *a, const struct in6_addr *addr, __be16 port)
{
	a->v6 = *addr;
	a->port = port;
	a->family = AF_INET6;
}

static inline void rc_addr_to_uapi(const struct rc_addr *a, struct rtpc_addr *out)
{
	memset(out, 0, sizeof(*out));
	out->family = a->family;
	out->port = a->port;
	memcpy(out->addr, a->word, sizeof(out->addr));
}

#endif
