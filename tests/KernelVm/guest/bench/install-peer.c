// SPDX-License-Identifier: GPL-2.0
/* install-peer FLOWS OUTPUTS IN OUT: the same targets in table 0 of the peer's module. Built with the header of the peer's package. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/srtp.h"
#include "scenario.h"
#include "xt_RTPENGINE.h"

static int control;

static struct re_address place(const char *host, unsigned port)
{
	struct re_address result = { .family = AF_INET, .port = port };

	inet_pton(AF_INET, host, &result.u.ipv4);
	return result;
}

static void set_keys(struct rtpengine_srtp *to, uint64_t id, uint8_t suite)
{
	const struct suite_sizes *sizes = &suites[suite];
	struct keys keys = test_keys(id, suite);

	to->cipher = REC_NULL;
	to->hmac = REH_NULL;
	if (!suite)
		return;
	to->hmac = sizes->aead ? REH_NULL : REH_HMAC_SHA1;
	to->cipher = sizes->null ? REC_NULL : sizes->f8 ? REC_AES_F8 :
		sizes->aead ? (sizes->key == 16 ? REC_AEAD_AES_GCM_128 : REC_AEAD_AES_GCM_256) :
		sizes->key == 16 ? REC_AES_CM_128 : sizes->key == 24 ? REC_AES_CM_192 : REC_AES_CM_256;
	memcpy(to->master_key, keys.key, sizes->key);
	memcpy(to->master_salt, keys.key + sizes->key, sizes->salt);
	to->master_key_len = to->session_key_len = sizes->key;
	to->master_salt_len = to->session_salt_len = sizes->salt;
	to->auth_tag_len = sizes->aead ? 0 : sizes->rtp_tag;
}

static void tell(const struct rtpengine_message *message)
{
	if (write(control, message, sizeof(*message)) != sizeof(*message)) {
		perror("peer's control file");
		exit(1);
	}
}

static void install(const struct scenario *scenario, unsigned flow)
{
	struct rtpengine_message message = { .cmd = REMG_ADD_TARGET };
	struct rtpengine_target_info *target = &message.u.target;

	target->local = place(IN_HOST, IN_PORT + 2 * flow);
	target->expected_src = place("10.1.0.1", 5000 + 2 * flow);
	target->src_mismatch = MSM_DROP;
	target->num_destinations = scenario->outputs;
	set_keys(&target->decrypt, KEYS_IN, scenario->in);
	target->ssrc[0] = htonl(FIRST_SSRC + flow);
	target->num_payload_types = 1;
	target->payload_types[0].clock_rate = 8000;
	target->rtp = 1;
	target->rtp_stats = 1;
	tell(&message);
	for (unsigned i = 0; i < scenario->outputs; i++) {
		struct rtpengine_message destination = { .cmd = REMG_ADD_DESTINATION };
		struct rtpengine_output_info *output = &destination.u.destination.output;

		destination.u.destination.local = target->local;
		destination.u.destination.num = i;
		output->src_addr = place(OUT_SOURCE, IN_PORT + 2 * flow);
		output->dst_addr = place(OUT_HOST, OUT_PORT + 2 * i);
		output->tos = 184;
		set_keys(&output->encrypt, KEYS_OUT + i, scenario->out);
		tell(&destination);
	}
}

int main(int count, char **arguments)
{
	struct scenario scenario = scenario_read(arguments + 1);

	(void)count;
	control = open("/proc/rtpengine/0/control", O_WRONLY);
	if (control < 0) {
		perror("/proc/rtpengine/0/control");
		return 1;
	}
	for (unsigned flow = 0; flow < scenario.flows; flow++)
		install(&scenario, flow);
	/* The table goes with its file: stay until told to go. */
	puts("installed");
	fflush(stdout);
	pause();
	return 0;
}
