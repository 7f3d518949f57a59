// SPDX-License-Identifier: GPL-2.0
/* Runs every test, or those whose name contains the first argument. */
#include <linux/string.h>
#include <stdlib.h>
#include "../src/crypto/cpu.h"
#include "test.h"

static struct test *tests;
static bool failed;
static u64 seed = 88172645463325252ULL;

void test_register(struct test *test)
{
	test->next = tests;
	tests = test;
}

void test_failed(const char *file, int line, const char *what)
{
	/* One line per test is enough: loops would repeat it thousands of times. */
	if (!failed)
		fprintf(stderr, "%s:%d: %s\n", file, line, what);
	failed = true;
}

u32 test_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (u32)(seed >> 16);
}

void test_fill(u8 *data, unsigned int length)
{
	while (length--)
		*data++ = (u8)test_random();
}

unsigned int test_hex(u8 *out, const char *digits)
{
	unsigned int count = 0, byte;

	for (; *digits; digits += 2) {
		while (*digits == ' ')
			digits++;
		if (sscanf(digits, "%2x", &byte) != 1)
			break;
		out[count++] = (u8)byte;
	}
	return count;
}

u8 *test_exact(const u8 *data, unsigned int length, unsigned int room)
{
	u8 *copy = malloc(room ? room : 1);

	if (length)
		memcpy(copy, data, length);
	return copy;
}

int main(int argc, char **argv)
{
	unsigned int passed = 0, broken = 0;
	struct test *test;

	rc_crypto_detect(~0U);
	for (test = tests; test; test = test->next) {
		if (argc > 1 && !strstr(test->name, argv[1]))
			continue;
		failed = false;
		test->run();
		if (failed)
			fprintf(stderr, "FAILED: %s\n", test->name);
		broken += failed;
		passed += !failed;
	}
	printf("%u passed, %u failed\n", passed, broken + (passed + broken == 0));
	return broken || !passed;
}
