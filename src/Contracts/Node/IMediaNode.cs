namespace RtpCluster.Contracts;

/// <summary>A configured address of a logical interface.</summary>
/// <param name="Name">The logical interface's name; "default" when the option gave none.</param>
/// <param name="Address">What we bind.</param>
/// <param name="Advertised">What SDP says; equal to <paramref name="Address"/> unless the option has <c>!address</c>.</param>
public sealed record LocalInterface(string Name, IpAddress Address, IpAddress Advertised);

/// <summary>Asks for the ports of one media component set.</summary>
/// <param name="Address">The local address to bind.</param>
/// <param name="Count">1 (mux, raw) or 2 (RTP on an even port, RTCP on the next).</param>
public readonly record struct PortRequest(IpAddress Address, int Count);

/// <summary>
/// A node that carries media, as the call actor sees it. Implemented by the node agent. Safe for concurrent use; calls of one call-id come
/// one after the other.
/// </summary>
public interface IMediaNode
{
    /// <summary>Takes ports for a call and keeps other programs off them. All or nothing.</summary>
    /// <returns>For each request the first port (RTP); the second one, when asked for, is that plus one. Null: ran out of ports.</returns>
    ValueTask<ushort[]?> ReserveAsync(CallId callId, IReadOnlyList<PortRequest> requests, CancellationToken cancel);

    /// <summary>Gives ports back that no applied plan uses.</summary>
    ValueTask ReleaseAsync(CallId callId, IReadOnlyList<NetEndpoint> ports, CancellationToken cancel);

    /// <summary>Puts a plan in force and returns when it is. Ports of the call that the plan no longer names are closed.</summary>
    /// <exception cref="MediaNodeException">The node cannot (stale epoch, node gone).</exception>
    ValueTask ApplyAsync(MediaPlan plan, CancellationToken cancel);

    /// <summary>Ends a call's media, closes its ports and returns its last statistics; null when the node does not know it.</summary>
    ValueTask<CallStatistics?> RemoveAsync(CallId callId, CancellationToken cancel);

    /// <summary>Reads a call's statistics; null when the node does not know it.</summary>
    ValueTask<CallStatistics?> ReadAsync(CallId callId, CancellationToken cancel);

    /// <summary>Reads the node's totals.</summary>
    ValueTask<MediaTotals> ReadTotalsAsync(CancellationToken cancel);

    /// <summary>The port pool by local address: minimum, maximum, used.</summary>
    IReadOnlyList<PortPoolStatus> PortPools { get; }

    /// <summary>Facts as they come up. The handler must return at once. Set once, before the first call.</summary>
    Action<MediaFact>? FactReceived { get; set; }
}

/// <summary>
/// Ports that can be had at once, without waiting. A media node that keeps such a stock implements this beside <see cref="IMediaNode"/>: a
/// command then needs no round trip for its ports. Safe for concurrent use.
/// </summary>
public interface IPortSource
{
    /// <summary>
    /// Takes ports for a call, as <see cref="IMediaNode.ReserveAsync"/> does. False: none are ready, which does not mean that there are none.
    /// </summary>
    bool TryTake(CallId callId, PortRequest request, out ushort first);
}

/// <summary>State of a port pool.</summary>
public sealed record PortPoolStatus(LocalInterface Interface, int Min, int Max, int Used);

/// <summary>A media node refused or could not do what it was told.</summary>
public sealed class MediaNodeException(string message, Exception? inner = null) : Exception(message, inner);
