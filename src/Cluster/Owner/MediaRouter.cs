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
        var media = requests.Count == 0 ? node.Self : await calls.FindAsync(requests[0].Address).ConfigureAwait(false);
        if (media.IsNone)
        {
            throw new MediaNodeException(OwnedCalls.Away);
        }

        calls.Place(callId.Value, media, requests.Count == 0 ? IpAddress.None : requests[0].Address);
        var (shard, token) = calls.TokenFor(callId.Value);
        return (await calls.TellAsync(media, new ReserveMedia(shard, token, callId, requests)).ConfigureAwait(false)).Ports;
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
        var media = await calls.FindAsync(MediaDirectory.AddressOf(plan)).ConfigureAwait(false);
        var (shard, token) = calls.TokenFor(plan.CallId.Value);
        if (media.IsNone)
        {
            // It went after the state was saved: the state is in force as soon as somebody has the address.
            node.Doubt(shard, 0, "the media node is gone");
            throw new OwnershipLostException("the call's media node is gone");
        }

        var entry = calls.Newest(plan.CallId.Value) ?? throw new OwnershipLostException("the call is not in memory");
        calls.Place(plan.CallId.Value, media, MediaDirectory.AddressOf(plan));
        await calls.TellAsync(media, new ApplyMedia(shard, token, plan.CallId, entry, plan)).ConfigureAwait(false);
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
