/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_ASM_BYTEORDER_H
#define SHIM_ASM_BYTEORDER_H

#include <linux/types.h>

/* The tests run on little-endian machines only. */
#define cpu_to_be16(v) ((__be16)__builtin_bswap16(v))
#define cpu_to_be32(v) ((__be32)__builtin_bswap32(v))
#define cpu_to_be64(v) ((__be64)__builtin_bswap64(v))
#define be16_to_cpu(v) __builtin_bswap16(v)
#define be32_to_cpu(v) __builtin_bswap32(v)
#define be64_to_cpu(v) __builtin_bswap64(v)

#endif
