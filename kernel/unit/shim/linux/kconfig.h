/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KCONFIG_H
#define SHIM_LINUX_KCONFIG_H

#define IS_ENABLED(option) 0

#endif
