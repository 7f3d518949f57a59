// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "wire.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab.h"

#ifndef SO_RCVMARK
#define SO_RCVMARK 75
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

static const unsigned char sender_mac[6] = { 2, 0, 0, 0, 1, 1 }, media_mac[6] = { 2, 0, 0, 0, 1, 0xfe };

static int tap = -1, injector = -1;	/* packet sockets on r0 and s0 */
static struct sender { char host[48]; uint16_t port; int socket; } senders[128];
static unsigned senders_count;

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static int packet_socket(const char *namespace, const char *device, int protocol)
{
	struct sockaddr_ll place = { .sll_family = AF_PACKET, .sll_protocol = htons(protocol) };
	int made, size = 8 << 20, yes = 1;

	lab_enter(namespace);
	place.sll_ifindex = if_nametoindex(device);
	made = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	setsockopt(made, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(made, SOL_PACKET, PACKET_AUXDATA, &yes, sizeof(yes));
	if (made < 0 || bind(made, (void *)&place, sizeof(place)))
		fail(device);
	lab_enter("media");
	return made;
}

void wire_open(void)
{
	tap = packet_socket("receiver", "r0", ETH_P_ALL);
	injector = packet_socket("sender", "s0", 0);
}

void wire_close(void)
{
	while (senders_count)
		close(senders[--senders_count].socket);
	close(tap);
	close(injector);
}

static socklen_t to_socket_address(const struct rtpc_addr *from, struct sockaddr_storage *to)
{
	struct sockaddr_in *four = (void *)to;
	struct sockaddr_in6 *six = (void *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = from->family;
	if (from->family == AF_INET) {
		four->sin_port = from->port;
		memcpy(&four->sin_addr, from->addr, 4);
		return sizeof(*four);
	}
	six->sin6_port = from->port;
	memcpy(&six->sin6_addr, from->addr, 16);
	return sizeof(*six);
}

int socket_in(const char *namespace, const struct rtpc_addr *local)
{
	struct sockaddr_storage place;
	socklen_t length = to_socket_address(local, &place);
	int made, yes = 1, size = 4 << 20;

	lab_enter(namespace);
	made = socket(local->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(made, SOL_SOCKET, SO_RCVMARK, &yes, sizeof(yes));
	setsockopt(made, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(made, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	if (made < 0 || bind(made, (void *)&place, length))
		fail("bind");
	lab_enter("media");
	return made;
}

static struct rtpc_addr parsed(const char *host, uint16_t port)
{
	struct rtpc_addr result = { .family = strchr(host, ':') ? AF_INET6 : AF_INET, .port = htons(port) };

	inet_pton(result.family, host, result.addr);
	return result;
}

static int sender(const char *host, uint16_t port)
{
	struct rtpc_addr local = parsed(host, port);
	struct sender *made;

	for (unsigned i = 0; i < senders_count; i++)
		if (senders[i].port == port && !strcmp(senders[i].host, host))
			return senders[i].socket;
	if (senders_count == sizeof(senders) / sizeof(senders[0])) {
		fprintf(stderr, "too many senders\n");
		exit(2);
	}
	made = &senders[senders_count++];
	snprintf(made->host, sizeof(made->host), "%s", host);
	made->port = port;
	made->socket = socket_in("sender", &local);
	return made->socket;
}

void send_from_host(const char *host, uint16_t port, const struct rtpc_addr *to, const void *bytes, size_t length)
{
	struct sockaddr_storage place;
	socklen_t place_length = to_socket_address(to, &place);

	if (sendto(sender(host, port), bytes, length, 0, (void *)&place, place_length) < 0)
		perror("send");
}

static const char *own_host(const struct rtpc_addr *to) { return to->family == AF_INET ? SENDER4 : SENDER6; }

void send_from(uint16_t port, const struct rtpc_addr *to, const void *bytes, size_t length)
{
	send_from_host(own_host(to), port, to, bytes, length);
}

void send_segments(uint16_t port, const struct rtpc_addr *to, const void *bytes, size_t length, uint16_t segment)
{
	int through = sender(own_host(to), port), size = segment, none = 0;

	if (setsockopt(through, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)))
		fail("UDP_SEGMENT");
	send_from(port, to, bytes, length);
	setsockopt(through, IPPROTO_UDP, UDP_SEGMENT, &none, sizeof(none));
}

static uint32_t sum(const void *bytes, size_t length, uint32_t total)
{
	const uint8_t *at = bytes;

	for (; length > 1; at += 2, length -= 2)
		total += at[0] << 8 | at[1];
	return length ? total + (at[0] << 8) : total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* Sum over pseudo header and UDP: 0xffff when the checksum in it is right. */
static uint16_t udp_sum(const void *addresses, size_t addresses_length, const struct udphdr *udp)
{
	uint16_t length = ntohs(udp->len);

	return fold(sum(udp, length, sum(addresses, addresses_length, length + IPPROTO_UDP)));
}

void fix_ipv4(uint8_t *packet)
{
	struct iphdr *ip = (void *)packet;

	ip->check = 0;
	ip->check = htons(~fold(sum(ip, ip->ihl * 4, 0)));
}

size_t make_ipv4(uint8_t *packet, const char *from, uint16_t sport, const struct rtpc_addr *to, const void *payload, size_t length, bool checksum)
{
	struct iphdr *ip = (void *)packet;
	struct udphdr *udp = (void *)(packet + sizeof(*ip));

	memset(packet, 0, sizeof(*ip) + sizeof(*udp));
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(sizeof(*ip) + sizeof(*udp) + length);
	inet_pton(AF_INET, from, &ip->saddr);
	memcpy(&ip->daddr, to->addr, 4);
	fix_ipv4(packet);
	udp->source = htons(sport);
	udp->dest = to->port;
	udp->len = htons(sizeof(*udp) + length);
	memcpy(udp + 1, payload, length);
	if (checksum)
		udp->check = htons(~udp_sum(&ip->saddr, 8, udp));
	return ntohs(ip->tot_len);
}

void send_raw(const void *packet, size_t length, uint16_t vlan)
{
	uint8_t frame[MOST_BYTES + 18];
	size_t at = 12;

	memcpy(frame, media_mac, 6);
	memcpy(frame + 6, sender_mac, 6);
	if (vlan) {
		memcpy(frame + at, (uint8_t[]){ 0x81, 0, vlan >> 8, vlan }, 4);
		at += 4;
	}
	memcpy(frame + at, (uint8_t[]){ 8, 0 }, 2);
	memcpy(frame + at + 2, packet, length);
	if (send(injector, frame, at + 2 + length, 0) < 0)
		perror("send frame");
}

static bool parse_udp(const uint8_t *at, size_t length, const void *addresses, size_t addresses_length, struct datagram *datagram)
{
	const struct udphdr *udp = (const void *)at;

	if (length < sizeof(*udp) || ntohs(udp->len) < sizeof(*udp) || ntohs(udp->len) > length)
		return false;
	datagram->from.port = udp->source;
	datagram->to.port = udp->dest;
	datagram->length = ntohs(udp->len) - sizeof(*udp);
	if (datagram->length > sizeof(datagram->bytes))
		return false;
	memcpy(datagram->bytes, udp + 1, datagram->length);
	datagram->udp_checksum_present = udp->check != 0;
	datagram->udp_checksum_good = udp->check ? udp_sum(addresses, addresses_length, udp) == 0xffff : addresses_length == 8;
	return true;
}

static bool parse_ipv4(const uint8_t *at, size_t length, struct datagram *datagram)
{
	const struct iphdr *ip = (const void *)at;

	if (length < sizeof(*ip) || ip->protocol != IPPROTO_UDP || ntohs(ip->tot_len) > length || ip->frag_off & htons(0x3fff))
		return false;
	datagram->from.family = datagram->to.family = AF_INET;
	memcpy(datagram->from.addr, &ip->saddr, 4);
	memcpy(datagram->to.addr, &ip->daddr, 4);
	datagram->tos = ip->tos;
	datagram->ttl = ip->ttl;
	datagram->ip_checksum_good = fold(sum(ip, ip->ihl * 4, 0)) == 0xffff;
	return parse_udp(at + ip->ihl * 4, ntohs(ip->tot_len) - ip->ihl * 4, &ip->saddr, 8, datagram);
}

static bool parse_ipv6(const uint8_t *at, size_t length, struct datagram *datagram)
{
	const struct ip6_hdr *ip = (const void *)at;

	if (length < sizeof(*ip) || ip->ip6_nxt != IPPROTO_UDP || ntohs(ip->ip6_plen) + sizeof(*ip) > length)
		return false;
	datagram->from.family = datagram->to.family = AF_INET6;
	memcpy(datagram->from.addr, &ip->ip6_src, 16);
	memcpy(datagram->to.addr, &ip->ip6_dst, 16);
	datagram->tos = ntohl(ip->ip6_flow) >> 20;
	datagram->ttl = ip->ip6_hlim;
	datagram->ip_checksum_good = true;
	return parse_udp(at + sizeof(*ip), ntohs(ip->ip6_plen), &ip->ip6_src, 32, datagram);
}

/* The VLAN tag, which the kernel takes out of the frame and puts beside it. */
static uint16_t vlan_of(struct msghdr *header)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
		struct tpacket_auxdata auxiliary;

		if (part->cmsg_level != SOL_PACKET || part->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&auxiliary, CMSG_DATA(part), sizeof(auxiliary));
		return auxiliary.tp_status & TP_STATUS_VLAN_VALID ? auxiliary.tp_vlan_tci & 0xfff : 0;
	}
	return 0;
}

bool receive(struct datagram *datagram, int milliseconds)
{
	static uint8_t frame[70000];
	uint8_t control[256];
	struct pollfd poll_tap = { .fd = tap, .events = POLLIN };

	while (poll(&poll_tap, 1, milliseconds) == 1) {
		struct sockaddr_ll from;
		struct iovec part = { frame, sizeof(frame) };
		struct msghdr header = { &from, sizeof(from), &part, 1, control, sizeof(control), 0 };
		ssize_t length = recvmsg(tap, &header, 0);
		uint16_t type;

		if (length < 14 || from.sll_pkttype == PACKET_OUTGOING)
			continue;
		memset(datagram, 0, offsetof(struct datagram, bytes));
		datagram->vlan = vlan_of(&header);
		type = frame[12] << 8 | frame[13];
		if ((type == ETH_P_IP && parse_ipv4(frame + 14, length - 14, datagram)) ||
		    (type == ETH_P_IPV6 && parse_ipv6(frame + 14, length - 14, datagram)))
			return true;
	}
	return false;
}

void receive_drain(void)
{
	static struct datagram ignored;

	while (receive(&ignored, 0))
		;
}

int media_socket(const struct rtpc_addr *local) { return socket_in("media", local); }

int media_receive(int socket, void *bytes, size_t length, uint32_t *mark, int milliseconds)
{
	struct pollfd poll_socket = { .fd = socket, .events = POLLIN };
	uint8_t control[256];
	struct iovec part = { bytes, length };
	struct msghdr header = { NULL, 0, &part, 1, control, sizeof(control), 0 };
	ssize_t received;

	if (mark)
		*mark = 0;
	if (poll(&poll_socket, 1, milliseconds) != 1)
		return -1;
	received = recvmsg(socket, &header, 0);
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at && mark; at = CMSG_NXTHDR(&header, at))
		if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SO_MARK)
			memcpy(mark, CMSG_DATA(at), sizeof(*mark));
	return received;
}
