// SPDX-License-Identifier: GPL-2.0
#include "../src/srtp.h"
#include "test.h"

TEST(the_self_test_at_load_passes)
{
	EXPECT(rc_srtp_selftest() == 0);
}

TEST(the_self_test_leaves_the_instructions_as_they_were)
{
	rc_crypto_detect(RC_CPU_AES);
	EXPECT(rc_srtp_selftest() == 0);
	EXPECT(rc_crypto_features() == RC_CPU_AES);
	rc_crypto_detect(~0U);
}
