// SPDX-License-Identifier: GPL-2.0
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "proc.h"

#define RC_PROC_NAME	"rtpcluster"
#define RC_PROC_MODE	0440
#define RC_PROC_STATES	4 /* indices shown per session */

static struct proc_dir_entry *rc_proc_link;

static void rc_proc_addr(struct seq_file *m, const char *label, const struct rc_addr *addr)
{
	if (addr->family == AF_INET)
		seq_printf(m, "%sinet4 %pI4:%u\n", label, &addr->v4, ntohs(addr->port));
	else if (addr->family == AF_INET6)
		seq_printf(m, "%sinet6 [%pI6c]:%u\n", label, &addr->v6, ntohs(addr->port));
}

static void rc_proc_hex(struct seq_file *m, const char *label, const u8 *bytes, unsigned int length)
{
	if (length)
		seq_printf(m, "%s%*phN\n", label, length, bytes);
}

static void rc_proc_session_keys(struct seq_file *m, const char *pad, const char *kind, const struct rc_srtp_session_keys *keys,
				 const struct rc_srtp_suite_info *suite)
{
	seq_printf(m, "%s%ssession key: %*phN\n", pad, kind, suite->key_length, keys->key);
	seq_printf(m, "%s%ssession salt: %*phN\n", pad, kind, suite->salt_length, keys->salt);
	if (suite->auth_length)
		seq_printf(m, "%s%ssession auth: %*phN\n", pad, kind, suite->auth_length, keys->auth);
}

static void rc_proc_crypto(struct seq_file *m, const char *pad, struct rc_session *session)
{
	const struct rc_srtp_suite_info *suite = rc_srtp_key_suite(&session->key);
	const struct rc_srtp_params *params = &session->key.params;
	struct rtpc_srtp_state states[RC_PROC_STATES];
	unsigned int i, n = rc_session_export(session, states, RC_PROC_STATES);

	seq_printf(m, "%scipher: %s\n", pad, suite->cipher_name);
	if (!(params->flags & RC_SRTP_SESSION_KEYS)) {
		seq_printf(m, "%smaster key: %*phN\n", pad, suite->key_length, params->master_key);
		seq_printf(m, "%smaster salt: %*phN\n", pad, suite->salt_length, params->master_salt);
	}
	rc_proc_session_keys(m, pad, "", rc_srtp_key_session(&session->key), suite);
	rc_proc_session_keys(m, pad, "RTCP ", rc_srtcp_key_session(&session->key), suite);
	if (params->mki_length)
		seq_printf(m, "%sMKI: length %u, %*phN\n", pad, params->mki_length, min_t(int, params->mki_length, 64), params->mki);
	for (i = 0; i < n; i++)
		seq_printf(m, "%s  ROC: %llu (%llu), SRTCP index %u, SSRC %08x\n", pad, states[i].rtp_index >> 16,
			   states[i].rtp_index & 0xffff, states[i].rtcp_index, states[i].ssrc);
	seq_printf(m, "%s  HMAC: %s\n", pad, suite->hmac_name);
	seq_printf(m, "%s  auth tag length: %u, RTCP %u\n", pad, session->key.rtp.tag, session->key.rtcp.tag);
	if (params->flags & RTPC_CF_ALL)
		seq_printf(m, "%s  session parameters:%s%s%s\n", pad,
			   params->flags & RTPC_CF_UNENCRYPTED_SRTP ? " UNENCRYPTED_SRTP" : "",
			   params->flags & RTPC_CF_UNENCRYPTED_SRTCP ? " UNENCRYPTED_SRTCP" : "",
			   params->flags & RTPC_CF_UNAUTHENTICATED_SRTP ? " UNAUTHENTICATED_SRTP" : "");
}

static void rc_proc_counters(struct seq_file *m, const char *label, u64 bytes, u64 packets, u64 errors)
{
	seq_printf(m, "%s%20llu bytes, %18llu packets, %18llu errors\n", label, bytes, packets, errors);
}

static const char *rc_proc_action(u8 action)
{
	static const char *const names[] = { "forward", "userspace", "drop" };

	return names[action];
}

