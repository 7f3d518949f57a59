namespace RtpCluster.Contracts;

/// <summary>A media address that one node of a cluster has at a time, and that another one takes over.</summary>
/// <param name="Interface">Its logical interface, the address, and what SDP says instead.</param>
/// <param name="Device">The network device that gets it, e.g. <c>eth0</c>; empty: the network moves the address, and we only watch for it.</param>
/// <param name="Home">Name of the node that has it when it can; empty: whoever has it keeps it.</param>
public sealed record FloatingAddress(LocalInterface Interface, string Device, string Home)
{
    /// <summary>The address.</summary>
    public IpAddress Address => Interface.Address;

    /// <summary>Something else (keepalived, a load balancer, a cloud) moves it.</summary>
    public bool IsWatched => Device.Length == 0;
}

/// <summary>
/// This host's hand on floating addresses: its devices, its neighbours on the link, and the media on such an address. Safe for concurrent use.
/// </summary>
public interface IFloatingMedia
{
    /// <summary>A call's plan, or what is known of its running state, changed; the plan of a call that ended is null. Set before the first call.</summary>
    Action<CallId>? PlanTouched { get; set; }

    /// <summary>The address is on a device of this host.</summary>
    bool IsPresent(IpAddress address);

    /// <summary>There is a link whose hosts can be asked for the address; a tunnel or lo has none.</summary>
    bool CanAsk(FloatingAddress address);

    /// <summary>Another host on the link answers for the address. Takes up to <paramref name="millis"/>; false when nothing can be asked.</summary>
    ValueTask<bool> IsAnsweredAsync(FloatingAddress address, int millis);

    /// <summary>
    /// Gives the device the address for <paramref name="lifeSeconds"/>, or prolongs it. The system itself takes it away when that runs out, so that an
    /// address does not outlive its node.
    /// </summary>
    /// <returns>Empty, or why it could not.</returns>
    string Raise(FloatingAddress address, int lifeSeconds);

    /// <summary>Takes the address off the device.</summary>
    void Lower(FloatingAddress address);

    /// <summary>Tells the link who has the address now (gratuitous ARP, unsolicited neighbour advertisement).</summary>
    /// <returns>Empty, or why it could not.</returns>
    string Announce(FloatingAddress address);

    /// <summary>Puts the plans of another node's calls in force, on their ports; the address need not be here yet. Returns how many failed.</summary>
    ValueTask<int> InstallAsync(IReadOnlyList<MediaPlan> plans);

    /// <summary>Ends the media of all calls on an address that is another node's now; returns them.</summary>
    ValueTask<IReadOnlyList<CallId>> EvictAsync(IpAddress address);

    /// <summary>The calls with media on an address.</summary>
    IReadOnlyList<CallId> CallsOn(IpAddress address);

    /// <summary>A call's plan with its running state in it; null: no such call.</summary>
    MediaPlan? Resume(CallId callId);
}
