using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Owner;

/// <summary>What brings calls to life and forgets them: the call actors.</summary>
public interface ICallRestorer
{
    /// <summary>Brings a stored call to life; returns its plan, null: none was pushed yet, or it cannot be read.</summary>
    MediaPlan? Restore(StoredCall call);

    /// <summary>Says that the store has a call, which is brought to life when it is needed.</summary>
    void RestoreLater(CallId callId);

    /// <summary>The plan of a stored call, which goes on living as it is; null as above.</summary>
    MediaPlan? PlanOf(StoredCall call);

    /// <summary>Forgets the calls of a shard without ending them.</summary>
    void Forget(Predicate<CallId> calls);
}

/// <summary>
/// Serves and stops shards: restores what a take-over found, has the media nodes do what the newest states say, and does it again for a node whose
/// process is new. Safe for concurrent use.
/// </summary>
public sealed class OwnerHost(ICallRestorer restorer, MediaDirectory directory, ClusterTime time, ILogger log) : IShardHost
{
    private const int RetryMillis = 100, GiveAtOnce = 32, RestoreAtOnce = 256;
    private OwnedCalls _calls = null!;
    private ClusterNode _node = null!;

    /// <summary>Takes over the answers that former owners gave.</summary>
    public Action<int, CommandAnswer> Answered { get; set; } = static (_, _) => { };

    /// <summary>Closes the circle of the parts; before anything else.</summary>
    public void Attach(ClusterNode node, OwnedCalls calls)
    {
        _node = node;
        _calls = calls;
        node.MembersChanged = view => TakeMembers(view, always: true);
        node.MembersRead = view => TakeMembers(view, always: false);
    }

    /// <inheritdoc/>
    public async ValueTask ServeAsync(ServeShard serve)
    {
        var work = new List<Task>();
        var lost = new List<CallEntry>();
        foreach (var (call, at) in serve.Calls)
        {
            if (call.Answer is { } answer)
            {
                Answered(serve.Shard, answer);
            }

            if (call.Tombstone)
            {
                work.AddRange(_node.View!.Members.Where(m => m.State != MemberState.Dead).Select(m => MustAskAgainAsync(
                    m.Node, new RemoveMedia(serve.Shard, serve.Token, new CallId(call.CallId), call.Stamp))));
                continue;
            }

            if (!at.IsNone)
            {
                // Its media goes on as it should: the command comes first, then the call.
                _calls.Put(call, at, call.Address);
                restorer.RestoreLater(new CallId(call.CallId));
                continue;
            }

            _calls.Put(call, NodeRef.None, IpAddress.None);
            lost.Add(call);
        }

        await Task.WhenAll(work).ConfigureAwait(false);
        foreach (var some in lost.Chunk(RestoreAtOnce))
        {
            await Task.WhenAll(some.Select(call => PutInForceAsync(serve, call.CallId))).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Stop(int shard)
    {
        restorer.Forget(id => _node.ShardOf(id.Value) == shard);
        _calls.Drop(shard);
    }

    /// <summary>Addresses may have moved: calls whose media another process has now get their plans there, and follow it.</summary>
    public async Task FollowAsync()
    {
        // Side by side: a node that does not answer holds up nobody else's calls.
        await Task.WhenAll(_calls.Moved(directory.Find).GroupBy(c => c.Media).Select(group => GiveAsync(group.Key, [.. group.Select(c => c.CallId)]))).ConfigureAwait(false);
    }

    private async Task GiveAsync(NodeRef media, string[] calls)
    {
        int given = 0;
        foreach (var some in calls.Chunk(GiveAtOnce))
        {
            bool[] taken = await Task.WhenAll(some.Select(callId => GiveAsync(callId, media))).ConfigureAwait(false);
            given += taken.Count(t => t);
        }

        log.LogInformation("{Node} has the addresses of {Calls} calls that another process had: given to it", media, given);
    }

    private void TakeMembers(MembersReply view, bool always)
    {
        if (directory.Set(view) | always)
        {
            _ = FollowAsync();
        }
    }

    // No agent has its newest state, or none that lives.
    private async Task PutInForceAsync(ServeShard serve, string callId)
    {
        if (await TryLoadAsync(callId).ConfigureAwait(false) is not { } call)
        {
            restorer.RestoreLater(new CallId(callId));
            return;
        }

        if (restorer.Restore(Stored(call)) is not { } plan)
        {
            return;
        }

        NodeRef media;
        do
        {
            media = directory.Find(plan);
            _calls.Place(callId, media, MediaDirectory.AddressOf(plan));
        }
        while (!media.IsNone && await MustAskAgainAsync(media, new ApplyMedia(serve.Shard, serve.Token, new CallId(callId), call, plan)).ConfigureAwait(false));
    }

    /// <summary>What is in force there under the same epoch goes on untouched.</summary>
    private async Task<bool> GiveAsync(string callId, NodeRef media)
    {
        int shard = _node.ShardOf(callId);
        while (await TryLoadAsync(callId).ConfigureAwait(false) is { } call && _node.TokenOf(shard) is { } token && restorer.PlanOf(Stored(call)) is { } plan)
        {
            _calls.Place(call.CallId, media, MediaDirectory.AddressOf(plan));
            // When it moves on meanwhile, it is followed from there.
            if (!await MustAskAgainAsync(media, new ApplyMedia(shard, token, new CallId(call.CallId), call, plan)).ConfigureAwait(false) || directory.Find(plan) != media)
            {
                return true;
            }
        }

        return false;
    }

    private static StoredCall Stored(CallEntry call) => new(new CallId(call.CallId), call.Stamp.Version, call.State);

    // Null: it ended, the shard is taken again, or what the store has cannot be read: then the others of its shard must not wait for it.
    private async ValueTask<CallEntry?> TryLoadAsync(string callId)
    {
        try
        {
            return await _calls.WholeAsync(callId).ConfigureAwait(false) is { Tombstone: false } call ? call : null;
        }
        catch (OwnershipLostException e)
        {
            log.LogWarning("call {CallId}: {Problem}", callId, e.Message);
            return null;
        }
        catch (FormatException e)
        {
            log.LogError(e, "stored call {CallId} cannot be read", callId);
            return null;
        }
    }

    // An answer may have gone out, or go out from the store, on the strength of this: as long as the agent lives and the token is ours it is tried again.
    // True: the call's address is not there, or not yet, and some time has passed.
    private async Task<bool> MustAskAgainAsync(NodeRef media, MediaRequest request)
    {
        while (true)
        {
            try
            {
                if ((await _calls.TellAsync(media, request).ConfigureAwait(false)).Outcome != MediaOutcome.Elsewhere)
                {
                    return false;
                }

                await time.Delay(RetryMillis).ConfigureAwait(false);
                return true;
            }
            catch (MediaNodeException e)
            {
                log.LogWarning("call {CallId} at {Node}: {Problem}", request.CallId.Value, media, e.Message);
                return false;
            }
            catch (OwnershipLostException e)
            {
                if (_node.LivingLife(media) != media || !_node.Holds(request.Shard, request.Token))
                {
                    log.LogWarning("call {CallId} at {Node}: {Problem}", request.CallId.Value, media, e.Message);
                    return false;
                }
            }

            await time.Delay(RetryMillis).ConfigureAwait(false);
        }
    }
}
