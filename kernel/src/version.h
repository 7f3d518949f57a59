/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RC_VERSION_H
#define RC_VERSION_H

#define RC_VERSION "1.0.0"

/* What SRTP runs on: "aesni+shani+pclmul", "aesni", "generic" ... */
const char *rc_crypto_path(void);

#endif
