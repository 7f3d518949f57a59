using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// The C# twins of the Lua scripts: the same steps on dictionaries, with time as an argument. Tests hold the two against each other with random
/// histories, and the simulation runs on it. Not safe for concurrent use.
/// </summary>
public sealed class MemoryClusterStore
{
    private readonly Dictionary<string, Lease> _leases = [];
    private readonly Dictionary<(string Resource, string CallId), CallEntry> _calls = [];
    private readonly Dictionary<(string Resource, string Cookie), (byte[] Reply, long Until)> _replies = [];
    private readonly SortedDictionary<string, MemberRecord> _members = new(StringComparer.Ordinal);
    private readonly MemoryPlanLogs _plans = new();
    private CertificateReply _certificate = new(0, default);
    private long _version;

    /// <summary>Who this store claims to be; changes with a fail-over.</summary>
    public string StoreId { get; set; } = "memory";

    /// <summary>A copy as it is now: what a replica has.</summary>
    public MemoryClusterStore Clone()
    {
        var copy = new MemoryClusterStore { StoreId = StoreId, _version = _version, _certificate = _certificate };
        _plans.CopyTo(copy._plans);
        Copy(_leases, copy._leases);
        Copy(_calls, copy._calls);
        Copy(_replies, copy._replies);
        foreach (var (key, value) in _members)
        {
            copy._members[key] = value with { Votes = new(value.Votes) };
        }

        return copy;
    }

    /// <summary>Does one step at <paramref name="now"/> (ms).</summary>
    public StoreReply Execute(StoreRequest request, long now) => request switch
    {
        AcquireLease r => Acquire(r, now),
        RenewLease r => Renew(r, now),
        ReleaseLease r => Release(r, now),
        ReadLease r => Show(true, r.Resource, now),
        CommitCall r => Commit(r, now),
        RestampCalls r => Restamp(r),
        ReadStamps r => new CallsReply([.. _calls.Where(c => c.Key.Resource == r.Resource).Select(c => c.Value.WithoutState())]),
        ReadCall r => new CallsReply(_calls.TryGetValue((r.Resource, r.CallId), out var call) ? [Shown(r.Resource, call, now)] : []),
        ReadCachedReply r => new CachedReply(Reply(r.Resource, r.Cookie, now)),
        Heartbeat r => Beat(r, now),
        DeclareDead r => Declare(r, now),
        ReadMembers => Members(now),
        AppendPlans r => new CommitReply(Owns(r.Resource, r.Owner, r.Epoch) ? _plans.Append(r) : CommitOutcome.Fenced),
        ReadPlanLog r => _plans.Read(r),
        OfferCertificate r => _certificate = r.Made != 0 && r.Before == _certificate.Made ? new(r.Made, r.Certificate) : _certificate,
        _ => throw new ArgumentException($"no twin for {request.GetType().Name}", nameof(request)),
    };

    private static void Copy<TKey, TValue>(Dictionary<TKey, TValue> from, Dictionary<TKey, TValue> to)
        where TKey : notnull
    {
        foreach (var (key, value) in from)
        {
            to[key] = value;
        }
    }

    private LeaseReply Acquire(AcquireLease r, long now)
    {
        var lease = _leases.GetValueOrDefault(r.Resource);
        bool free = lease.Owner.IsNone || lease.Owner == r.Owner || lease.Expires + r.GraceMillis < now || r.Dead.Contains(lease.Owner);
        if (free)
        {
            _leases[r.Resource] = new(r.Owner, Math.Max(lease.Epoch, r.MinEpoch) + 1, now + r.TtlMillis);
        }

        return Show(free, r.Resource, now);
    }

    private LeaseReply Renew(RenewLease r, long now)
    {
        bool ours = Owns(r.Resource, r.Owner, r.Epoch);
        if (ours)
        {
            _leases[r.Resource] = _leases[r.Resource] with { Expires = now + r.TtlMillis };
        }

        return Show(ours, r.Resource, now);
    }

    private LeaseReply Release(ReleaseLease r, long now)
    {
        bool ours = Owns(r.Resource, r.Owner, r.Epoch);
        if (ours)
        {
            _leases[r.Resource] = r.To.IsNone ? new(NodeRef.None, r.Epoch, now) : new(r.To, r.Epoch + 1, now + r.TtlMillis);
        }

        return Show(ours, r.Resource, now);
    }

