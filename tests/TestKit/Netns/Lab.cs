namespace RtpCluster.TestKit.Netns;

/// <summary>
/// Three hosts on one machine: the node in the middle, phones on both sides. The node does not route, so whatever reaches the other side
/// went through its media ports.
/// </summary>
public sealed class Lab : IDisposable
{
    /// <summary>The node's own addresses, on its loopback device.</summary>
    public const string NodeV4 = "203.0.113.1", NodeV6 = "2001:db8:4321::1";

    /// <summary>The callers' host.</summary>
    public const string CallerV4 = "198.51.100.10", CallerV6 = "2001:db8:a::10";

    /// <summary>The callees' host.</summary>
    public const string CalleeV4 = "198.51.100.130", CalleeV6 = "2001:db8:b::10";

    private static int s_count;

    /// <summary>Builds the namespaces; needs root.</summary>
    public Lab()
    {
        string prefix = $"rc{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        Node = NetworkNamespace.Create(prefix + "n");
        Caller = NetworkNamespace.Create(prefix + "a");
        Callee = NetworkNamespace.Create(prefix + "b");
        Node.Up("lo", NodeV4 + "/32", NodeV6 + "/128");
        NetworkNamespace.Join(Node, "a0", ["198.51.100.1/25", "2001:db8:a::1/64"], Caller, "e0", [CallerV4 + "/25", CallerV6 + "/64"]);
        NetworkNamespace.Join(Node, "b0", ["198.51.100.129/25", "2001:db8:b::1/64"], Callee, "e0", [CalleeV4 + "/25", CalleeV6 + "/64"]);
        Caller.Ip("route", "add", "default", "via", "198.51.100.1");
        Caller.Ip("-6", "route", "add", "default", "via", "2001:db8:a::1");
        Callee.Ip("route", "add", "default", "via", "198.51.100.129");
        Callee.Ip("-6", "route", "add", "default", "via", "2001:db8:b::1");
        Folder = Directory.CreateTempSubdirectory("rtpcluster-lab-").FullName;
    }

    /// <summary>Where the node and its SIP proxy run.</summary>
    public NetworkNamespace Node { get; }

    /// <summary>Where callers run.</summary>
    public NetworkNamespace Caller { get; }

    /// <summary>Where callees run.</summary>
    public NetworkNamespace Callee { get; }

    /// <summary>A scratch folder of this lab.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Caller.Dispose();
        Callee.Dispose();
        Node.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
