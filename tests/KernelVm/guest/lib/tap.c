// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct test *first, **end = &first;
static jmp_buf out;

void test_register(struct test *test)
{
	*end = test;
	end = &test->next;
}

void test_fail(const char *file, int line, const char *format, ...)
{
	const char *name = strrchr(file, '/');
	va_list arguments;

	printf("# %s:%d: ", name ? name + 1 : file, line);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	longjmp(out, 1);
}

/* @only: pieces of names with | between them; NULL: every name */
static bool chosen(const char *name, const char *only)
{
	char pieces[500], *rest = pieces, *piece;

	if (!only)
		return true;
	snprintf(pieces, sizeof(pieces), "%s", only);
	while ((piece = strsep(&rest, "|")))
		if (strstr(name, piece))
			return true;
	return false;
}

int test_run(const char *only, void (*before)(void))
{
	volatile int failed = 0, number = 0;

	for (struct test *volatile test = first; test; test = test->next) {
		if (!chosen(test->name, only))
			continue;
		number++;
		if (setjmp(out)) {
			failed++;
			printf("not ok %s\n", test->name);
		} else {
			before();
			test->run();
			printf("ok %s\n", test->name);
		}
		fflush(stdout);
	}
	if (!number)
		printf("not ok no case has '%s' in its name\n", only ? only : "");
	return number ? failed : 1;
}
