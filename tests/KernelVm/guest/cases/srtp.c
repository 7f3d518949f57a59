// SPDX-License-Identifier: GPL-2.0
/* SRTP in every suite, its indices and what it refuses. Expected bytes: lib/srtp.c on OpenSSL, which is held against libsrtp2 first. */
#include "kit.h"

#include <srtp2/srtp.h>

#define CM80 RTPC_SUITE_AES_CM_128_HMAC_SHA1_80

/* libsrtp's policy of a suite; false when it has none. With AES-192 it derives keys by AES-256, which RFC 6188 does not. */
static bool libsrtp_policy(unsigned suite, srtp_crypto_policy_t *policy)
{
	switch (suite) {
	case RTPC_SUITE_AES_CM_128_HMAC_SHA1_80: srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(policy); return true;
	case RTPC_SUITE_AES_CM_128_HMAC_SHA1_32: srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(policy); return true;
	case RTPC_SUITE_AES_256_CM_HMAC_SHA1_80: srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(policy); return true;
	case RTPC_SUITE_AES_256_CM_HMAC_SHA1_32: srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(policy); return true;
	case RTPC_SUITE_AEAD_AES_128_GCM: srtp_crypto_policy_set_aes_gcm_128_16_auth(policy); return true;
	case RTPC_SUITE_AEAD_AES_256_GCM: srtp_crypto_policy_set_aes_gcm_256_16_auth(policy); return true;
	default: return false;
	}
}

CASE("the reference of these cases makes the bytes that libsrtp makes, for RTP and RTCP")
{
	unsigned compared = 0;

	srtp_init();
	for (unsigned suite = 1; suite < __RTPC_SUITE_MAX; suite++) {
		struct keys keys = test_keys(40, suite);
		struct packet ours = make_rtp((struct rtp){ .seq = 5 }), theirs = ours;
		srtp_policy_t policy = { .ssrc = { ssrc_any_outbound, 0 }, .key = keys.key };
		int length = theirs.length;
		struct srtp srtp;
		srtp_t session;

		if (!libsrtp_policy(suite, &policy.rtp) || !libsrtp_policy(suite, &policy.rtcp))
			continue;
		/* In RFC 6188 and RFC 4568 the tag of RTCP stays at 80 bits. */
		if (!suites[suite].aead)
			policy.rtcp.auth_tag_len = 10;
		EQUAL(srtp_create(&session, &policy), srtp_err_status_ok);
		srtp_start(&srtp, &keys);
		ours.length = seal_rtp(&srtp, ours.bytes, ours.length, 0);
		EQUAL(srtp_protect(session, theirs.bytes, &length), srtp_err_status_ok);
		theirs.length = length;
		compare(suites[suite].name, ours.bytes, ours.length, &theirs);
		ours = theirs = make_sr(SSRC, 1);
		length = theirs.length;
		ours.length = seal_rtcp(&srtp, ours.bytes, ours.length, 1);
		EQUAL(srtp_protect_rtcp(session, theirs.bytes, &length), srtp_err_status_ok);
		theirs.length = length;
		compare(suites[suite].name, ours.bytes, ours.length, &theirs);
		srtp_dealloc(session);
		compared++;
	}
	EQUAL(compared, 6);
}

static struct packet sealed(const struct srtp *srtp, struct rtp rtp, uint32_t roc)
{
	struct packet packet = make_rtp(rtp);

	packet.length = seal_rtp(srtp, packet.bytes, packet.length, roc);
	return packet;
}

static void send_sealed(const struct srtp *srtp, struct rtp rtp, uint32_t roc)
{
	struct packet packet = sealed(srtp, rtp, roc);

	send_packet(&packet);
}

/* A target that decrypts @in and encrypts @out (0: plain). */
static struct target *between(unsigned in, unsigned out, struct srtp *in_srtp, struct srtp *out_srtp)
{
	struct target *target = plain_target();

