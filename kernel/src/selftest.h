/* SPDX-License-Identifier: GPL-2.0 */
/* Self-tests at load (module parameter selftest): 0, or -EBADMSG with a line in the log that says which failed. */
#ifndef RC_SELFTEST_H
#define RC_SELFTEST_H

int rc_selftest(void);

#endif
