/* SPDX-License-Identifier: GPL-2.0 */
/* Cases register themselves; the first thing that is not as expected ends a case with a line that says what it was. */
#ifndef KERNELVM_TAP_H
#define KERNELVM_TAP_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

void test_register(struct test *test);
/* Ends the running case. */
void test_fail(const char *file, int line, const char *format, ...) __attribute__((noreturn, format(printf, 3, 4)));
/* Runs those whose name contains a piece of @only, which are separated by | (NULL: all), calling @before each. Prints TAP lines. Returns how many failed. */
int test_run(const char *only, void (*before)(void));

#define CASE_NAMED(function, text)                                                              \
	static void function(void);                                                             \
	static struct test function##_test = { text, function, NULL };                          \
	__attribute__((constructor)) static void function##_register(void) { test_register(&function##_test); } \
	static void function(void)
#define CASE_AT(line, text) CASE_NAMED(case_##line, text)
#define CASE_LINE(line, text) CASE_AT(line, text)
#define CASE(text) CASE_LINE(__LINE__, text)

#define CHECK(condition, ...)                                                                   \
	do {                                                                                    \
		if (!(condition))                                                               \
			test_fail(__FILE__, __LINE__, "" __VA_ARGS__);                          \
	} while (0)
#define EQUAL(got, wanted)                                                                      \
	do {                                                                                    \
		long long got_ = (long long)(got), wanted_ = (long long)(wanted);               \
		if (got_ != wanted_)                                                            \
			test_fail(__FILE__, __LINE__, "%s is %lld, not %lld", #got, got_, wanted_); \
	} while (0)

#endif
