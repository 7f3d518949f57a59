// SPDX-License-Identifier: GPL-2.0
/* install-ours FLOWS OUTPUTS IN OUT: fills table 0 anew. Fails when a target is refused. */
#include <stdio.h>
#include <string.h>

#include "../lib/srtp.h"
#include "scenario.h"

int main(int count, char **arguments)
{
	static struct reply reply;
	static struct target target;
	struct scenario scenario = scenario_read(arguments + 1);
	struct netlink netlink;

	(void)count;
	netlink_open(&netlink);
	table_delete(&netlink, 0, &reply);
	if (table_set(&netlink, 0, &reply)) {
		fprintf(stderr, "table: %s %s\n", strerror(reply.error), reply.text);
		return 1;
	}
	for (unsigned flow = 0; flow < scenario.flows; flow++) {
		memset(&target, 0, sizeof(target));
		target.local = address(IN_HOST, IN_PORT + 2 * flow);
		target.expect = address("10.1.0.1", 5000 + 2 * flow);
		target.mismatch = RTPC_MISMATCH_DROP;
		target.pts[0] = (struct rtpc_pt){ .pt = 0, .clock_rate = 8000 };
		target.pts_count = 1;
		target.ssrcs[0] = FIRST_SSRC + flow;
		target.ssrcs_count = 1;
		if (scenario.in) {
			target.keys = test_keys(KEYS_IN, scenario.in);
			target.keys.id = flow + 1;
		}
		target.outputs_count = scenario.outputs;
		for (unsigned i = 0; i < scenario.outputs; i++) {
			struct output *output = &target.outputs[i];

			output->id = i + 1;
			output->from = address(OUT_SOURCE, IN_PORT + 2 * flow);
			output->to = address(OUT_HOST, OUT_PORT + 2 * i);
			output->tos = 184;
			if (scenario.out) {
				output->keys = test_keys(KEYS_OUT + i, scenario.out);
				output->keys.id = (uint64_t)flow * scenario.outputs + i + 1;
			}
		}
		if (target_set(&netlink, &target, 0, &reply)) {
			fprintf(stderr, "target %u: %s: %s\n", flow, strerror(reply.error), reply.text);
			return 1;
		}
	}
	return 0;
}
