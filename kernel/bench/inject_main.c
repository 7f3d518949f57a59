// SPDX-License-Identifier: GPL-2.0
/*
 * rtpinject.ko: hands packets to netif_receive_skb() as a driver would, and prints what that cost, the making of the packets not
 * counted. It works while it is loaded and then refuses to stay (-EAGAIN), so that it can be loaded again with other parameters.
 * Under qemu's -icount the clock counts instructions, and so does the result.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/inet.h>
#include <linux/kernel_read_file.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>
#include <net/net_namespace.h>

#include "inject.h"

#define BATCH 64

static char *label = "";
module_param(label, charp, 0);
MODULE_PARM_DESC(label, "printed with the result");
static char *dev = "din";
module_param(dev, charp, 0);
MODULE_PARM_DESC(dev, "device of the loading process's network namespace that receives the packets");
static char *saddr = "10.1.0.1";
module_param(saddr, charp, 0);
static char *daddr = "10.1.0.254";
module_param(daddr, charp, 0);
static ushort sport = 5000;
module_param(sport, ushort, 0);
static ushort dport = 30000;
module_param(dport, ushort, 0);
static uint flows = 1;
module_param(flows, uint, 0);
static uint payload = 172;
module_param(payload, uint, 0);
MODULE_PARM_DESC(payload, "bytes of RTP with its header");
static uint window = 10000;
module_param(window, uint, 0);
MODULE_PARM_DESC(window, "packets per measurement");
static uint windows = 30;
module_param(windows, uint, 0);
MODULE_PARM_DESC(windows, "measurements; the least and the median are printed");
static bool checksum;
module_param(checksum, bool, 0);
static char *file = "";
module_param(file, charp, 0);
MODULE_PARM_DESC(file, "records to inject instead of made packets: u16 length, u16 flow, payload");
static ulong fuzz;
module_param(fuzz, ulong, 0);
MODULE_PARM_DESC(fuzz, "so many random and damaged packets instead of a measurement");
static uint seed = 1;
module_param(seed, uint, 0);

/* Nanoseconds that @window packets cost, times 10 and per packet; 0: no packet left. */
static u64 measure(struct inject *inject, u32 first)
{
	struct sk_buff *batch[BATCH];
	u64 total = 0, begin;
	u32 done = 0, made, i;

	while (done < window) {
		for (made = 0; made < BATCH && done + made < window; made++) {
			batch[made] = inject_packet(inject, first + done + made);
			if (!batch[made])
				break;
		}
		if (!made)
			return 0;
		local_bh_disable();
		begin = ktime_get_ns();
		for (i = 0; i < made; i++)
			netif_receive_skb(batch[i]);
		total += ktime_get_ns() - begin;
		local_bh_enable();
		done += made;
		cond_resched();
	}
	return div_u64(total * 10, window);
}

static int order(const void *a, const void *b)
{
	u64 left = *(const u64 *)a, right = *(const u64 *)b;

	return left < right ? -1 : left > right;
}

static void bench(struct inject *inject)
{
	u64 *results = kvcalloc(windows + 1, sizeof(*results), GFP_KERNEL);
	u32 count;

	if (!results)
		return;
	for (count = 0; count < windows; count++) {
		results[count] = measure(inject, count * window);
		if (!results[count])
			break;
	}
	sort(results, count, sizeof(*results), order, NULL);
	if (count)
		pr_info("result %s min %llu.%llu median %llu.%llu windows %u\n", label, results[0] / 10, results[0] % 10,
			results[count / 2] / 10, results[count / 2] % 10, count);
	else
		pr_info("result %s none\n", label);
	kvfree(results);
}

static int read_records(struct inject *inject, void **data)
{
	ssize_t length;

	if (!file[0])
		return 0;
	length = kernel_read_file_from_path(file, 0, data, 512 << 20, NULL, READING_UNKNOWN);
	if (length <= 0)
		return length ? length : -ENODATA;
	inject->records = *data;
	inject->records_length = length;
	return 0;
}

static int __init rtpinject_init(void)
{
	struct inject inject = {
		.source = in_aton(saddr), .destination = in_aton(daddr), .sport = sport, .dport = dport,
		.flows = max(flows, 1u), .payload = max(payload, 12u), .checksum = checksum,
	};
	void *records = NULL;
	int error = read_records(&inject, &records);

	if (error)
		return error;
	inject.device = dev_get_by_name(current->nsproxy->net_ns, dev);
	if (!inject.device) {
		vfree(records);
		return -ENODEV;
	}
	if (fuzz)
		pr_info("result %s injected %llu\n", label, inject_fuzz(&inject, fuzz, seed));
	else
		bench(&inject);
	dev_put(inject.device);
	vfree(records);
	return -EAGAIN;
}
module_init(rtpinject_init);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Injects RTP packets into a device's receive path and measures what they cost");
