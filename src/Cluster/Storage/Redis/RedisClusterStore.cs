using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// The cluster's store in Redis. Commits have a connection of their own: there a WAIT for replicas holds up commits only, never a lease. So have
/// floating addresses, whose leases are short: the calls of a shard, read at once, must not hold them up.
/// Secrets inside the states are sealed on the way in. Safe for concurrent use.
/// </summary>
public sealed class RedisClusterStore : IClusterStore, IAsyncDisposable
{
    /// <summary>What the resource of a floating address begins with.</summary>
    public const string AddressResource = "addr:";

    private readonly RedisKeys _keys;
    private readonly SecretSealer _sealer;
    private readonly RedisLink _commits;
    private readonly RedisLink _steps;
    private int _waiting;
    private long _committed;
    private long _commitTicks;
    private readonly RedisLink _addresses;

    /// <summary>Begins to connect.</summary>
    public RedisClusterStore(RedisOptions options, string cluster, SecretSealer sealer, ILogger log)
    {
        _keys = new RedisKeys(cluster);
        _sealer = sealer;
        string[] scripts = [.. RedisScript.All.Select(s => s.Text)];
        _commits = new RedisLink(options, scripts, log);
        _steps = new RedisLink(options with { WaitReplicas = 0 }, scripts, log);
        _addresses = new RedisLink(options with { WaitReplicas = 0 }, scripts, log);
    }

    /// <summary>All connections work.</summary>
    public bool IsConnected => _commits.IsConnected && _steps.IsConnected && _addresses.IsConnected;

    /// <summary>Connections that were made since the start; two when none was ever lost.</summary>
    public long Connects => _commits.Connects + _steps.Connects;

    /// <summary>Commits that wait for Redis and its replicas.</summary>
    public int CommitsWaiting => Volatile.Read(ref _waiting);

    /// <summary>Commits that were answered, and how long they took all together, ms.</summary>
    public (long Count, double Millis) CommitTimes => (Volatile.Read(ref _committed), Stopwatch.GetElapsedTime(0, Volatile.Read(ref _commitTicks)).TotalMilliseconds);

    /// <inheritdoc/>
    public async ValueTask<StoreReply> ExecuteAsync(StoreRequest request, CancellationToken cancel)
    {
        var work = request switch
        {
            AcquireLease r => LeaseAsync(RedisScript.Acquire, r.Resource,
                [r.Owner.Node, r.Owner.Incarnation, r.TtlMillis, r.GraceMillis, r.MinEpoch, .. r.Dead.Select(d => (RespWord)d.ToString())]),
            RenewLease r => LeaseAsync(RedisScript.Renew, r.Resource, [r.Owner.Node, r.Owner.Incarnation, r.Epoch, r.TtlMillis]),
            ReleaseLease r => LeaseAsync(RedisScript.Release, r.Resource,
                [r.Owner.Node, r.Owner.Incarnation, r.Epoch, r.To.Node ?? string.Empty, r.To.Incarnation, r.TtlMillis]),
            ReadLease r => LeaseAsync(RedisScript.ReadLease, r.Resource, []),
            CommitCall r => CommitAsync(r),
            RestampCalls r => RestampAsync(r),
            ReadStamps r => ReadStampsAsync(r.Resource),
            ReadCall r => ReadCallAsync(r.Resource, r.CallId),
            ReadCachedReply r => ReadReplyAsync(r),
            Heartbeat r => MembersAsync(RedisScript.Heartbeat,
                [r.Member.ToString(), r.Member.Node, r.Member.Incarnation, MemberJson.Word(r.State), MemberJson.Write(r.Info), Heartbeat.ForgetMillis]),
            DeclareDead r => MembersAsync(RedisScript.Declare, [r.Subject.ToString(), r.Voter.ToString(), r.FreshMillis, r.LeaseMillis]),
            ReadMembers => MembersAsync(RedisScript.Members, []),
            AppendPlans r => AppendAsync(r),
            ReadPlanLog r => ReadPlansAsync(r),
            OfferCertificate r => CertificateAsync(r),
            _ => throw new ArgumentException($"no script for {request.GetType().Name}", nameof(request)),
        };
        return await work.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync().ConfigureAwait(false);
        await _steps.DisposeAsync().ConfigureAwait(false);
        await _addresses.DisposeAsync().ConfigureAwait(false);
    }