/* The flow's part. Takes its lock; seq_printf() does not sleep. */
static void rc_proc_flow(struct seq_file *m, const struct rc_target *target)
{
	struct rc_flow *flow = target->flow;
	const struct rc_ssrc *ssrc;
	const struct rtpc_pt *pt;
	struct rtpc_stats stats;
	unsigned int i;

	spin_lock_bh(&flow->lock);
	rc_flow_export(flow, &stats);
	rc_proc_counters(m, "  stats: ", stats.bytes, stats.packets, stats.errors);
	seq_printf(m, "    RTCP: %llu packets, left to userspace: %llu packets\n", stats.rtcp_packets, stats.userspace);
	for (i = 0; i < flow->pts_n; i++)
		seq_printf(m, "    RTP payload type %3u: %20llu bytes, %18llu packets\n", flow->pts[i].pt, flow->pts[i].bytes,
			   flow->pts[i].packets);
	seq_printf(m, "  last packet: %llu\n", stats.last_packet);
	for (ssrc = flow->ssrcs; ssrc; ssrc = ssrc->next)
		seq_printf(m, "  SSRC in: %08x [seq %llu, %llu packets, %lld lost, %u duplicates, %u reordered, jitter %u us]\n", ssrc->ssrc,
			   ssrc->highest, ssrc->packets, rc_track_lost(ssrc), ssrc->duplicates, ssrc->reordered,
			   rc_track_jitter_us(ssrc));
	spin_unlock_bh(&flow->lock);
	for (i = 0; i < target->pts_n; i++) {
		pt = &target->pts[i];
		seq_printf(m, "  payload type %u: %s, clock %u%s", pt->pt, rc_proc_action(pt->action), pt->clock_rate,
			   pt->flags & RTPC_PT_DTMF ? ", DTMF" : "");
		if (pt->silence_len)
			seq_printf(m, ", silence %*phN", pt->silence_len, pt->silence);
		seq_putc(m, '\n');
	}
}

static void rc_proc_options(struct seq_file *m, const struct rc_target *target)
{
	static const char *const kinds[] = { "RTP", "RTCP", "RTP RTCP-mux", "raw" };
	u32 flags = READ_ONCE(target->flags);

	seq_printf(m, "  options: %s%s%s%s%s%s%s\n", kinds[target->kind], flags & RTPC_TF_DROP_ALL ? " drop-all" : "",
		   flags & RTPC_TF_MAY_NOT_SEND ? " may-not-send" : "", flags & RTPC_TF_BLOCK_SHORT ? " block-short" : "",
		   flags & RTPC_TF_RTCP_UP ? " RTCP-copied-up" : "", flags & RTPC_TF_RTCP_LOCAL ? " RTCP-userspace" : "",
		   target->passes ? " SRTP-passthrough" : "");
	seq_printf(m, "  unknown SSRC: %s, unknown payload type: %s\n", rc_proc_action(target->ssrc_unknown),
		   rc_proc_action(target->pt_unknown));
	seq_printf(m, "  epoch: %llu, idle after: %u s\n", target->epoch, target->idle);
}

static void rc_proc_rules(struct seq_file *m, const struct rc_rules *rules)
{
	static const char *const modes[] = { "", "stripped", "allowed", "all stripped" };
	unsigned int i;

	for (i = 0; i < rules->ssrcs; i++)
		seq_printf(m, "    SSRC out: %08x instead of %08x%s [seq +%u, timestamp +%u]\n", rules->ssrc[i].to, rules->ssrc[i].from,
			   rules->ssrc[i].flags & RTPC_SSRC_ANY ? " (any)" : "", rules->ssrc[i].sequence_offset,
			   rules->ssrc[i].timestamp_offset);
	for (i = 0; rules->has_pts && i < 128; i++)
		if (rules->pt[i] != i)
			seq_printf(m, "    RTP payload type %u: sent as %u\n", i, rules->pt[i]);
	if (rules->ext_mode) {
		seq_printf(m, "    RTP extensions %s:", modes[rules->ext_mode]);
		for (i = 0; i < 256; i++)
			if (rules->ext_ids[i / 64] >> (i % 64) & 1)
				seq_printf(m, " %u", i);
		seq_putc(m, '\n');
	}
	if (rules->mid_id)
		seq_printf(m, "    MID: extension %u, \"%*pE\"\n", rules->mid_id, rules->mid_length, rules->mid);
}

static void rc_proc_output(struct seq_file *m, const struct rc_target *target, unsigned int i)
{
	const struct rc_output *output = &target->output[i];
	const struct rtpc_output_stats *stats = &output->count->stats;
	u32 flags = READ_ONCE(output->flags);
	u8 hold = READ_ONCE(output->hold);

	seq_printf(m, "  %soutput #%u (id %u)\n", output->rtcp ? "RTCP " : "", i, output->id);
	rc_proc_addr(m, "    src ", &output->src);
	rc_proc_addr(m, "    dst ", &output->dst);
	rc_proc_counters(m, "    stats: ", READ_ONCE(stats->bytes), READ_ONCE(stats->packets),
			 READ_ONCE(stats->errors) + READ_ONCE(output->count->send_errors));
	if (READ_ONCE(stats->packets) && !output->rtcp)
		seq_printf(m, "    last SSRC out: %08x\n", READ_ONCE(stats->ssrc));
	seq_printf(m, "    held: %llu, TOS %u, TTL %u%s\n", READ_ONCE(stats->held), output->tos, output->ttl, output->ttl ? "" : " (default)");
	if (hold)
		seq_printf(m, "    held back, reason %u\n", hold);
	if (flags)
		seq_printf(m, "    options:%s%s%s%s%s%s\n", flags & RTPC_OF_SILENCED ? " silenced" : "",
			   flags & RTPC_OF_BLOCK_DTMF ? " block-DTMF" : "", flags & RTPC_OF_STRIP_FEEDBACK ? " strip-feedback" : "",
			   flags & RTPC_OF_STRIP_EXT ? " strip-extensions" : "", flags & RTPC_OF_PASSTHROUGH ? " SRTP-passthrough" : "",
			   flags & RTPC_OF_FIREWALL ? " firewall" : "");
	if (output->rules)
		rc_proc_rules(m, output->rules);
	if (output->session) {
		seq_puts(m, "    SRTP encryption parameters:\n");
		rc_proc_crypto(m, "      ", output->session);
	}
}

