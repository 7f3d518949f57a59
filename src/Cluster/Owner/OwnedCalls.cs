using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Owner;

/// <summary>
/// The calls that this node owns, as its actors see them: a state is durable when the store has it under our token and the call's media node has
/// taken it under our token too. Safe for concurrent use; the saves of one call come one after the other.
/// </summary>
public sealed class OwnedCalls(ClusterNode node, IClusterStore store, IPeers peers, MediaDirectory directory, ClusterTime time) : ICallStore
{
    /// <summary>What a command is told that was not begun because its call's media node is away. Asked again it may well succeed.</summary>
    public const string Away = "the call's media node is away";

    private const int RetryMillis = 20, AskAgainMillis = 50, PatienceMillis = 3500;
    private readonly ConcurrentDictionary<string, OwnedCall> _calls = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool KeepsAnswers => true;

    /// <summary>Calls it holds.</summary>
    public int Count => _calls.Count;

    /// <summary>Puts a recovered call in.</summary>
    /// <param name="call">Its newest state.</param>
    /// <param name="media">Who carries its media; none: nobody yet.</param>
    /// <param name="address">The address its media is on; none: unknown.</param>
    public void Put(CallEntry call, NodeRef media, IpAddress address) => _calls[call.CallId] = new(call, media, address);

    /// <summary>Forgets the calls of a shard.</summary>
    public void Drop(int shard)
    {
        foreach (string callId in _calls.Keys.Where(id => node.ShardOf(id) == shard))
        {
            _calls.TryRemove(callId, out _);
        }
    }

    /// <summary>Who carries a call's media; none: nobody yet.</summary>
    public NodeRef MediaOf(string callId) => _calls.TryGetValue(callId, out var call) ? call.Media : NodeRef.None;

    /// <summary>The address that a call's media is on; none: unknown.</summary>
    public IpAddress AddressOf(string callId) => _calls.TryGetValue(callId, out var call) ? call.Address : IpAddress.None;

    /// <summary>The calls whose addresses another process has than the one that carried their media: a new life of the same node, or another node.</summary>
    /// <param name="find">Who has an address now; none: nobody.</param>
    public IReadOnlyList<(string CallId, NodeRef Media)> Moved(Func<IpAddress, NodeRef> find) =>
    [
        .. _calls.Values.Where(c => c.Entry is { Tombstone: false }).Select(c => (Call: c, Media: find(c.Address)))
            .Where(c => !c.Media.IsNone && c.Media != c.Call.Media).Select(c => (c.Call.Entry!.CallId, c.Media)),
    ];

    /// <summary>Says who carries a call's media, and on which address.</summary>
    public void Place(string callId, NodeRef media, IpAddress address) =>
        _calls.AddOrUpdate(callId, static (_, m) => new(null, m.media, m.address), static (_, call, m) => call with { Media = m.media, Address = m.address }, (media, address));

    /// <summary>Who has an address; one that is on its way is waited for. None: nobody.</summary>
    public async ValueTask<NodeRef> FindAsync(IpAddress address)
    {
        // A floating address that nobody has is on its way to somebody; a node whose control process is being replaced is back with its addresses soon, and
        // a client would only ask again.
        var media = directory.Find(address);
        for (int waited = 0; media.IsNone && waited < PatienceMillis && (directory.Floats(address) || directory.IsAway(address)); waited += RetryMillis)
        {
            await time.Delay(RetryMillis).ConfigureAwait(false);
            media = directory.Find(address);
        }

        return media;
    }

    /// <summary>The newest state of a call, or the stamp of it; null: none saved.</summary>
    public CallEntry? Newest(string callId) => _calls.TryGetValue(callId, out var call) ? call.Entry : null;

    /// <summary>The newest state of a call; one whose stamp was enough until now is read from the store. Null: none saved.</summary>
    /// <exception cref="OwnershipLostException">The store does not answer, or lost it: the shard is taken again.</exception>
    public async ValueTask<CallEntry?> WholeAsync(string callId)
    {
        int shard = node.ShardOf(callId);
        for (long until = time.Now() + PatienceMillis; Newest(callId) is { IsStampOnly: true } entry; await time.Delay(RetryMillis).ConfigureAwait(false))
        {
            CallEntry? stored;
            try
            {
                var read = await store.RunAsync(new ReadCall(Resource(shard), callId), CancellationToken.None).ConfigureAwait(false);
                stored = read.Calls.Count == 0 ? null : read.Calls[0];
            }
            catch (StoreUnavailableException e)
            {
                GiveUp(shard, entry.Stamp.Token, until, e);
                continue;
            }

            if (stored?.Stamp == entry.Stamp)
            {
                return Complete(entry, stored with { Address = entry.Address });
            }

            bool isUnderWay = stored is not null && stored.Stamp.Token == entry.Stamp.Token && stored.Stamp > entry.Stamp;
            if (!isUnderWay && ReferenceEquals(Newest(callId), entry))
            {
                node.Doubt(shard, 0, "the store lost the state of a call");
                throw new OwnershipLostException("the store lost the call's state");
            }

            GiveUp(shard, entry.Stamp.Token, until, null);
        }

        return Newest(callId);
    }

