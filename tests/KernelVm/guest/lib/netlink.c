// SPDX-License-Identifier: GPL-2.0
#include "netlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define HEADER (NLMSG_HDRLEN + GENL_HDRLEN)

void message_start(struct message *message, uint8_t command)
{
	struct genlmsghdr *generic = (void *)(message->bytes + NLMSG_HDRLEN);

	memset(message->bytes, 0, HEADER);
	generic->cmd = command;
	generic->version = RTPC_GENL_VERSION;
	message->length = HEADER;
}

void message_put(struct message *message, uint16_t type, const void *data, size_t length)
{
	struct nlattr attribute = { .nla_len = NLA_HDRLEN + length, .nla_type = type };

	memcpy(message->bytes + message->length, &attribute, sizeof(attribute));
	memset(message->bytes + message->length + NLA_HDRLEN, 0, NLA_ALIGN(length));
	if (length)
		memcpy(message->bytes + message->length + NLA_HDRLEN, data, length);
	message->length += NLA_HDRLEN + NLA_ALIGN(length);
}

void message_u8(struct message *message, uint16_t type, uint8_t value) { message_put(message, type, &value, sizeof(value)); }
void message_u32(struct message *message, uint16_t type, uint32_t value) { message_put(message, type, &value, sizeof(value)); }
void message_u64(struct message *message, uint16_t type, uint64_t value) { message_put(message, type, &value, sizeof(value)); }
void message_flag(struct message *message, uint16_t type) { message_put(message, type, NULL, 0); }

size_t message_nest(struct message *message, uint16_t type)
{
	size_t nest = message->length;

	message_put(message, type | NLA_F_NESTED, NULL, 0);
	return nest;
}

void message_nest_end(struct message *message, size_t nest)
{
	struct nlattr *attribute = (void *)(message->bytes + nest);

	attribute->nla_len = message->length - nest;
}

const struct nlattr *attribute(const void *bytes, size_t length, uint16_t type, unsigned nth)
{
	const unsigned char *at = bytes;

	while (length >= NLA_HDRLEN) {
		const struct nlattr *found = (const void *)at;
		size_t step = NLA_ALIGN(found->nla_len);

		if (found->nla_len < NLA_HDRLEN || found->nla_len > length)
			return NULL;
		if ((found->nla_type & NLA_TYPE_MASK) == type && !nth--)
			return found;
		if (step >= length)
			return NULL;
		at += step;
		length -= step;
	}
	return NULL;
}

const void *attribute_data(const struct nlattr *attribute) { return (const char *)attribute + NLA_HDRLEN; }
size_t attribute_length(const struct nlattr *attribute) { return attribute->nla_len - NLA_HDRLEN; }

bool reply_copy(const struct reply *reply, uint16_t type, void *to, size_t length)
{
	const struct nlattr *found = attribute(reply->bytes, reply->length, type, 0);

	memset(to, 0, length);
	if (!found || attribute_length(found) < length)
		return false;
	memcpy(to, attribute_data(found), length);
	return true;
}

uint32_t reply_u32(const struct reply *reply, uint16_t type)
{
	uint32_t value;

	reply_copy(reply, type, &value, sizeof(value));
	return value;
}

uint64_t reply_u64(const struct reply *reply, uint16_t type)
{
	uint64_t value;

	reply_copy(reply, type, &value, sizeof(value));
	return value;
}

/* The kernel's text about an error, which follows the request it quotes (or only its header). */
static void read_error(const struct nlmsghdr *header, struct reply *reply)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);
	size_t at = NLMSG_HDRLEN + sizeof(*error);
	const struct nlattr *text;

	reply->error = -error->error;
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		at += error->msg.nlmsg_len - NLMSG_HDRLEN;
	at = NLMSG_ALIGN(at);
	if (at >= header->nlmsg_len)
		return;
	text = attribute((const char *)header + at, header->nlmsg_len - at, NLMSGERR_ATTR_MSG, 0);
	if (text)
		snprintf(reply->text, sizeof(reply->text), "%.*s", (int)attribute_length(text), (const char *)attribute_data(text));
}

/* The end of a dump carries its error and perhaps a text. */
static void read_done(const struct nlmsghdr *header, struct reply *reply)
{
	int error = 0;
	const struct nlattr *text;
	size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(error));

	if (header->nlmsg_len >= NLMSG_HDRLEN + sizeof(error))
		memcpy(&error, NLMSG_DATA(header), sizeof(error));
	reply->error = -error;
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS) || at >= header->nlmsg_len)
		return;
	text = attribute((const char *)header + at, header->nlmsg_len - at, NLMSGERR_ATTR_MSG, 0);
	if (text)
		snprintf(reply->text, sizeof(reply->text), "%.*s", (int)attribute_length(text), (const char *)attribute_data(text));
}