	if (in) {
		target->keys = test_keys(500 + in, in);
		srtp_start(in_srtp, &target->keys);
	}
	if (out) {
		target->outputs[0].keys = test_keys(600 + out, out);
		srtp_start(out_srtp, &target->outputs[0].keys);
	}
	return target;
}

CASE("RTP leaves as SRTP of every suite")
{
	static const uint8_t ext[] = { 0xbe, 0xde, 0, 1, 0x10, 0xaa, 0, 0 };

	for (unsigned suite = 1; suite < __RTPC_SUITE_MAX; suite++) {
		struct srtp out;

		install(between(0, suite, NULL, &out));
		printf("# %s\n", suites[suite].name);
		for (unsigned body = 1; body < 1300; body = body * 2 + 7) {
			struct rtp rtp = { .seq = 1 + body, .body = body, .ext = ext, .ext_length = body % 3 ? 0 : sizeof(ext) };
			struct packet wanted = sealed(&out, rtp, 0);

			send_rtp(rtp);
			arrives_as(&wanted);
		}
	}
}

CASE("SRTP of every suite leaves as RTP")
{
	for (unsigned suite = 1; suite < __RTPC_SUITE_MAX; suite++) {
		struct srtp in;

		install(between(suite, 0, &in, NULL));
		printf("# %s\n", suites[suite].name);
		for (unsigned body = 1; body < 1300; body = body * 2 + 7) {
			struct rtp rtp = { .seq = 1 + body, .body = body };
			struct packet wanted = make_rtp(rtp);

			send_sealed(&in, rtp, 0);
			arrives_as(&wanted);
		}
	}
}

CASE("SRTP of every suite leaves as SRTP of every suite")
{
	/* Sessions live on from one target to the next, and so must the sequence. */
	uint16_t seq = 0;

	for (unsigned from = 1; from < __RTPC_SUITE_MAX; from++)
		for (unsigned to = 1; to < __RTPC_SUITE_MAX; to++) {
			struct srtp in, out;
			struct packet wanted;

			install(between(from, to, &in, &out));
			send_sealed(&in, (struct rtp){ .seq = ++seq }, 0);
			wanted = sealed(&out, (struct rtp){ .seq = seq }, 0);
			arrives_as(&wanted);
		}
}

CASE("MKIs are taken off and put on")
{
	struct target *target = plain_target();
	struct packet wanted;
	struct srtp in, out;

	target->keys = test_keys(1, CM80);
	target->keys.mki_length = 1;
	target->keys.mki[0] = 7;
	target->outputs[0].keys = test_keys(2, RTPC_SUITE_AEAD_AES_128_GCM);
	target->outputs[0].keys.mki_length = 4;
	memcpy(target->outputs[0].keys.mki, "\1\2\3\4", 4);
	srtp_start(&in, &target->keys);
	srtp_start(&out, &target->outputs[0].keys);
	install(target);
	send_sealed(&in, (struct rtp){ .seq = 1 }, 0);
	wanted = sealed(&out, (struct rtp){ .seq = 1 }, 0);
	arrives_as(&wanted);
}

CASE("unencrypted and unauthenticated SRTP are as RFC 4568 says")
{
	static const uint32_t flags[] = { RTPC_CF_UNENCRYPTED_SRTP, RTPC_CF_UNAUTHENTICATED_SRTP, RTPC_CF_UNENCRYPTED_SRTP | RTPC_CF_UNENCRYPTED_SRTCP };

	for (unsigned i = 0; i < 3; i++) {
		struct target *target = plain_target();
		struct packet wanted;
		struct srtp out;

		target->outputs[0].keys = test_keys(70 + i, CM80);
		target->outputs[0].keys.flags = flags[i];
		srtp_start(&out, &target->outputs[0].keys);
		install(target);
		send_rtp((struct rtp){ .seq = 1 });
		wanted = sealed(&out, (struct rtp){ .seq = 1 }, 0);
		arrives_as(&wanted);
	}
}