    /// <summary>The token for what we do to a call now.</summary>
    /// <exception cref="OwnershipLostException">The call is not ours.</exception>
    public (int Shard, FenceToken Token) TokenFor(string callId)
    {
        int shard = node.ShardOf(callId);
        if (node.TokenOf(shard) is { } token)
        {
            return (shard, token);
        }

        // The lease ran out in the middle of a command: what it has saved may not be in force, and its actor is given up. Should the lease go on, only
        // a take-over from the first step puts that right.
        node.Doubt(shard, 0, "the lease ran out while a command ran");
        throw new OwnershipLostException($"shard {shard} is not served here");
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(StoredCall call, CancellationToken cancel) => SaveAsync(call, null, cancel);

    /// <inheritdoc/>
    public async ValueTask SaveAsync(StoredCall call, CommandAnswer? answer, CancellationToken cancel)
    {
        // Before anything is changed: what is saved and then not in force must not be answered.
        var address = call.PlanFollows ? AddressOf(call.CallId.Value) : IpAddress.None;
        if (address != IpAddress.None && (await FindAsync(address).ConfigureAwait(false)).IsNone)
        {
            throw new MediaNodeException(Away);
        }

        var (shard, token) = TokenFor(call.CallId.Value);
        var before = Newest(call.CallId.Value);
        long generation = before is { Tombstone: false } ? before.Stamp.Generation : time.Wall().Micros;
        var entry = new CallEntry(call.CallId.Value, new(token, generation, call.Version), false, call.State)
        {
            Answer = answer ?? before?.Answer,
            Address = AddressOf(call.CallId.Value),
        };
        await CommitAsync(shard, entry).ConfigureAwait(false);
        _calls.AddOrUpdate(entry.CallId, static (_, e) => new(e, NodeRef.None, IpAddress.None), static (_, old, e) => old with { Entry = e }, entry);
        if (!call.PlanFollows && MediaOf(entry.CallId) is { IsNone: false } media)
        {
            // Where the address is not, the call is not: it gets this state with its plan as soon as it has followed.
            await TellAsync(media, new ApplyMedia(shard, token, call.CallId, entry, null)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(CallId callId, CancellationToken cancel) => DeleteAsync(callId, null, cancel);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(CallId callId, CommandAnswer? answer, CancellationToken cancel)
    {
        if (Newest(callId.Value) is not { } before)
        {
            return;
        }

        var (shard, token) = TokenFor(callId.Value);
        var entry = new CallEntry(callId.Value, new(token, before.Stamp.Generation, before.Stamp.Version + 1), true, default) { Answer = answer };
        await CommitAsync(shard, entry).ConfigureAwait(false);
        // The media goes with the next step, which names this end.
        _calls.AddOrUpdate(callId.Value, static (_, e) => new(e, NodeRef.None, IpAddress.None), static (_, old, e) => old with { Entry = e }, entry);
    }

    /// <inheritdoc/>
    public async ValueTask<StoredCall?> LoadAsync(CallId callId, CancellationToken cancel)
    {
        var entry = await WholeAsync(callId.Value).ConfigureAwait(false);
        return entry is { Tombstone: false } ? new StoredCall(callId, entry.Stamp.Version, entry.State) : null;
    }

    /// <inheritdoc/>
    public void Passivate(CallId callId)
    {
        if (_calls.TryGetValue(callId.Value, out var call) && call.Entry is { Tombstone: false, IsStampOnly: false } entry)
        {
            _calls.TryUpdate(callId.Value, call with { Entry = entry.WithoutState() with { Address = call.Address } }, call);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredCall> LoadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (string id in _calls.Keys)
        {
            if (await LoadAsync(new CallId(id), cancel).ConfigureAwait(false) is { } call)
            {
                yield return call;
            }
        }
    }

    /// <summary>
    /// Has the agent that has an address do something. One to which it is only on its way, or that has just given it away, is asked again, or the next.
    /// </summary>
    /// <returns>What it answered; null: nobody has the address, or nobody whose calls are there, for longer than a client waits.</returns>
    /// <exception cref="OwnershipLostException">As below.</exception>
    /// <exception cref="MediaNodeException">As below.</exception>
    public async ValueTask<MediaReply?> TellAtAsync(IpAddress address, MediaRequest request)
    {
        for (long until = time.Now() + PatienceMillis; time.Now() < until; await time.Delay(RetryMillis).ConfigureAwait(false))
        {
            var media = await FindAsync(address).ConfigureAwait(false);
            if (media.IsNone)
            {
                break;
            }

            Place(request.CallId.Value, media, address);
            var reply = await TellAsync(media, request).ConfigureAwait(false);
            if (reply.Outcome == MediaOutcome.Ok)
            {
                return reply;
            }
        }

        return null;
    }

    /// <summary>Has an agent do something.</summary>
    /// <returns>Its answer, Ok or Elsewhere.</returns>
    /// <exception cref="OwnershipLostException">It has seen a higher token, or did not answer: whether it was done is unknown.</exception>
    /// <exception cref="MediaNodeException">It could not.</exception>
    public async ValueTask<MediaReply> TellAsync(NodeRef media, MediaRequest request)
    {
        var reply = await AskAsync(media, request).ConfigureAwait(false);
        switch (reply?.Outcome)
        {
            case MediaOutcome.Ok or MediaOutcome.Elsewhere:
                return reply;
            case MediaOutcome.Fenced:
                node.Doubt(request.Shard, reply.Highest.Epoch, $"agent {media.Node} has seen token {reply.Highest}");
                throw new OwnershipLostException($"agent {media.Node} has seen token {reply.Highest}");
            case MediaOutcome.Failed:
                throw new MediaNodeException(reply.Problem);
            case null when request is ReadMedia:
                // Nothing was to be changed: nothing is in doubt, and a call ends without its statistics rather than not at all.
                return MediaReply.Done;
            default:
                node.Doubt(request.Shard, 0, $"agent {media.Node} did not answer");
                throw new OwnershipLostException($"agent {media.Node} did not answer");
        }
    }

    // An agent that lives and says nothing is slow, or its answer is lost: the same again, as with a commit. Only when it is gone, or our token is, do we
    // not know what is in force.
    private async ValueTask<MediaReply?> AskAsync(NodeRef media, MediaRequest request)
    {
        long until = time.Now() + PatienceMillis;
        for (bool first = true; ; first = false)
        {
            if (await peers.MediaAsync(media, request).ConfigureAwait(false) is { } reply)
            {
                return reply;
            }

            if (first)
            {
                node.Hint();
            }

            if (time.Now() >= until || node.LivingLife(media) != media || node.TokenOf(request.Shard) != request.Token)
            {
                return null;
            }

            await time.Delay(AskAgainMillis).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets an ended call.</summary>
    public void Forget(string callId) => _calls.TryRemove(callId, out _);

    private async ValueTask CommitAsync(int shard, CallEntry entry)
    {
        var commit = new CommitCall(
            Resource(shard), node.Self, entry.CallId, entry.Stamp, entry.State, entry.Tombstone,
            entry.Answer?.Cookie ?? string.Empty, entry.Answer?.Reply ?? default);
        long until = time.Now() + PatienceMillis;
        while (true)
        {
            try
            {
                var reply = await store.RunAsync(commit, CancellationToken.None).ConfigureAwait(false);
                if (reply.Outcome == CommitOutcome.Ok)
                {
                    await ServedAsync(shard, entry.Stamp.Token, until).ConfigureAwait(false);
                    return;
                }

                node.Doubt(shard, 0, $"a commit was answered {reply.Outcome}");
                throw new OwnershipLostException($"the store answered {reply.Outcome}");
            }
            catch (StoreUnavailableException e)
            {
                // The same commit again, never another one, for as long as nobody has told us that the shard is another's. That the lease ran out meanwhile
                // does not matter: the store refuses the commit when somebody has taken it.
                GiveUp(shard, entry.Stamp.Token, until, e);
                await time.Delay(RetryMillis).ConfigureAwait(false);
            }
        }
    }

    private static string Resource(int shard) => shard.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // When the token is not ours any more, or it took too long: what the store has is unknown.
    private void GiveUp(int shard, FenceToken token, long until, Exception? problem)
    {
        if (!node.Holds(shard, token) || time.Now() >= until)
        {
            node.Doubt(shard, 0, "what the store has is unknown");
            throw new OwnershipLostException("the store does not answer", problem);
        }
    }

    private CallEntry Complete(CallEntry stamp, CallEntry whole)
    {
        if (_calls.TryGetValue(stamp.CallId, out var call) && ReferenceEquals(call.Entry, stamp))
        {
            _calls.TryUpdate(stamp.CallId, call with { Entry = whole }, call);
        }

        return whole;
    }

    // A lease that ran out while the store was away goes on with its next renewal.
    private async ValueTask ServedAsync(int shard, FenceToken token, long until)
    {
        while (node.TokenOf(shard) != token && node.Holds(shard, token) && time.Now() < until)
        {
            await time.Delay(RetryMillis).ConfigureAwait(false);
        }
    }

    private sealed record OwnedCall(CallEntry? Entry, NodeRef Media, IpAddress Address);
}
