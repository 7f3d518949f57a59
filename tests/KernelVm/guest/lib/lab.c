// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "lab.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "wire.h"

#define SENDER_MAC "02:00:00:00:01:01"
#define MEDIA0_MAC "02:00:00:00:01:fe"

static const char *const set_up[] = {
	"ip netns add sender && ip netns add media && ip netns add receiver",
	"ip -n media link add m0 address " MEDIA0_MAC " type veth peer name s0 netns sender address " SENDER_MAC,
	"ip -n media link add m1 type veth peer name r0 netns receiver",
	"printf 'address add " SENDER4 "/24 dev s0\\naddress add " SENDER6 "/64 dev s0 nodad\\nlink set lo up\\nlink set s0 up\\n"
	"address add 10.1.0.2/24 dev s0\\nroute add default via " MEDIA4 "\\nroute add ::/0 via " MEDIA6 "\\n' | ip -n sender -batch -",
	"printf 'address add " MEDIA4 "/24 dev m0\\naddress add " MEDIA6 "/64 dev m0 nodad\\naddress add " OUT4 "/24 dev m1\\n"
	"address add " OUT6 "/64 dev m1 nodad\\nlink set lo up\\nlink set m0 up\\nlink set m1 up\\n' | ip -n media -batch -",
	"printf 'address add " RECEIVER4 "/24 dev r0\\naddress add " RECEIVER6 "/64 dev r0 nodad\\nlink set lo up\\nlink set r0 up\\n"
	"route add default via " OUT4 "\\nroute add ::/0 via " OUT6 "\\n' | ip -n receiver -batch -",
};

static void shell(const char *line)
{
	int status = system(line);

	if (status) {
		printf("Bail out! %s: status %d\n", line, status);
		exit(2);
	}
}

void lab_enter(const char *namespace)
{
	char path[64];
	int file;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || setns(file, CLONE_NEWNET)) {
		perror(path);
		exit(2);
	}
	close(file);
}

void lab_run(const char *namespace, const char *format, ...)
{
	char line[600];
	int at = snprintf(line, sizeof(line), "ip netns exec %s ", namespace);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line + at, sizeof(line) - at, format, arguments);
	va_end(arguments);
	if (system(line))
		test_fail(__FILE__, __LINE__, "failed: %s", line);
}

/* The device completes checksums or leaves them to the receiver, which then sees partial ones. */
void lab_checksum_offload(const char *device, bool on)
{
	struct ethtool_value value = { .cmd = ETHTOOL_STXCSUM, .data = on };
	struct ifreq request = { .ifr_data = (void *)&value };
	int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strncpy(request.ifr_name, device, IFNAMSIZ - 1);
	if (ioctl(control, SIOCETHTOOL, &request))
		perror("checksum offload");
	close(control);
}

void lab_start(void)
{
	for (unsigned i = 0; i < sizeof(set_up) / sizeof(set_up[0]); i++)
		shell(set_up[i]);
	lab_enter("media");
	lab_checksum_offload("m1", false);
	wire_open();
}

void lab_end(void)
{
	wire_close();
	shell("ip netns delete sender; ip netns delete receiver; ip netns delete media");
}

const char *proc_file(unsigned table, const char *name)
{
	static char content[256 * 1024];
	char path[64];
	ssize_t length, total = 0;
	int file;

	snprintf(path, sizeof(path), "/proc/self/net/rtpcluster/%u/%s", table, name);
	if (access(path, R_OK))
		snprintf(path, sizeof(path), "/proc/rtpcluster/%u/%s", table, name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	while (file >= 0 && total < (ssize_t)sizeof(content) - 1 && (length = read(file, content + total, sizeof(content) - 1 - total)) > 0)
		total += length;
	if (file >= 0)
		close(file);
	content[total] = 0;
	return content;
}
