using System.Collections.Frozen;
using RtpCluster.Server.Options.Table;

namespace RtpCluster.Server.Options;

/// <summary>Every option the binary knows: the peer's names and short flags, and a few of our own.</summary>
public static class OptionTable
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<OptionSpec> All { get; } = [.. CoreRows.All, .. KernelRows.All, .. ClusterRows.All, .. LogRows.All, .. LaterRows.All];

    /// <summary>Rows by long name.</summary>
    public static FrozenDictionary<string, OptionSpec> ByName { get; } = All.ToFrozenDictionary(row => row.Name);

    /// <summary>Rows by short flag.</summary>
    public static FrozenDictionary<char, OptionSpec> ByShort { get; } =
        All.Where(row => row.Short != '\0').ToFrozenDictionary(row => row.Short);

    /// <summary>The environment variable of an option: <c>RTPCLUSTER_LISTEN_NG</c>.</summary>
    public static string EnvironmentName(OptionSpec row) => "RTPCLUSTER_" + row.Name.Replace('-', '_').ToUpperInvariant();
}