static int rc_proc_list_show(struct seq_file *m, void *v)
{
	static const char *const mismatches[] = { "ignore", "drop", "propagate" };
	const struct rc_target *target = v;
	unsigned int i;

	rc_proc_addr(m, "local ", &target->local);
	rc_proc_addr(m, "  expect ", &target->expect);
	seq_printf(m, "  src mismatch action: %s\n", mismatches[target->mismatch]);
	rc_proc_flow(m, target);
	if (target->session) {
		seq_puts(m, "  SRTP decryption parameters:\n");
		rc_proc_crypto(m, "    ", target->session);
	}
	rc_proc_hex(m, "  cookie: ", target->cookie, min_t(unsigned int, target->cookie_length, 64));
	rc_proc_options(m, target);
	for (i = 0; i < rc_target_outputs(target); i++)
		rc_proc_output(m, target, i);
	return 0;
}

/* Positions are flow indices. */
static void *rc_proc_list_start(struct seq_file *m, loff_t *pos)
{
	struct rc_table *table = pde_data(file_inode(m->file));
	unsigned long index = *pos;
	void *target;

	mutex_lock(&table->rcn->mutex);
	target = xa_find(&table->targets, &index, ULONG_MAX, XA_PRESENT);
	*pos = index;
	return target;
}

static void *rc_proc_list_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct rc_table *table = pde_data(file_inode(m->file));
	unsigned long index = *pos;
	void *target = xa_find_after(&table->targets, &index, ULONG_MAX, XA_PRESENT);

	*pos = target ? index : *pos + 1;
	return target;
}

static void rc_proc_list_stop(struct seq_file *m, void *v)
{
	struct rc_table *table = pde_data(file_inode(m->file));

	mutex_unlock(&table->rcn->mutex);
}

static const struct seq_operations rc_proc_list_ops = {
	.start = rc_proc_list_start,
	.next = rc_proc_list_next,
	.stop = rc_proc_list_stop,
	.show = rc_proc_list_show,
};

static int rc_proc_status_show(struct seq_file *m, void *v)
{
	struct rc_table *table = pde_data(file_inode(m->file));
	struct rtpc_table_stats stats;
	unsigned int i;

	mutex_lock(&table->rcn->mutex);
	rc_table_sum(table, &stats);
	seq_printf(m, "Table: %u\n", table->id);
	seq_printf(m, "Refcount: %u\n", kref_read(&table->refs));
	seq_printf(m, "Targets: %u\n", table->targets_n);
	seq_printf(m, "Owner: %016llx\n", table->owner);
	if (table->lease)
		seq_printf(m, "Lease: %u s, %u s left\n", table->lease, rc_table_lease_left(table));
	else
		seq_puts(m, "Lease: none\n");
	mutex_unlock(&table->rcn->mutex);
	rc_proc_counters(m, "Received: ", stats.bytes, stats.packets, stats.errors);
	seq_printf(m, "Sent:     %20llu bytes, %18llu packets\n", stats.sent_bytes, stats.sent_packets);
	for (i = 0; i <= RTPC_DROP_MAX; i++)
		if (stats.drops[i])
			seq_printf(m, "Dropped, reason %u: %llu\n", i, stats.drops[i]);
	return 0;
}

int rc_proc_add_table(struct rc_net *rcn, struct rc_table *table)
{
	char name[4];

	snprintf(name, sizeof(name), "%u", table->id);
	table->proc = proc_net_mkdir(rcn->net, name, rcn->proc);
	if (!table->proc)
		return -ENOMEM;
	if (proc_create_seq_data("list", RC_PROC_MODE, table->proc, &rc_proc_list_ops, table) &&
	    proc_create_single_data("status", RC_PROC_MODE, table->proc, rc_proc_status_show, table))
		return 0;
	rc_proc_remove_table(table);
	return -ENOMEM;
}

void rc_proc_remove_table(struct rc_table *table)
{
	proc_remove(table->proc);
}

int rc_proc_add_net(struct rc_net *rcn)
{
	rcn->proc = proc_net_mkdir(rcn->net, RC_PROC_NAME, rcn->net->proc_net);
	return rcn->proc ? 0 : -ENOMEM;
}

void rc_proc_remove_net(struct rc_net *rcn)
{
	proc_remove(rcn->proc);
}

int rc_proc_init(void)
{
	rc_proc_link = proc_symlink(RC_PROC_NAME, NULL, "self/net/" RC_PROC_NAME);
	return rc_proc_link ? 0 : -ENOMEM;
}

void rc_proc_exit(void)
{
	proc_remove(rc_proc_link);
}