    private CommitReply Commit(CommitCall r, long now)
    {
        if (!Owns(r.Resource, r.Owner, r.Stamp.Token.Epoch))
        {
            return new(CommitOutcome.Fenced);
        }

        var entry = new CallEntry(r.CallId, r.Stamp, r.Tombstone, r.Tombstone ? default : r.State);
        if (_calls.TryGetValue((r.Resource, r.CallId), out var stored))
        {
            if (r.Stamp < stored.Stamp || (r.Stamp == stored.Stamp && !Same(entry, stored)))
            {
                return new(CommitOutcome.Stale);
            }
        }

        var last = r.Cookie.Length > 0 ? new CommandAnswer(r.Cookie, r.Reply) : stored?.Answer;
        _calls[(r.Resource, r.CallId)] = entry with { Answer = last };
        if (r.Cookie.Length > 0)
        {
            _replies[(r.Resource, r.Cookie)] = (r.Reply.ToArray(), now + CommitCall.ReplyMillis);
        }

        return new(CommitOutcome.Ok);
    }

    private CommitReply Restamp(RestampCalls r)
    {
        if (!Owns(r.Resource, r.Owner, r.Epoch))
        {
            return new(CommitOutcome.Fenced);
        }

        var token = new FenceToken(r.Epoch, r.Owner.Incarnation);
        foreach (var (callId, stamp) in r.Calls)
        {
            var renewed = stamp with { Token = token };
            if (!_calls.TryGetValue((r.Resource, callId), out var stored) || (stored.Stamp != stamp && stored.Stamp != renewed))
            {
                return new(CommitOutcome.Stale);
            }

            _calls[(r.Resource, callId)] = stored with { Stamp = renewed };
        }

        return new(CommitOutcome.Ok);
    }

    private byte[]? Reply(string resource, string cookie, long now) =>
        _replies.TryGetValue((resource, cookie), out var reply) && reply.Until > now ? reply.Reply : null;

    // With the last answer for as long as it is kept.
    private CallEntry Shown(string resource, CallEntry call, long now) =>
        call.Answer is { } last && Reply(resource, last.Cookie, now) is { } reply ? call with { Answer = last with { Reply = reply } } : call with { Answer = null };

    private static bool Same(CallEntry a, CallEntry b) => a.Tombstone == b.Tombstone && a.State.Span.SequenceEqual(b.State.Span);

    private MembersReply Beat(Heartbeat r, long now)
    {
        string id = r.Member.ToString();
        var mine = _members.GetValueOrDefault(id);
        if (mine?.State == MemberState.Dead)
        {
            return Members(now);
        }

        var state = r.State;
        foreach (var (key, other) in _members.ToArray())
        {
            if (other.State == MemberState.Dead && other.At + Heartbeat.ForgetMillis < now)
            {
                _members.Remove(key);
            }
            else if (other.Node.Node == r.Member.Node && other.Node.Incarnation < r.Member.Incarnation && other.State != MemberState.Dead)
            {
                _members[key] = other with { State = MemberState.Dead, At = now };
                _version++;
            }
            else if (other.Node.Node == r.Member.Node && other.Node.Incarnation > r.Member.Incarnation)
            {
                state = MemberState.Dead;
            }
        }

        _version += mine is null || mine.State != state ? 1 : 0;
        _members[id] = new(r.Member, state, r.Info, now, mine?.Votes ?? []);
        return Members(now);
    }

    private MembersReply Declare(DeclareDead r, long now)
    {
        string id = r.Subject.ToString();
        bool mayVote = _members.TryGetValue(r.Voter.ToString(), out var voter) && voter.State != MemberState.Dead;
        if (mayVote && _members.TryGetValue(id, out var subject) && subject.State != MemberState.Dead)
        {
            subject.Votes[r.Voter.ToString()] = now;
            int fresh = subject.Votes.Count(v =>
                v.Value + r.FreshMillis >= now && _members.TryGetValue(v.Key, out var by) && by.State != MemberState.Dead);
            if (fresh >= 2 || subject.At + r.LeaseMillis < now)
            {
                _members[id] = subject with { State = MemberState.Dead, At = now };
                _version++;
            }
        }

        return Members(now);
    }

    private MembersReply Members(long now) => new(_version, [.. _members.Values.Select(m => m.Show(now))], StoreId);

    private bool Owns(string resource, NodeRef owner, long epoch) =>
        _leases.TryGetValue(resource, out var lease) && lease.Owner == owner && lease.Epoch == epoch;

    private LeaseReply Show(bool ok, string resource, long now)
    {
        var lease = _leases.GetValueOrDefault(resource);
        bool any = !lease.Owner.IsNone;
        return new(ok, any ? lease.Owner : NodeRef.None, lease.Epoch, any ? lease.Expires - now : 0);
    }

    private readonly record struct Lease(NodeRef Owner, long Epoch, long Expires);

    private sealed record MemberRecord(NodeRef Node, MemberState State, MemberInfo Info, long At, Dictionary<string, long> Votes)
    {
        public Member Show(long now) => new(
            Node, State, Info, now - At, [.. Votes.Keys.Order(StringComparer.Ordinal).Select(v => NodeRef.TryParse(v, out var by) ? by : NodeRef.None)]);
    }
}
