/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Three network namespaces in a row: sender - media - receiver, joined by two veth pairs. The module's tables are those of "media".
 *   sender   s0 10.1.0.1 10.1.0.2 fd00:1::1   media m0 10.1.0.254 fd00:1::fe
 *   receiver r0 10.2.0.1 fd00:2::1            media m1 10.2.0.254 fd00:2::fe
 */
#ifndef KERNELVM_LAB_H
#define KERNELVM_LAB_H

#include <stdbool.h>

#define SENDER4 "10.1.0.1"
#define SENDER6 "fd00:1::1"
#define MEDIA4 "10.1.0.254"
#define MEDIA6 "fd00:1::fe"
#define OUT4 "10.2.0.254"
#define OUT6 "fd00:2::fe"
#define RECEIVER4 "10.2.0.1"
#define RECEIVER6 "fd00:2::1"

/* Makes the namespaces; the calling process is in "media" afterwards. */
void lab_start(void);
/* Deletes the namespaces. */
void lab_end(void);
/* The calling process goes to a namespace. */
void lab_enter(const char *namespace);
/* Runs a program in a namespace; the running case fails when it does. */
void lab_run(const char *namespace, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Transmit checksum offload of a device of the namespace the process is in. Off for m1 at first: the wire then shows whole checksums. */
void lab_checksum_offload(const char *device, bool on);
/* The content of /proc/rtpcluster/<table>/<name>; "" when it cannot be read. */
const char *proc_file(unsigned table, const char *name);

#endif
