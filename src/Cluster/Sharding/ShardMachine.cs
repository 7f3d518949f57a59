using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Sharding;

/// <summary>Where a shard is, as one node sees it.</summary>
public enum ShardPhase
{
    /// <summary>Not ours.</summary>
    Idle,

    /// <summary>Asking the store for the lease.</summary>
    Acquiring,

    /// <summary>Telling every agent the new token, and hearing what it holds.</summary>
    Fencing,

    /// <summary>Reading the store.</summary>
    Reading,

    /// <summary>Asking agents for states that the store lacks.</summary>
    Collecting,

    /// <summary>Writing the newest state of each call again, under the new token.</summary>
    Committing,

    /// <summary>Restoring the calls.</summary>
    Restoring,

    /// <summary>Serving commands.</summary>
    Serving,

    /// <summary>Ours, finishing what runs before it is handed to another member.</summary>
    Draining,

    /// <summary>Handing the lease over.</summary>
    Handing,
}

/// <summary>
/// One shard at one node. A take-over runs in this order and no other: acquire the lease, fence the agents, read the agents' inventory and the
/// store, put the newest state of each call under the new token, serve. Stamps decide; states are asked for only where the store lacks the newest. A model of the protocol loses an acknowledged command without any one of them
/// (tests/Model). Any doubt later on (a refused commit, an unknown outcome) starts again from the first step. Pure; monotonic ms. Not safe for
/// concurrent use.
/// </summary>
public sealed class ShardMachine(int shard, NodeRef self, ClusterTimers timers)
{
    private readonly Queue<ShardOutput> _outputs = new();
    private readonly HashSet<NodeRef> _unfenced = [];
    private readonly TakeoverFindings _findings = new();
    private readonly HashSet<StoreRequest> _uncommitted = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, long> _retries = [];
    private IReadOnlyList<NodeRef> _dead = [];
    private IReadOnlyList<NodeRef> _agents = [];
    private string Resource { get; } = shard.ToString(System.Globalization.CultureInfo.InvariantCulture);
    private long _round;
    private long _minEpoch;
    private long _renewAt = long.MaxValue;
    private long _validUntil;
    private readonly long[] _enteredAt = new long[Enum.GetValues<ShardPhase>().Length];
    private NodeRef _handTo;

    /// <summary>The shard's number.</summary>
    public int Shard => shard;

    /// <summary>Where it is.</summary>
    public ShardPhase Phase { get; private set; }

    /// <summary>Our token; default: none.</summary>
    public FenceToken Token { get; private set; }

    /// <summary>Who owns it, as far as we know; none: unknown or nobody.</summary>
    public NodeRef Owner { get; private set; }

    /// <summary>What the store last said of its lease, and when; null: never asked.</summary>
    public (LeaseReply Lease, long At)? Seen { get; private set; }

    /// <summary>When a step of it fails for this long it is not our clock that decides: until then our lease is valid.</summary>
    public long ValidUntil => Token == default ? 0 : _validUntil;

    /// <summary>Commands may run.</summary>
    public bool MayServe(long now) => Phase == ShardPhase.Serving && now < _validUntil;

    /// <summary>Between two phases in which it stays.</summary>
    public bool IsMoving => Phase is not (ShardPhase.Idle or ShardPhase.Serving);

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public long NextDeadline => Math.Min(_renewAt, _retries.Count == 0 ? long.MaxValue : _retries.Values.Min());

    /// <summary>Takes the next output; false: no more.</summary>
    public bool TryGetOutput(out ShardOutput output) => _outputs.TryDequeue(out output!);

    /// <summary>Who is dead, and who has an agent.</summary>
    public void SetView(long now, IReadOnlyList<NodeRef> dead, IReadOnlyList<NodeRef> agents)
    {
        _dead = dead;
        _agents = agents;
        if (Phase == ShardPhase.Fencing && _unfenced.RemoveWhere(dead.Contains) > 0)
        {
            AfterFence(now);
        }
        else if (Phase == ShardPhase.Collecting && _unfenced.Overlaps(dead))
        {
            Acquire(now);
        }
    }

    /// <summary>Asks the store who owns it.</summary>
    public void Look(long now) => Ask(now, new ReadLease(Resource));

    /// <summary>Begins to take it, above every epoch in <paramref name="minEpoch"/>.</summary>
    public void Acquire(long now, long minEpoch = 0)
    {
        if (Phase == ShardPhase.Serving)
        {
            Emit(new StopShard(shard, _round, "taken again"));
        }

        _minEpoch = Math.Max(minEpoch, Token.Epoch);
        Enter(now, ShardPhase.Acquiring);
        _renewAt = long.MaxValue;
        _validUntil = 0;
        Ask(now, new AcquireLease(Resource, self, timers.ShardLease, timers.LeaseGrace, _minEpoch, _dead));
    }

    /// <summary>Something made us doubt that we own it, or that we know its calls: takes it again from the first step.</summary>
    public void Doubt(long now, long minEpoch, string why)
    {
        if (Phase is ShardPhase.Serving)
        {
            Tell($"in doubt ({why}), taken again from the store and the agents");
            Acquire(now, minEpoch);
        }
    }

