// SPDX-License-Identifier: GPL-2.0
/* rtpcluster.ko: RTP and SRTP forwarded 1-to-n without leaving the kernel. Set up by netlink: see uapi/rtpcluster.h. */
#include <linux/module.h>
#include "control/netlink.h"
#include "control/proc.h"
#include "selftest.h"
#include "version.h"

static uint cpu_features = ~0U;
module_param(cpu_features, uint, 0444);
MODULE_PARM_DESC(cpu_features, "Mask of CPU features that SRTP may use: 1 AES-NI, 2 SHA-NI, 4 PCLMULQDQ (default: all there are)");

static bool selftest;
module_param(selftest, bool, 0444);
MODULE_PARM_DESC(selftest, "Run the self-tests at load and refuse to load when one fails (default 0)");

const char *rc_crypto_path(void)
{
	static const char *const names[8] = {
		"generic", "aesni", "shani", "aesni+shani", "pclmul", "aesni+pclmul", "shani+pclmul", "aesni+shani+pclmul",
	};

	return names[rc_crypto_features() & (RC_CPU_AES | RC_CPU_SHA | RC_CPU_CLMUL)];
}

static int __net_init rc_main_net_init(struct net *net)
{
	return rc_net_init(rc_net_of(net), net);
}

static void __net_exit rc_main_net_exit(struct net *net)
{
	rc_net_exit(rc_net_of(net));
}

static struct pernet_operations rc_pernet = {
	.init = rc_main_net_init,
	.exit = rc_main_net_exit,
	.id = &rc_net_id,
	.size = sizeof(struct rc_net),
};

static int __init rc_init(void)
{
	int err;

	rc_crypto_detect(cpu_features);
	if (selftest) {
		err = rc_selftest();
		if (err)
			return err;
	}
	rc_workqueue = alloc_workqueue("rtpcluster", WQ_UNBOUND, 0);
	if (!rc_workqueue)
		return -ENOMEM;
	err = rc_proc_init();
	if (err)
		goto err_workqueue;
	err = register_pernet_subsys(&rc_pernet);
	if (err)
		goto err_proc;
	err = genl_register_family(&rc_genl_family);
	if (err)
		goto err_pernet;
	pr_info("rtpcluster: version %s, SRTP on %s\n", RC_VERSION, rc_crypto_path());
	return 0;

err_pernet:
	unregister_pernet_subsys(&rc_pernet);
err_proc:
	rc_proc_exit();
err_workqueue:
	destroy_workqueue(rc_workqueue);
	return err;
}

/* First nobody can ask for anything, then every namespace is emptied, which waits for packets and for memory on its way out. */
static void __exit rc_exit(void)
{
	genl_unregister_family(&rc_genl_family);
	unregister_pernet_subsys(&rc_pernet);
	rc_proc_exit();
	rcu_barrier();
	destroy_workqueue(rc_workqueue);
}

module_init(rc_init);
module_exit(rc_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Forwards RTP and SRTP 1-to-n in the kernel for RtpCluster");
MODULE_VERSION(RC_VERSION);
MODULE_ALIAS_GENL_FAMILY(RTPC_GENL_NAME);