static void read_answer(const struct nlmsghdr *header, struct reply *reply)
{
	const struct genlmsghdr *generic = NLMSG_DATA(header);
	size_t length = header->nlmsg_len - HEADER;

	reply->messages++;
	reply->command = generic->cmd;
	if (reply->length + length > sizeof(reply->bytes))
		return;
	memcpy(reply->bytes + reply->length, (const char *)header + HEADER, length);
	reply->length += NLMSG_ALIGN(length);
}

/* Reads until the acknowledgement of @sequence, or the end of its dump. */
static int read_reply(struct netlink *netlink, uint32_t sequence, struct reply *reply)
{
	static unsigned char buffer[256 * 1024];

	reply->error = 0;
	reply->text[0] = 0;
	reply->messages = 0;
	reply->command = 0;
	reply->length = 0;
	for (;;) {
		ssize_t length = recv(netlink->socket, buffer, sizeof(buffer), 0);
		struct nlmsghdr *header = (void *)buffer;

		if (length < 0) {
			reply->error = errno;
			snprintf(reply->text, sizeof(reply->text), "no answer");
			return reply->error;
		}
		for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
			if (header->nlmsg_seq != sequence)
				continue;
			if (header->nlmsg_type == NLMSG_ERROR) {
				read_error(header, reply);
				return reply->error;
			}
			if (header->nlmsg_type == NLMSG_DONE) {
				read_done(header, reply);
				return reply->error;
			}
			read_answer(header, reply);
		}
	}
}

int netlink_request(struct netlink *netlink, struct message *message, uint16_t flags, struct reply *reply)
{
	struct nlmsghdr *header = (void *)message->bytes;

	header->nlmsg_len = message->length;
	header->nlmsg_type = netlink->family;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	header->nlmsg_seq = ++netlink->sequence;
	header->nlmsg_pid = 0;
	if (send(netlink->socket, message->bytes, message->length, 0) < 0) {
		memset(reply, 0, offsetof(struct reply, bytes));
		reply->error = errno;
		snprintf(reply->text, sizeof(reply->text), "not sent");
		return reply->error;
	}
	return read_reply(netlink, header->nlmsg_seq, reply);
}

bool netlink_resolve(struct netlink *netlink)
{
	static struct message message;
	static struct reply reply;
	struct genlmsghdr *generic = (void *)(message.bytes + NLMSG_HDRLEN);
	const struct nlattr *groups, *group, *number;

	message_start(&message, CTRL_CMD_GETFAMILY);
	generic->version = 2;
	message_put(&message, CTRL_ATTR_FAMILY_NAME, RTPC_GENL_NAME, sizeof(RTPC_GENL_NAME));
	netlink->family = GENL_ID_CTRL;
	if (netlink_request(netlink, &message, 0, &reply)) {
		netlink->family = 0;
		return false;
	}
	reply_copy(&reply, CTRL_ATTR_FAMILY_ID, &netlink->family, sizeof(netlink->family));
	groups = attribute(reply.bytes, reply.length, CTRL_ATTR_MCAST_GROUPS, 0);
	group = groups ? attribute(attribute_data(groups), attribute_length(groups), 1, 0) : NULL;
	number = group ? attribute(attribute_data(group), attribute_length(group), CTRL_ATTR_MCAST_GRP_ID, 0) : NULL;
	if (number)
		memcpy(&netlink->group, attribute_data(number), sizeof(netlink->group));
	return true;
}

void netlink_open(struct netlink *netlink)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = 5 };
	int yes = 1, size = 4 << 20;

	memset(netlink, 0, sizeof(*netlink));
	netlink->socket = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (netlink->socket < 0 || bind(netlink->socket, (void *)&address, sizeof(address))) {
		perror("netlink");
		exit(2);
	}
	setsockopt(netlink->socket, SOL_NETLINK, NETLINK_EXT_ACK, &yes, sizeof(yes));
	setsockopt(netlink->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(netlink->socket, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(netlink->socket, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	netlink_resolve(netlink);
}

void netlink_close(struct netlink *netlink) { close(netlink->socket); }

void netlink_listen(struct netlink *netlink)
{
	if (setsockopt(netlink->socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &netlink->group, sizeof(netlink->group)))
		perror("events");
}

bool netlink_event(struct netlink *netlink, int milliseconds, struct reply *reply)
{
	static unsigned char buffer[64 * 1024];
	struct pollfd poll_socket = { .fd = netlink->socket, .events = POLLIN };
	struct nlmsghdr *header = (void *)buffer;
	ssize_t length;

	reply->length = 0;
	reply->messages = 0;
	if (poll(&poll_socket, 1, milliseconds) != 1)
		return false;
	length = recv(netlink->socket, buffer, sizeof(buffer), 0);
	if (length < 0 || !NLMSG_OK(header, length) || header->nlmsg_type != netlink->family)
		return false;
	read_answer(header, reply);
	return true;
}