    private static RespWord[] Words(RedisScript script, RespWord[] keys, RespWord[] arguments) =>
        ["EVALSHA", script.Sha, keys.Length, .. keys, .. arguments];

    private async Task<StoreReply> LeaseAsync(RedisScript script, string resource, RespWord[] arguments)
    {
        var link = resource.StartsWith(AddressResource, StringComparison.Ordinal) ? _addresses : _steps;
        var answer = await link.SendAsync(false, Words(script, [_keys.Owner(resource)], arguments)).ConfigureAwait(false);
        var items = Items(answer, 5);
        var owner = items[1].Text.Length == 0 ? NodeRef.None : new NodeRef(items[1].Text, items[2].Integer);
        return new LeaseReply(items[0].Integer == 1, owner, items[3].Integer, items[4].Integer);
    }

    private async Task<StoreReply> CommitAsync(CommitCall r)
    {
        string resource = r.Resource;
        var state = r.Tombstone ? ReadOnlyMemory<byte>.Empty : _sealer.Seal(r.CallId, r.State);
        RespWord[] keys =
            [_keys.Owner(resource), _keys.Calls(resource), _keys.Call(resource, r.CallId), _keys.Reply(resource, r.Cookie), _keys.Ended(resource)];
        RespWord[] arguments =
        [
            r.Owner.Node, r.Owner.Incarnation, r.Stamp.Token.Epoch, r.CallId, r.Stamp.Generation, r.Stamp.Version, r.Tombstone ? 1 : 0, state,
            r.Cookie, _sealer.SealBytes(r.Reply), CommitCall.ReplyMillis, CommitCall.TombstoneSeconds,
        ];
        long start = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _waiting);
        try
        {
            var outcome = Outcome(await _commits.SendAsync(true, Words(RedisScript.Commit, keys, arguments)).ConfigureAwait(false));
            Interlocked.Increment(ref _committed);
            Interlocked.Add(ref _commitTicks, Stopwatch.GetTimestamp() - start);
            return outcome;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<StoreReply> RestampAsync(RestampCalls r)
    {
        RespWord[] keys = [_keys.Owner(r.Resource), .. r.Calls.Select(c => (RespWord)_keys.Call(r.Resource, c.CallId))];
        RespWord[] arguments =
        [
            r.Owner.Node, r.Owner.Incarnation, r.Epoch,
            .. r.Calls.SelectMany(c => new RespWord[] { c.Stamp.Token.Epoch, c.Stamp.Token.Incarnation, c.Stamp.Generation, c.Stamp.Version }),
        ];
        return Outcome(await _commits.SendAsync(true, Words(RedisScript.Restamp, keys, arguments)).ConfigureAwait(false));
    }

    private static CommitReply Outcome(RespValue answer) => new(answer.Text switch
    {
        "OK" => CommitOutcome.Ok,
        "FENCED" => CommitOutcome.Fenced,
        "STALE" => CommitOutcome.Stale,
        _ => throw new StoreUnavailableException("Redis: commit answered " + answer.Text),
    });

    // A shard may have thousands of calls: all of them in one go, and one wait for all of them.
    private async Task<StoreReply> ReadStampsAsync(string resource)
    {
        var live = await _steps.SendAsync(false, ["ZRANGE", _keys.Calls(resource), 0, -1]).ConfigureAwait(false);
        var ended = await _steps.SendAsync(false, ["ZRANGE", _keys.Ended(resource), 0, -1]).ConfigureAwait(false);
        string[] callIds = [.. live.Items.Concat(ended.Items).Select(i => i.Text)];
        var found = await _steps.SendAllAsync([.. callIds.Select(id => Stamp(resource, id))]).ConfigureAwait(false);
        return new CallsReply([.. callIds.Zip(found).Where(c => !Items(c.Second, 5)[0].IsNull).Select(c => Entry(c.First, c.Second.Items).WithoutState())]);
    }

    // With the last answer, so that the agents keep it too: a store that forgets it later cannot make its command run twice.
    private async Task<StoreReply> ReadCallAsync(string resource, string callId)
    {
        var items = Items(await _steps.SendAsync(false, Stamp(resource, callId, "state", "cookie")).ConfigureAwait(false), 7);
        if (items[0].IsNull)
        {
            return new CallsReply([]);
        }

        byte[]? reply = items[6].IsNull ? null : await ReplyAsync(resource, items[6].Text).ConfigureAwait(false);
        var call = Entry(callId, items) with { State = _sealer.Open(callId, items[5].Bytes ?? []) };
        return new CallsReply([reply is null ? call : call with { Answer = new(items[6].Text, reply) }]);
    }

    private RespWord[] Stamp(string resource, string callId, params ReadOnlySpan<RespWord> more) =>
        ["HMGET", _keys.Call(resource, callId), "epoch", "incarnation", "generation", "version", "tombstone", .. more];

    private static CallEntry Entry(string callId, RespValue[] f) => new(callId, new(new(f[0].Integer, f[1].Integer), f[2].Integer, f[3].Integer), f[4].Text == "1", default);

    private async Task<StoreReply> ReadReplyAsync(ReadCachedReply r) => new CachedReply(await ReplyAsync(r.Resource, r.Cookie).ConfigureAwait(false));

    private async Task<byte[]?> ReplyAsync(string resource, string cookie)
    {
        var answer = await _steps.SendAsync(false, ["GET", _keys.Reply(resource, cookie)]).ConfigureAwait(false);
        return answer.IsNull ? null : _sealer.OpenBytes(answer.Bytes);
    }

    private async Task<StoreReply> MembersAsync(RedisScript script, RespWord[] arguments)
    {
        var answer = await _steps.SendAsync(false, Words(script, [_keys.Members], arguments)).ConfigureAwait(false);
        var items = Items(answer, 2);
        return MemberJson.Read(items[0].Integer, items[1].Items, _steps.StoreId);
    }

    private async Task<StoreReply> AppendAsync(AppendPlans r)
    {
        RespWord[] arguments =
        [
            r.Owner.Node, r.Owner.Incarnation, r.Epoch, AppendPlans.LogLength,
            .. r.Plans.SelectMany(p => new RespWord[] { p.CallId, _sealer.SealBytes(p.Plan) }),
        ];
        var answer = await _addresses.SendAsync(false, Words(RedisScript.AppendPlans, PlanKeys(r.Resource), arguments)).ConfigureAwait(false);
        return new CommitReply(answer.Text == "OK" ? CommitOutcome.Ok : CommitOutcome.Fenced);
    }

    private async Task<StoreReply> ReadPlansAsync(ReadPlanLog r)
    {
        var answer = await _addresses.SendAsync(
            false, Words(RedisScript.ReadPlans, PlanKeys(r.Resource), [r.After.Epoch, r.After.Number, AppendPlans.LogLength])).ConfigureAwait(false);
        var items = Items(answer, 4);
        var words = items[3].Items ?? [];
        var plans = new LoggedPlan[words.Length / 2];
        for (int i = 0; i < plans.Length; i++)
        {
            plans[i] = new(words[2 * i].Text, _sealer.OpenBytes(words[(2 * i) + 1].Bytes));
        }

        return new PlanLogReply(new(items[1].Integer, items[2].Integer), items[0].Integer == 1, plans);
    }

    private RespWord[] PlanKeys(string resource) => [_keys.Owner(resource), _keys.Plans(resource), _keys.Log(resource)];

    private async Task<StoreReply> CertificateAsync(OfferCertificate r)
    {
        var answer = await _steps.SendAsync(
            false, Words(RedisScript.Certificate, [_keys.Certificate], [r.Before, r.Made, _sealer.SealBytes(r.Certificate)])).ConfigureAwait(false);
        var items = Items(answer, 2);
        return new CertificateReply(items[0].Integer, _sealer.OpenBytes(items[1].Bytes));
    }

    private static RespValue[] Items(RespValue answer, int count) =>
        answer.Items?.Length == count ? answer.Items : throw new StoreUnavailableException("Redis: an answer of another shape");
}
