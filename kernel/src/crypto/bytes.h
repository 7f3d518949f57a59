/* SPDX-License-Identifier: GPL-2.0 */
/* Unaligned loads and stores in network order, the same on every kernel version and in userspace. */
#ifndef RC_CRYPTO_BYTES_H
#define RC_CRYPTO_BYTES_H

#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

static inline u16 rc_load_be16(const u8 *from)
{
	__be16 value;

	memcpy(&value, from, sizeof(value));
	return be16_to_cpu(value);
}

static inline u32 rc_load_be32(const u8 *from)
{
	__be32 value;

	memcpy(&value, from, sizeof(value));
	return be32_to_cpu(value);
}

static inline u64 rc_load_be64(const u8 *from)
{
	__be64 value;

	memcpy(&value, from, sizeof(value));
	return be64_to_cpu(value);
}

static inline void rc_store_be32(u8 *to, u32 value)
{
	__be32 wire = cpu_to_be32(value);

	memcpy(to, &wire, sizeof(wire));
}

static inline void rc_store_be64(u8 *to, u64 value)
{
	__be64 wire = cpu_to_be64(value);

	memcpy(to, &wire, sizeof(wire));
}

#endif