CASE("a packet that is not authentic is dropped, counted and reported; the next good one passes")
{
	struct srtp in;
	struct target *target = between(CM80, 0, &in, NULL);
	struct packet packet = sealed(&in, (struct rtp){ .seq = 1 }, 0), good = packet, wanted = make_rtp((struct rtp){ .seq = 1 });

	install(target);
	packet.bytes[40] ^= 1;
	send_packet(&packet);
	nothing_arrives();
	nothing_goes_up();
	EQUAL(drops(RTPC_DROP_SRTP_AUTHENTICATION), 1);
	EQUAL(stats_of(target).errors, 1);
	event_comes(RTPC_EVENT_AUTH_FAILED);
	send_packet(&good);
	arrives_as(&wanted);
}

CASE("packets with an authentic tag of every suite are refused when any byte differs")
{
	for (unsigned suite = 1; suite < __RTPC_SUITE_MAX; suite++) {
		struct srtp in;
		struct target *target = between(suite, 0, &in, NULL);
		struct packet good = sealed(&in, (struct rtp){ .seq = 1, .body = 20 }, 0);
		uint64_t before;

		install(target);
		before = drops(RTPC_DROP_SRTP_AUTHENTICATION);
		/* from the SSRC on: before it, a change makes it another packet */
		for (size_t at = 8; at < good.length; at++) {
			struct packet bad = good;

			bad.bytes[at] ^= 0x10;
			send_packet(&bad);
		}
		EQUAL(drops(RTPC_DROP_SRTP_AUTHENTICATION) - before, good.length - 8);
		receive_drain();
	}
	nothing_arrives();
}

CASE("a replayed packet is dropped; late ones inside the window pass, older ones do not")
{
	struct srtp in;
	struct target *target = between(CM80, 0, &in, NULL);
	struct packet wanted;

	install(target);
	send_sealed(&in, (struct rtp){ .seq = 1000 }, 0);
	arrives();
	send_sealed(&in, (struct rtp){ .seq = 1000 }, 0);
	nothing_arrives();
	EQUAL(drops(RTPC_DROP_SRTP_REPLAY), 1);
	send_sealed(&in, (struct rtp){ .seq = 940 }, 0);
	wanted = make_rtp((struct rtp){ .seq = 940 });
	arrives_as(&wanted);
	send_sealed(&in, (struct rtp){ .seq = 940 }, 0);
	nothing_arrives();
	send_sealed(&in, (struct rtp){ .seq = 1 }, 0);
	nothing_arrives();
	EQUAL(drops(RTPC_DROP_SRTP_REPLAY), 3);
}

CASE("the rollover counter goes on in both directions, and late packets from before it are still read")
{
	struct srtp in, out;
	static const struct { uint16_t seq; uint32_t roc; } steps[] = { { 65534, 0 }, { 65535, 0 }, { 0, 1 }, { 65533, 0 }, { 1, 1 }, { 30000, 1 }, { 60000, 1 }, { 3, 2 } };

	install(between(CM80, RTPC_SUITE_AEAD_AES_128_GCM, &in, &out));
	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct packet wanted = sealed(&out, (struct rtp){ .seq = steps[i].seq }, steps[i].roc);

		send_sealed(&in, (struct rtp){ .seq = steps[i].seq }, steps[i].roc);
		printf("# %u/%u\n", steps[i].seq, steps[i].roc);
		arrives_as(&wanted);
	}
}

CASE("indices live on when a target is replaced; other keys begin a new session")
{
	struct srtp in;
	struct target *target = between(CM80, 0, &in, NULL);

	install(target);
	send_sealed(&in, (struct rtp){ .seq = 65535 }, 0);
	arrives();
	send_sealed(&in, (struct rtp){ .seq = 0 }, 1);
	arrives();
	install(target);
	send_sealed(&in, (struct rtp){ .seq = 0 }, 1);
	nothing_arrives();
	send_sealed(&in, (struct rtp){ .seq = 1 }, 1);
	arrives();
	target->keys = test_keys(501 + CM80, CM80);
	srtp_start(&in, &target->keys);
	install(target);
	send_sealed(&in, (struct rtp){ .seq = 1 }, 0);
	arrives();
}

