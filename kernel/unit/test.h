/* SPDX-License-Identifier: GPL-2.0 */
/* A test is a function that registers itself; a check that fails says where and lets the rest run. */
#ifndef TEST_H
#define TEST_H

#include <linux/types.h>
#include <stdio.h>

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

void test_register(struct test *test);
void test_failed(const char *file, int line, const char *what);

#define TEST(id)                                                                            \
	static void id(void);                                                               \
	static struct test id##_test = { .name = #id, .run = id };                          \
	__attribute__((constructor)) static void id##_register(void) { test_register(&id##_test); } \
	static void id(void)

#define EXPECT(condition)                                                                   \
	do {                                                                                \
		if (!(condition))                                                           \
			test_failed(__FILE__, __LINE__, #condition);                        \
	} while (0)

/* The sequence of a fixed seed: every run tests the same. */
u32 test_random(void);
void test_fill(u8 *data, unsigned int length);

/* Reads hexadecimal digits, spaces between them allowed; returns the number of bytes. */
unsigned int test_hex(u8 *out, const char *digits);

/* A copy on the heap of exactly @room bytes, so that the address sanitizer sees the first byte outside. Free it. */
u8 *test_exact(const u8 *data, unsigned int length, unsigned int room);

#endif
