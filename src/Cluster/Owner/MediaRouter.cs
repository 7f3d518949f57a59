using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Owner;

/// <summary>
/// The media of the calls that this node owns, wherever it is: finds the node that has the call's addresses and sends it what the actor wants,
/// with our token. Safe for concurrent use.
/// </summary>
public sealed class MediaRouter(ClusterNode node, OwnedCalls calls, MediaDirectory directory, Func<IReadOnlyList<PortPoolStatus>> localPools) : IMediaNode
{
    /// <inheritdoc/>
    public IReadOnlyList<PortPoolStatus> PortPools => localPools();

    /// <inheritdoc/>
    public Action<MediaFact>? FactReceived { get; set; }

    /// <inheritdoc/>
    public async ValueTask<ushort[]?> ReserveAsync(CallId callId, IReadOnlyList<PortRequest> requests, CancellationToken cancel)
    {
        var (shard, token) = calls.TokenFor(callId.Value);
        var reply = await calls.TellAtAsync(requests[0].Address, new ReserveMedia(shard, token, callId, requests)).ConfigureAwait(false);
        return reply is null ? throw new MediaNodeException(OwnedCalls.Away) : reply.Ports;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(CallId callId, IReadOnlyList<NetEndpoint> ports, CancellationToken cancel)
    {
        var media = Living(callId);
        if (!media.IsNone)
        {
            var (shard, token) = calls.TokenFor(callId.Value);
            await calls.TellAsync(media, new ReleaseMedia(shard, token, callId, ports)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(MediaPlan plan, CancellationToken cancel)
    {
        var (shard, token) = calls.TokenFor(plan.CallId.Value);
        var entry = calls.Newest(plan.CallId.Value) ?? throw new OwnershipLostException("the call is not in memory");
        var apply = new ApplyMedia(shard, token, plan.CallId, entry, plan);
        if (await calls.TellAtAsync(MediaDirectory.AddressOf(plan), apply).ConfigureAwait(false) is null)
        {
            // It went after the state was saved: the state is in force as soon as somebody has the address.
            node.Doubt(shard, 0, "the media node is gone");
            throw new OwnershipLostException("the call's media node is gone");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CallStatistics?> RemoveAsync(CallId callId, CancellationToken cancel)
    {
        var media = Living(callId);
        var stamp = calls.Newest(callId.Value)?.Stamp ?? default;
        calls.Forget(callId.Value);
        if (media.IsNone)
        {
            return null;
        }

        var (shard, token) = calls.TokenFor(callId.Value);
        return (await calls.TellAsync(media, new RemoveMedia(shard, token, callId, stamp with { Token = token })).ConfigureAwait(false)).Statistics;
    }

    /// <inheritdoc/>
    public async ValueTask<CallStatistics?> ReadAsync(CallId callId, CancellationToken cancel)
    {
        var media = Living(callId);
        if (media.IsNone)
        {
            return null;
        }

        var (shard, token) = calls.TokenFor(callId.Value);
        return (await calls.TellAsync(media, new ReadMedia(shard, token, callId)).ConfigureAwait(false)).Statistics;
    }

    /// <inheritdoc/>
    public ValueTask<MediaTotals> ReadTotalsAsync(CancellationToken cancel) =>
        throw new MediaNodeException("totals are read at each node");

    // The media follows its address; a node that came back as a new process has the same ones.
    private NodeRef Living(CallId callId)
    {
        var media = directory.Find(calls.AddressOf(callId.Value));
        return media.IsNone && calls.MediaOf(callId.Value) is { IsNone: false } before ? directory.Newest(before) : media;
    }
}