CASE("a target begins where the given state says, and never goes back")
{
	struct srtp in, out;
	struct target *target = between(CM80, CM80, &in, &out);
	struct packet wanted;

	target->keys.states[0] = (struct rtpc_srtp_state){ .ssrc = SSRC, .rtp_index = 5ull << 16 | 100 };
	target->keys.states_count = 1;
	target->outputs[0].keys.states[0] = (struct rtpc_srtp_state){ .ssrc = SSRC, .rtp_index = 9ull << 16 | 100 };
	target->outputs[0].keys.states_count = 1;
	install(target);
	send_sealed(&in, (struct rtp){ .seq = 101 }, 5);
	wanted = sealed(&out, (struct rtp){ .seq = 101 }, 9);
	arrives_as(&wanted);
	target->keys.states[0].rtp_index = 1;
	install(target);
	send_sealed(&in, (struct rtp){ .seq = 102 }, 5);
	wanted = sealed(&out, (struct rtp){ .seq = 102 }, 9);
	arrives_as(&wanted);
}

CASE("the state can be read, and seeded forward while packets flow")
{
	static struct message message;
	struct srtp in;
	struct target *target = between(CM80, 0, &in, NULL);
	struct rtpc_srtp_state state;

	install(target);
	send_sealed(&in, (struct rtp){ .seq = 7 }, 0);
	arrives();
	CHECK(!stats_get(&control, target, RTPC_DETAIL_SRTP, &reply), "%s", reply.text);
	CHECK(reply_copy(&reply, RTPC_A_SRTP_STATE, &state, sizeof(state)), "no state");
	EQUAL(state.crypto_id, target->keys.id);
	EQUAL(state.rtp_index, 7);
	EQUAL(state.ssrc, SSRC);
	message_start(&message, RTPC_CMD_SRTP_SEED);
	message_u32(&message, RTPC_A_TABLE, 0);
	message_u64(&message, RTPC_A_CRYPTO_ID, target->keys.id);
	message_u8(&message, RTPC_A_DIRECTION, RTPC_DIRECTION_IN);
	state = (struct rtpc_srtp_state){ .ssrc = SSRC, .rtp_index = 3ull << 16 | 7 };
	message_put(&message, RTPC_A_SRTP_STATE, &state, sizeof(state));
	CHECK(!netlink_request(&control, &message, 0, &reply), "%s", reply.text);
	send_sealed(&in, (struct rtp){ .seq = 8 }, 0);
	nothing_arrives();
	send_sealed(&in, (struct rtp){ .seq = 8 }, 3);
	arrives();
}

CASE("SRTP with equal keys on both sides can pass as it came")
{
	struct target *target = plain_target();
	struct packet packet;
	struct srtp in;

	target->keys = test_keys(9, CM80);
	target->outputs[0].keys = target->keys;
	target->outputs[0].flags = RTPC_OF_PASSTHROUGH;
	srtp_start(&in, &target->keys);
	install(target);
	packet = sealed(&in, (struct rtp){ .seq = 1 }, 0);
	send_packet(&packet);
	arrives_as(&packet);
}

CASE("SSRCs of one session have indices of their own")
{
	struct srtp in, out;
	struct packet wanted;

	install(between(CM80, CM80, &in, &out));
	send_sealed(&in, (struct rtp){ .seq = 65535, .ssrc = 1 }, 0);
	arrives();
	send_sealed(&in, (struct rtp){ .seq = 0, .ssrc = 1 }, 1);
	arrives();
	send_sealed(&in, (struct rtp){ .seq = 500, .ssrc = 2 }, 0);
	wanted = sealed(&out, (struct rtp){ .seq = 500, .ssrc = 2 }, 0);
	arrives_as(&wanted);
}
