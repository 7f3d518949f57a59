/* SPDX-License-Identifier: GPL-2.0 */
/* Stages Rewrite, Protect and Transmit: from a plain packet to what an output sends. */
#ifndef RC_OUTPUT_H
#define RC_OUTPUT_H

#include <linux/skbuff.h>
#include <net/neighbour.h>
#include "packet.h"

/**
 * struct rc_letter - a copy that is ready to go
 * @skb: with its headers
 * @count: counters of its output
 * @neighbour: whom it goes to; NULL: the route says
 * @direct: straight to the neighbour
 */
struct rc_letter {
	struct sk_buff *skb;
	struct rc_output_count *count;
	struct neighbour *neighbour;
	bool direct;
};

/* Bytes that the payload may grow by: header extension, tag, MKI, SRTCP index. */
static inline unsigned int rc_output_tail(const struct rc_packet *packet, const struct rc_output *output)
{
	unsigned int tail = output->rules && output->rules->mid_id ? RC_RTP_GROWTH : 0;

	if (!output->session)
		return tail;
	return tail + (packet->class == RC_CLASS_RTCP ? rc_srtcp_overhead(&output->session->key) : rc_srtp_overhead(&output->session->key));
}

/* Copies the payload of a packet into a fresh skb with room in front and behind. NULL: no memory. */
struct sk_buff *rc_output_copy(const struct rc_packet *packet, const struct rc_output *output);

/*
 * Rewrites and protects the payload of @length bytes for an output, in place; it may grow to @room. Returns the new length, or minus
 * &enum rtpc_drop: why not. Under the flow's lock, within @cpu.
 */
int rc_output_make(rc_cpu_t cpu, const struct rc_packet *packet, const struct rc_output *output, u8 *data, unsigned int length,
		   unsigned int room);

/*
 * What is to be seen to when a packet is long or its route is not plain: the stack cuts what is longer than the route's MTU, and two targets
 * that send to each other must not do so for ever. @ttl: it came with. False: it has been round often enough.
 */
bool rc_output_special(struct rc_letter *letter, struct net *net, const struct rc_hop *hop, u8 ttl);

/* As rc_output_send(), where there is more to find out. */
int rc_output_slow(struct net *net, const struct rc_letter *letter);

/* Sends and consumes the skb. No lock held, under rcu_read_lock() since the route was ready. */
static __always_inline void rc_output_send(struct net *net, const struct rc_letter *letter)
{
	struct neighbour *neighbour = letter->neighbour;
	int err;

	if (likely(letter->direct && neighbour && !READ_ONCE(neighbour->dead)))
		err = neigh_output(neighbour, letter->skb, false);
	else
		err = rc_output_slow(net, letter);
	if (unlikely(err < 0))
		letter->count->send_errors++;
}

#endif
