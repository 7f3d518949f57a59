/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SWAB_H
#define SHIM_LINUX_SWAB_H

#define swab64(x) __builtin_bswap64(x)

#endif
