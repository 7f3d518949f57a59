// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into User Mode Linux 6.1, which keeps 2696 bytes of a process's extended state. On a processor with more (AMX: 11 KB)
 * the host refuses to set a part of it (EFAULT) and the guest's first process dies. This hands the host the whole length; what
 * lies beyond is the initial state (its bits of XSTATE_BV are cleared): no program of the guest uses tiles.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

enum { KEPT = 2696, WHOLE = 16384, XSTATE_BV = 512 };
#define AMX_BITS (3ull << 17)

static size_t host_length; /* of the state this host has; 0: not asked yet */

typedef long ptrace_function(int request, int pid, void *address, void *data);

static ptrace_function *real(void)
{
	static ptrace_function *found;

	if (!found)
		found = (ptrace_function *)dlsym(RTLD_NEXT, "ptrace");
	return found;
}

static long set_whole(int pid, const struct iovec *kept)
{
	static char whole[WHOLE] __attribute__((aligned(64)));
	struct iovec vector = { whole, WHOLE };
	unsigned long long bits;

	if (!host_length) {
		if (real()(PTRACE_GETREGSET, pid, (void *)NT_X86_XSTATE, &vector) < 0)
			return -1;
		host_length = vector.iov_len;
		memset(whole, 0, sizeof(whole));
	}
	if (host_length <= kept->iov_len)
		return real()(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, (void *)kept);
	memcpy(whole, kept->iov_base, kept->iov_len);
	memcpy(&bits, whole + XSTATE_BV, sizeof(bits));
	bits &= ~AMX_BITS;
	memcpy(whole + XSTATE_BV, &bits, sizeof(bits));
	vector.iov_len = host_length;
	return real()(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, &vector);
}

long ptrace(enum __ptrace_request request, ...)
{
	va_list arguments;
	void *address, *data;
	int pid;

	va_start(arguments, request);
	pid = va_arg(arguments, int);
	address = va_arg(arguments, void *);
	data = va_arg(arguments, void *);
	va_end(arguments);
	if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE)
		return set_whole(pid, data);
	return real()(request, pid, address, data);
}
