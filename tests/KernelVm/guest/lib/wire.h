/* SPDX-License-Identifier: GPL-2.0 */
/* Packets in at the sender's side, packets out at the receiver's side, and what reaches the sockets in the middle. */
#ifndef KERNELVM_WIRE_H
#define KERNELVM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rtpcluster.h"

enum { MOST_BYTES = 4096, SHORTLY = 50, SOON = 1000 };

/* A UDP datagram as it was on the wire at the receiver. */
struct datagram {
	struct rtpc_addr from, to;
	uint8_t tos, ttl;
	bool ip_checksum_good, udp_checksum_good;	/* a UDP checksum of 0 is good in IPv4 */
	bool udp_checksum_present;
	uint16_t vlan;			/* 0: none */
	size_t length;			/* of the payload */
	uint8_t bytes[MOST_BYTES];
};

void wire_open(void);
void wire_close(void);

/* Sends through a socket of the sender's namespace, from @port of the address of @to's family. */
void send_from(uint16_t port, const struct rtpc_addr *to, const void *bytes, size_t length);
/* Same from another of the sender's addresses. */
void send_from_host(const char *host, uint16_t port, const struct rtpc_addr *to, const void *bytes, size_t length);
/* As one super-packet, which is cut into pieces of @segment bytes only where a device needs it. */
void send_segments(uint16_t port, const struct rtpc_addr *to, const void *bytes, size_t length, uint16_t segment);
/* An IPv4 packet made by the caller, behind an Ethernet header (with VLAN tag @vlan if it is not 0). */
void send_raw(const void *packet, size_t length, uint16_t vlan);
/* Builds IPv4 + UDP around a payload for send_raw(). Returns the length. */
size_t make_ipv4(uint8_t *packet, const char *from, uint16_t sport, const struct rtpc_addr *to, const void *payload, size_t length, bool checksum);
/* Fills in the checksum of the IPv4 header after a change. */
void fix_ipv4(uint8_t *packet);

/* Next UDP datagram at the receiver; false when none comes within @milliseconds. */
bool receive(struct datagram *datagram, int milliseconds);
/* Throws away what has arrived. */
void receive_drain(void);

/* A socket of the media namespace, as the media process has it: where packets go that the module leaves alone. */
int media_socket(const struct rtpc_addr *local);
/* Same in another namespace. */
int socket_in(const char *namespace, const struct rtpc_addr *local);
/* Length of the next packet at such a socket, or -1. @mark: the packet's mark, when not NULL. */
int media_receive(int socket, void *bytes, size_t length, uint32_t *mark, int milliseconds);

#endif
