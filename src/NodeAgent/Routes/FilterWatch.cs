using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RtpCluster.NodeAgent.Routes;

/// <summary>
/// Tells whether this host does something to what its programs send that only the kernel's own path does: packet filters, address translation,
/// IPsec. One thread.
/// </summary>
internal sealed class FilterWatch : IDisposable
{
    private const ushort GetTables = (10 << 8) | 1;
    private const ushort GetPolicyCounts = 0x25, PolicyCounts = 1;
    private const int FilterBody = 4;

    private static readonly string[] s_oldTables = ["/proc/thread-self/net/ip_tables_names", "/proc/thread-self/net/ip6_tables_names"];

    private readonly NetlinkSocket _filters = new(NetlinkSocket.FilterProtocol);
    private readonly NetlinkSocket _transforms = new(NetlinkSocket.TransformProtocol);

    /// <summary>There is an nftables or iptables table, or an IPsec policy.</summary>
    public bool IsAnythingThere() => HasTables() || Array.Exists(s_oldTables, HasLines) || HasPolicies();

    /// <inheritdoc/>
    public void Dispose()
    {
        _filters.Dispose();
        _transforms.Dispose();
    }

    private bool HasTables()
    {
        Span<byte> body = stackalloc byte[FilterBody];
        body.Clear();
        _filters.Begin(GetTables, NetlinkSocket.Request | NetlinkSocket.Dump, body).Ask();
        bool any = false;
        while (_filters.Next(out _, out _))
        {
            any = true;
        }

        return any;
    }

    private bool HasPolicies()
    {
        Span<byte> body = stackalloc byte[sizeof(uint)];
        body.Clear();
        _transforms.Begin(GetPolicyCounts, NetlinkSocket.Request, body).Ask();

        // struct xfrmu_spdinfo: six counters of u32.
        return _transforms.Next(out _, out var answer) && answer.Length > sizeof(uint)
            && NetlinkSocket.TryFind(answer[sizeof(uint)..], PolicyCounts, out var counts) && counts.IndexOfAnyExcept((byte)0) >= 0;
    }

    private static bool HasLines(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