    /// <summary>The former owner handed it to us in the store.</summary>
    public void TakeOver(long now, FenceToken token)
    {
        Token = token;
        Owner = self;
        // The lease counts from the hand-over, which we did not see: renew at once, and serve only after that.
        _renewAt = now;
        _validUntil = 0;
        Fence(now);
    }

    /// <summary>Gives it to another member, or to nobody.</summary>
    public void HandOff(NodeRef to)
    {
        if (Phase == ShardPhase.Serving)
        {
            _handTo = to;
            Phase = ShardPhase.Draining;
            Emit(new DrainShard(shard, _round));
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick(long now)
    {
        if (Token != default && Phase is not (ShardPhase.Idle or ShardPhase.Acquiring or ShardPhase.Handing) && _renewAt <= now)
        {
            _renewAt = now + timers.Renew;
            Ask(now, new RenewLease(Resource, self, Token.Epoch, timers.ShardLease));
        }

        if (_retries.Count == 0)
        {
            return;
        }

        foreach (object again in _retries.Where(r => r.Value <= now).Select(r => r.Key).ToArray())
        {
            _retries.Remove(again);
            if (again is NodeRef agent)
            {
                Emit(new AskFence(shard, _round, agent, Token, Phase == ShardPhase.Collecting));
            }
            else
            {
                Ask(now, (StoreRequest)again);
            }
        }
    }

    /// <summary>The store answered; null: it did not, and whether the step was done is unknown.</summary>
    public void HandleStore(long now, AskStore ask, StoreReply? reply)
    {
        if (reply is LeaseReply lease && ask.Request is ReadLease)
        {
            Seen = (lease, now);
            if (Phase == ShardPhase.Idle)
            {
                Owner = lease.Owner;
            }

            return;
        }

        // A renewal is good in every phase of the take-over that it was asked for.
        if (ask.Request is RenewLease renewal ? renewal.Epoch != Token.Epoch || Phase is ShardPhase.Idle or ShardPhase.Acquiring : ask.Round != _round)
        {
            return;
        }

        if (reply is null)
        {
            if (ask.Request is RenewLease)
            {
                // Once the store is back it should not be a second until we may serve.
                _renewAt = Math.Min(_renewAt, now + (2 * timers.Retry));
            }
            else if (ask.Request is not ReadLease)
            {
                _retries[ask.Request] = now + timers.Retry;
            }

            return;
        }

        switch (ask.Request)
        {
            case AcquireLease when Phase == ShardPhase.Acquiring:
                Acquired(now, ask.AskedAt, (LeaseReply)reply);
                break;
            case RenewLease:
                Renewed(now, ask.AskedAt, (LeaseReply)reply);
                break;
            case ReadStamps when Phase == ShardPhase.Reading:
                _findings.AddStore(((CallsReply)reply).Calls);
                Collect(now);
                break;
            case CommitCall or RestampCalls when Phase == ShardPhase.Committing:
                Committed(now, ask.Request, ((CommitReply)reply).Outcome);
                break;
            case ReleaseLease when Phase == ShardPhase.Handing:
                Handed(now, (LeaseReply)reply);
                break;
            default:
                break;
        }
    }

    /// <summary>An agent answered a fence; null: it did not.</summary>
    public void HandleFence(long now, AskFence ask, FenceReply? reply)
    {
        if (ask.Round != _round || Phase is not (ShardPhase.Fencing or ShardPhase.Collecting) || !_unfenced.Contains(ask.Agent))
        {
            return;
        }

        if (reply is null)
        {
            _retries[ask.Agent] = now + timers.Retry;
        }
        else if (reply.Highest > Token)
        {
            Tell($"agent {ask.Agent.Node} has seen token {reply.Highest}, above ours {Token}");
            Acquire(now, reply.Highest.Epoch);
        }
        else
        {
            _unfenced.Remove(ask.Agent);
            _findings.AddAgent(ask.Agent, reply.Calls);
            AfterFence(now);
        }
    }

    /// <summary>The calls are restored.</summary>
    public void HandleServing(long now, long round)
    {
        if (round == _round && Phase == ShardPhase.Restoring)
        {
            Phase = ShardPhase.Serving;
            Tell($"served under token {Token} after {now - Since(ShardPhase.Fencing)} ms: agents {Between(ShardPhase.Fencing, ShardPhase.Reading)}, "
                + $"store {Between(ShardPhase.Reading, ShardPhase.Committing)}, stamps {Between(ShardPhase.Committing, ShardPhase.Restoring)}, calls {now - Since(ShardPhase.Restoring)}");
        }
    }

    /// <summary>Nothing of it runs any more.</summary>
    public void HandleDrained(long now, long round)
    {
        if (round == _round && Phase == ShardPhase.Draining)
        {
            Phase = ShardPhase.Handing;
            Ask(now, new ReleaseLease(Resource, self, Token.Epoch, _handTo, timers.ShardLease));
        }
    }

    private void Acquired(long now, long askedAt, LeaseReply lease)
    {
        Seen = (lease, now);
        Owner = lease.Owner;
        if (!lease.Ok)
        {
            Tell($"belongs to {lease.Owner.Node} under epoch {lease.Epoch}");
            Lose(now);
            return;
        }

        Token = lease.Token;
        _validUntil = askedAt + timers.ShardLease - timers.LeaseMargin;
        _renewAt = askedAt + timers.Renew;
        Fence(now);
    }

    private void Renewed(long now, long askedAt, LeaseReply lease)
    {
        if (lease.Ok && _validUntil > 0 && Phase != ShardPhase.Draining && askedAt >= _validUntil + timers.LeaseMargin)
        {
            // Somebody may have had the shard meanwhile, and a store that lost writes would not tell.
            Tell("the lease had run out, taken again");
            Acquire(now, lease.Epoch);
            return;
        }

        if (lease.Ok)
        {
            _validUntil = Math.Max(_validUntil, askedAt + timers.ShardLease - timers.LeaseMargin);
            return;
        }

        Seen = (lease, now);
        if (lease.Owner.IsNone || lease.Owner == self || lease.Epoch < Token.Epoch)
        {
            Tell($"the store lost writes (it has epoch {lease.Epoch}, we have {Token.Epoch}), taken again");
            Acquire(now, lease.Epoch);
            return;
        }

        Tell($"was taken by {lease.Owner.Node} under epoch {lease.Epoch}");
        Owner = lease.Owner;
        Emit(new StopShard(shard, _round, "taken by another member"));
        Lose(now);
    }

    private void Fence(long now)
    {
        Enter(now, ShardPhase.Fencing);
        _findings.Clear(Token);
        AskAgents(now, _agents, whole: false);
    }

    // They are fenced: nothing they hold has changed since they told their stamps. What a dead one alone had is gone with it: another agent, or the store,
    // may have the state before.
    private void Collect(long now)
    {
        var agents = _findings.ToAsk();
        if (agents.Any(_dead.Contains))
        {
            Acquire(now);
            return;
        }

        Enter(now, ShardPhase.Collecting);
        AskAgents(now, agents, whole: true);
    }

    private void AskAgents(long now, IReadOnlyList<NodeRef> agents, bool whole)
    {
        _unfenced.Clear();
        _unfenced.UnionWith(agents);
        foreach (var agent in agents)
        {
            Emit(new AskFence(shard, _round, agent, Token, whole));
        }

        AfterFence(now);
    }

    private void AfterFence(long now)
    {
        if (_unfenced.Count > 0)
        {
            return;
        }

        if (Phase == ShardPhase.Collecting)
        {
            Commit(now);
            return;
        }

        Enter(now, ShardPhase.Reading);
        Ask(now, new ReadStamps(Resource));
    }

    private void Commit(long now)
    {
        Enter(now, ShardPhase.Committing);
        _uncommitted.Clear();
        foreach (var call in _findings.ToCommit())
        {
            _uncommitted.Add(new CommitCall(
                Resource, self, call.CallId, call.Stamp, call.State, call.Tombstone, call.Answer?.Cookie ?? string.Empty, call.Answer?.Reply ?? default));
        }

        foreach (var batch in _findings.ToRestamp().Chunk(RestampCalls.Batch))
        {
            _uncommitted.Add(new RestampCalls(Resource, self, Token.Epoch, batch));
        }

        foreach (var commit in _uncommitted)
        {
            Ask(now, commit);
        }

        AfterCommit(now);
    }

    private void Committed(long now, StoreRequest commit, CommitOutcome outcome)
    {
        if (outcome != CommitOutcome.Ok)
        {
            Tell($"{(commit is CommitCall one ? $"commit of {one.CallId}" : "a commit")} answered {outcome}");
            Acquire(now);
            return;
        }

        _uncommitted.Remove(commit);
        AfterCommit(now);
    }

    private void AfterCommit(long now)
    {
        if (_uncommitted.Count == 0)
        {
            Enter(now, ShardPhase.Restoring);
            Emit(new ServeShard(shard, _round, Token, _findings.Recovered()));
        }
    }

    private void Handed(long now, LeaseReply lease)
    {
        Tell(lease.Ok ? $"handed to {(lease.Owner.IsNone ? "nobody" : lease.Owner.Node)}" : "could not be handed over: no longer ours");
        Owner = lease.Owner;
        Lose(now);
    }

    private void Lose(long now)
    {
        Enter(now, ShardPhase.Idle);
        Token = default;
        _renewAt = long.MaxValue;
        _validUntil = 0;
        Seen = null;
    }

    private long Since(ShardPhase phase) => _enteredAt[(int)phase];

    private long Between(ShardPhase from, ShardPhase to) => Since(to) - Since(from);

    private void Enter(long now, ShardPhase phase)
    {
        Phase = phase;
        _enteredAt[(int)phase] = now;
        _round++;
        _retries.Clear();
    }

    private void Ask(long now, StoreRequest request) => Emit(new AskStore(shard, _round, request, now));

    private void Tell(string text) => Emit(new ShardStory(shard, _round, text));

    private void Emit(ShardOutput output) => _outputs.Enqueue(output);
}
