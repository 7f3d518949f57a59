using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Routes;

/// <summary>What the kernel's choice of a way depends on.</summary>
internal readonly record struct RouteKey(IpAddress Local, IpAddress Remote, byte Tos);

/// <summary>The first step of a way, as the kernel would go it.</summary>
/// <param name="Interface">Index of the interface.</param>
/// <param name="Mac">Link address of the next host, as it lies in memory (first byte lowest).</param>
/// <param name="MaxPacket">Longest IP packet that goes there whole.</param>
internal sealed record NextHop(int Interface, ulong Mac, int MaxPacket);

/// <summary>What is known of one way. Reactors read it for each packet; the table's thread keeps it true.</summary>
internal sealed class NextHopEntry(RouteKey key)
{
    /// <summary>Its key.</summary>
    public readonly RouteKey Key = key;

    /// <summary>Where packets go; null: not known, or not for us to send. The kernel's own path is always right.</summary>
    public volatile NextHop? Hop;

    /// <summary>Something was sent there lately; set by reactors.</summary>
    public volatile bool Used = true;

    /// <summary>The kernel wants to hear of a packet to look whether the neighbour still lives: the next one goes its path.</summary>
    public volatile bool Confirm;

    /// <summary>The table has forgotten it: look it up again.</summary>
    public volatile bool Retired;

    /// <summary>Outgoing interface of the route; 0: none.</summary>
    public int RouteInterface;

    /// <summary>The neighbour on that interface.</summary>
    public IpAddress Neighbour;

    /// <summary>Longest packet by the route; 0: as the interface.</summary>
    public int RouteMtu;

    /// <summary>Sweeps since it was used.</summary>
    public int Idle;
}
