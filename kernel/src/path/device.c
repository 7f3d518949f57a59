// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include "../table/table.h"
#include "device.h"
#include "hook.h"

static bool ingress = true;
module_param(ingress, bool, 0444);
MODULE_PARM_DESC(ingress, "Take packets at the device where that can be done, earlier than at PRE_ROUTING (default 1; not with local_in)");

/* A device with our hook. */
struct rc_device {
	struct list_head node;
	struct nf_hook_ops ops;
};

static struct rc_device *rc_device_find(const struct rc_net *rcn, const struct net_device *dev)
{
	struct rc_device *device;

	list_for_each_entry(device, &rcn->devices, node)
		if (device->ops.dev == dev)
			return device;
	return NULL;
}

/* What cannot have the hook is served by the one at PRE_ROUTING. */
static void rc_device_add(struct rc_net *rcn, struct net_device *dev)
{
	struct rc_device *device = kzalloc(sizeof(*device), GFP_KERNEL);

	if (!device)
		return;
	device->ops = (struct nf_hook_ops){
		.hook = rc_hook_device,
		.dev = dev,
		.priv = rcn,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		.priority = INT_MAX, /* behind the rules of the administrator */
	};
	if (nf_register_net_hook(rcn->net, &device->ops))
		kfree(device);
	else
		list_add(&device->node, &rcn->devices);
}

static void rc_device_remove(struct rc_net *rcn, const struct net_device *dev)
{
	struct rc_device *device = rc_device_find(rcn, dev);

	if (!device)
		return;
	list_del(&device->node);
	nf_unregister_net_hook(rcn->net, &device->ops);
	kfree(device);
}

static bool rc_device_wanted(void)
{
	return ingress && !rc_hook_local_in();
}

/* Under rtnl. At the beginning it tells of every device that is there, and at the end that each has gone. */
static int rc_device_event(struct notifier_block *block, unsigned long event, void *info)
{
	struct rc_net *rcn = container_of(block, struct rc_net, devices_watch);
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (event == NETDEV_REGISTER && rc_device_wanted() && !rc_device_find(rcn, dev)) {
		rc_device_add(rcn, dev);
	} else if (event == NETDEV_UNREGISTER) {
		rc_device_remove(rcn, dev);
		rc_table_forget(rcn, dev);
	}
	return NOTIFY_DONE;
}

int rc_device_watch(struct rc_net *rcn)
{
	INIT_LIST_HEAD(&rcn->devices);
	rcn->devices_watch.notifier_call = rc_device_event;
	return register_netdevice_notifier_net(rcn->net, &rcn->devices_watch);
}

void rc_device_unwatch(struct rc_net *rcn)
{
	unregister_netdevice_notifier_net(rcn->net, &rcn->devices_watch);
}
