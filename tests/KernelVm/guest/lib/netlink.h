/* SPDX-License-Identifier: GPL-2.0 */
/* Generic netlink as far as the tests need it, without a library, so that they can also say what no library would. */
#ifndef KERNELVM_NETLINK_H
#define KERNELVM_NETLINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rtpcluster.h"

struct netlink {
	int socket;
	uint16_t family;
	uint32_t group;		/* of the events */
	uint32_t sequence;
};

/* A request in the making. */
struct message {
	size_t length;
	unsigned char bytes[192 * 1024];
};

/* What came back. @error is 0 or a positive errno; @text the kernel's explanation or "". @bytes: attributes of the answers in a row. */
struct reply {
	int error;
	char text[256];
	unsigned messages;	/* answers besides the acknowledgement */
	uint8_t command;	/* of the last of them */
	size_t length;
	unsigned char bytes[256 * 1024];
};

/* A socket in the current network namespace; ends the program when there is none. Family 0: the module is not there. */
void netlink_open(struct netlink *netlink);
void netlink_close(struct netlink *netlink);
/* Asks again for the family's number. */
bool netlink_resolve(struct netlink *netlink);
/* Joins the group of the events. */
void netlink_listen(struct netlink *netlink);

void message_start(struct message *message, uint8_t command);
void message_put(struct message *message, uint16_t type, const void *data, size_t length);
void message_u8(struct message *message, uint16_t type, uint8_t value);
void message_u32(struct message *message, uint16_t type, uint32_t value);
void message_u64(struct message *message, uint16_t type, uint64_t value);
void message_flag(struct message *message, uint16_t type);
size_t message_nest(struct message *message, uint16_t type);
void message_nest_end(struct message *message, size_t nest);

/* Sends with NLM_F_REQUEST | NLM_F_ACK | @flags and reads all of the answer. Returns reply->error. */
int netlink_request(struct netlink *netlink, struct message *message, uint16_t flags, struct reply *reply);
/* One event's attributes; false when none comes in @milliseconds. */
bool netlink_event(struct netlink *netlink, int milliseconds, struct reply *reply);

/* The @nth attribute of @type among @length bytes; NULL when there is none. */
const struct nlattr *attribute(const void *bytes, size_t length, uint16_t type, unsigned nth);
const void *attribute_data(const struct nlattr *attribute);
size_t attribute_length(const struct nlattr *attribute);
uint32_t reply_u32(const struct reply *reply, uint16_t type);
uint64_t reply_u64(const struct reply *reply, uint16_t type);
/* Copies an attribute's data; false when it is absent or shorter. */
bool reply_copy(const struct reply *reply, uint16_t type, void *to, size_t length);

#endif
