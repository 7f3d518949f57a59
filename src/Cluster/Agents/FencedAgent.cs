using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Agents;

/// <summary>
/// The gate before a node's media: keeps the highest token it has seen of each shard and refuses lower ones, and keeps the newest state of each
/// call it carries, so that it can stand in for a store that lost it. Safe for concurrent use.
/// </summary>
public sealed class FencedAgent(IMediaNode media, ClusterTime time)
{
    private const long RememberEndedMillis = 600_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, FenceToken> _highest = [];
    private readonly Dictionary<string, Held> _calls = [];
    private readonly Dictionary<int, HashSet<string>> _ofShard = [];
    private int _living;
    private readonly Queue<(string CallId, long At)> _ended = new();

    /// <summary>Calls whose media it carries.</summary>
    public int Calls
    {
        get
        {
            lock (_gate)
            {
                return _living;
            }
        }
    }

    /// <summary>What an address is good for here at the moment; asked before anything is kept or put in force.</summary>
    public Func<IpAddress, AddressUse> UseOf { get; set; } = static _ => AddressUse.All;

    /// <summary>Requests refused because of their token.</summary>
    public long Refused { get; private set; }

    /// <summary>The shard of a call it carries; null: it does not.</summary>
    public int? ShardOf(string callId)
    {
        lock (_gate)
        {
            return _calls.TryGetValue(callId, out var held) ? held.Shard : null;
        }
    }

    /// <summary>Forgets calls whose media is another node's now.</summary>
    public void Forget(IEnumerable<CallId> calls)
    {
        lock (_gate)
        {
            foreach (var call in calls)
            {
                Drop(call.Value);
            }
        }
    }

    /// <summary>Takes a new owner's token and tells what it holds of the shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="token">The new owner's token.</param>
    /// <param name="whole">With the states; else the stamps are enough.</param>
    public FenceReply Fence(int shard, FenceToken token, bool whole)
    {
        lock (_gate)
        {
            var highest = Raise(shard, token);
            return new(highest, [.. _ofShard.GetValueOrDefault(shard, []).Select(id => whole ? _calls[id].Entry : _calls[id].Entry.WithoutState())]);
        }
    }

    /// <summary>Does what an owner wants.</summary>
    public async ValueTask<MediaReply> HandleAsync(MediaRequest request, CancellationToken cancel)
    {
        // The state is kept under the same lock that checks the token: a fence that comes next sees it, even while its plan is on its way.
        lock (_gate)
        {
            var highest = Raise(request.Shard, request.Token);
            if (highest > request.Token)
            {
                Refused++;
                return new(MediaOutcome.Fenced) { Highest = highest };
            }

            if (!IsHere(request))
            {
                return new(MediaOutcome.Elsewhere) { Problem = "the address is not here, or its calls are not" };
            }

            switch (request)
            {
                case ApplyMedia apply when !TryKeep(apply.Shard, apply.Call with { Address = AddressOf(apply) }):
                    return new(MediaOutcome.Failed) { Problem = "the agent has a newer state of the call" };
                case RemoveMedia remove:
                    TryKeep(remove.Shard, new CallEntry(remove.CallId.Value, remove.Stamp, true, default));
                    break;
                default:
                    break;
            }
        }

        try
        {
            return await ActAsync(request, cancel).ConfigureAwait(false);
        }
        catch (MediaNodeException e)
        {
            return new(MediaOutcome.Failed) { Problem = e.Message };
        }
    }

    private async ValueTask<MediaReply> ActAsync(MediaRequest request, CancellationToken cancel)
    {
        switch (request)
        {
            case ReserveMedia reserve:
                return new(MediaOutcome.Ok) { Ports = await media.ReserveAsync(reserve.CallId, reserve.Ports, cancel).ConfigureAwait(false) };
            case ReleaseMedia release:
                await media.ReleaseAsync(release.CallId, release.Ports, cancel).ConfigureAwait(false);
                return MediaReply.Done;
            case ApplyMedia { Plan: { } plan }:
                await media.ApplyAsync(plan, cancel).ConfigureAwait(false);
                return MediaReply.Done;
            case RemoveMedia remove:
                return new(MediaOutcome.Ok) { Statistics = await media.RemoveAsync(remove.CallId, cancel).ConfigureAwait(false) };
            case ReadMedia read:
                return new(MediaOutcome.Ok) { Statistics = await media.ReadAsync(read.CallId, cancel).ConfigureAwait(false) };
            default:
                return MediaReply.Done;
        }
    }

    // What is kept for an address that has gone would stay for ever: nobody ends a call where it is not.
    private bool IsHere(MediaRequest request) => request switch
    {
        ReserveMedia reserve => reserve.Ports.All(p => UseOf(p.Address) == AddressUse.All),
        ApplyMedia apply => UseOf(AddressOf(apply)) != AddressUse.None,
        _ => true,
    };

    // A state without a plan leaves the media where it is.
    private IpAddress AddressOf(ApplyMedia apply) => apply.Plan is { } plan ? MediaDirectory.AddressOf(plan)
        : _calls.TryGetValue(apply.CallId.Value, out var held) ? held.Entry.Address : apply.Call.Address;

    private FenceToken Raise(int shard, FenceToken token)
    {
        var highest = _highest.GetValueOrDefault(shard);
        return token > highest ? _highest[shard] = token : highest;
    }

    private bool TryKeep(int shard, CallEntry call)
    {
        if (_calls.TryGetValue(call.CallId, out var held) && call.Stamp < held.Entry.Stamp)
        {
            return false;
        }

        Drop(call.CallId);
        _calls[call.CallId] = new(shard, call);
        _living += call.Tombstone ? 0 : 1;
        if (!_ofShard.TryGetValue(shard, out var ids))
        {
            _ofShard[shard] = ids = [];
        }

        ids.Add(call.CallId);
        if (call.Tombstone)
        {
            _ended.Enqueue((call.CallId, time.Now()));
        }

        while (_ended.TryPeek(out var oldest) && oldest.At + RememberEndedMillis < time.Now())
        {
            _ended.Dequeue();
            if (_calls.TryGetValue(oldest.CallId, out var old) && old.Entry.Tombstone)
            {
                Drop(oldest.CallId);
            }
        }

        return true;
    }

    private void Drop(string callId)
    {
        if (_calls.Remove(callId, out var held))
        {
            _living -= held.Entry.Tombstone ? 0 : 1;
            _ofShard[held.Shard].Remove(callId);
        }
    }

    private sealed record Held(int Shard, CallEntry Entry);
}
