using static RtpCluster.Server.Options.Table.Row;

namespace RtpCluster.Server.Options.Table;

/// <summary>Options of the kernel's forwarding table. The module's hook needs no firewall rule, so the peer's options for rules do nothing.</summary>
internal static class KernelRows
{
    private const string Kernel = "Kernel forwarding";
    private const string NoRules = "the module works without firewall rules";

    public static IEnumerable<OptionSpec> All =>
    [
        Int(Kernel, "table", 't', -1, "table", "Kernel forwarding table, one per node of a machine; -1: relay in userspace only").Between(-1, 63),
        Flag(Kernel, "no-fallback", 'F', "Refuse to start when the kernel module cannot be used"),
        .. Named(Kernel, OptionKind.Text, OptionSupport.Unnecessary,
            $"nftables-chain: {NoRules}", $"nftables-base-chain=INPUT: {NoRules}", $"nftables-family: {NoRules}", $"iptables-chain: {NoRules}",
            "kernel-num-threads=-1: packets reach the media process by its sockets", "kernel-slots: packets reach the media process by its sockets"),
        .. Named(Kernel, OptionKind.Flag, OptionSupport.Unnecessary,
            $"nftables-append: {NoRules}", $"xtables: {NoRules}"),
        .. Named(Kernel, OptionKind.Flag, OptionSupport.Refused,
            $"nftables-start: Add rules and exit; {NoRules}", $"nftables-stop: Remove rules and exit; {NoRules}", $"nftables-status: Print rules and exit; {NoRules}"),
        .. Named(Kernel, OptionKind.Text, OptionSupport.Ignored, "kernel-player-media=128: Kernel player media"),
        .. Named(Kernel, OptionKind.Flag, OptionSupport.Ignored, "kernel-player: Kernel player"),
    ];
}
