// SPDX-License-Identifier: GPL-2.0
/* cases-run [PART OF A NAME]: runs the cases in namespaces of its own making; the module must be loaded. */
#include "kit.h"

int main(int count, char **arguments)
{
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	lab_start();
	kit_start();
	failed = test_run(count > 1 ? arguments[1] : NULL, kit_reset);
	lab_end();
	return failed ? 1 : 0;
}
