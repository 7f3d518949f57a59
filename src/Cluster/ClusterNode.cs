using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Membership;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster;

/// <summary>What restores and forgets the calls of a shard.</summary>
public interface IShardHost
{
    /// <summary>Brings the calls of a shard to life under a token: restores, puts in force, ends.</summary>
    ValueTask ServeAsync(ServeShard serve);

    /// <summary>Forgets the calls of a shard, without ending them.</summary>
    void Stop(int shard);
}

/// <summary>
/// One member: the shell round the pure machines of membership and shards. Carries out what they want, hands them the results, and lets commands
/// into the shards it serves. Safe for concurrent use.
/// </summary>
public sealed class ClusterNode : ICallGate
{
    private readonly Lock _gate = new();
    private readonly MembershipMachine _membership;
    private readonly ShardRegion _region;
    private readonly IClusterStore _store;
    private readonly IPeers _peers;
    private readonly IShardHost _host;
    private readonly ClusterTime _time;
    private readonly ClusterTimers _timers;
    private readonly ILogger _log;
    private readonly int[] _running;
    private readonly long[] _servedSince;
    private readonly long[] _movingSince;
    private readonly Dictionary<int, List<TaskCompletionSource>> _drains = [];

    /// <summary>Makes a member that has not joined yet; <see cref="Tick"/> makes it.</summary>
    public ClusterNode(NodeRef self, ClusterTimers timers, IClusterStore store, IPeers peers, IShardHost host, ClusterTime time, ILogger log)
    {
        Self = self;
        _timers = timers;
        _store = store;
        _peers = peers;
        _host = host;
        _time = time;
        _log = log;
        _membership = new MembershipMachine(self, timers);
        _region = new ShardRegion(self, timers);
        _running = new int[timers.Shards];
        _servedSince = new long[timers.Shards];
        _movingSince = new long[timers.Shards];
    }

    /// <summary>This life of this node.</summary>
    public NodeRef Self { get; }

    /// <summary>Counts of what happened, for the metrics.</summary>
    public ClusterCounters Counters { get; } = new();

    /// <summary>What this node tells the others of itself.</summary>
    public Func<MemberInfo> Info { get; set; } = static () => new(string.Empty, string.Empty, 0, string.Empty);

    /// <summary>Called once when the cluster holds us for dead: the process must end.</summary>
    public Action Dead { get; set; } = static () => { };

    /// <summary>Called when the members changed.</summary>
    public Action<MembersReply> MembersChanged { get; set; } = static _ => { };

    /// <summary>Called whenever the members were read, with their loads.</summary>
    public Action<MembersReply> MembersRead { get; set; } = static _ => { };

    /// <summary>Give away everything and take nothing new.</summary>
    public bool Draining { get; private set; }

    /// <summary>The members; null: the store has not answered yet.</summary>
    public MembersReply? View
    {
        get
        {
            lock (_gate)
            {
                return _membership.View;
            }
        }
    }

    /// <summary>Another member answers our probes, or there is no other.</summary>
    public bool IsAnyReachable
    {
        get
        {
            lock (_gate)
            {
                return _membership.IsAnyReachable;
            }
        }
    }

    /// <summary>It serves every shard that should be its own, has heard from the store lately, and has met the other members.</summary>
    public bool IsReady
    {
        get
        {
            lock (_gate)
            {
                long now = _time.Now();
                return !Draining && _membership.HasMetOthers && _region.IsSettled(now) && now - _membership.ViewedAt < _timers.MemberLease;
            }
        }
    }

    /// <summary>Shards that it serves.</summary>
    public int ShardsServed
    {
        get
        {
            lock (_gate)
            {
                return _region.Serving(_time.Now());
            }
        }
    }

    /// <summary>How long the shortest lease of a shard that it serves still lasts, ms; 0: it serves none.</summary>
    public long ShortestLease
    {
        get
        {
            lock (_gate)
            {
                long now = _time.Now();
                return _region.Shards.Where(s => s.MayServe(now)).Select(s => s.ValidUntil - now).DefaultIfEmpty(0).Min();
            }
        }
    }

    /// <summary>The protocol's times.</summary>
    public ClusterTimers Timers => _timers;

    /// <summary>Every shard as this node sees it.</summary>
    public IReadOnlyList<(int Shard, ShardPhase Phase, NodeRef Owner, FenceToken Token)> Shards()
    {
        lock (_gate)
        {
            return [.. _region.Shards.Select(s => (s.Shard, s.Phase, s.Owner, s.Token))];
        }
    }

    /// <summary>The shard of a call.</summary>
    public int ShardOf(string callId) => Placement.ShardOf(callId, _timers.Shards);

    /// <summary>Who owns a shard, as far as we know; the one who should when we do not.</summary>
    public NodeRef OwnerOf(int shard)
    {
        lock (_gate)
        {
            var machine = _region.Shards[shard];
            var owner = machine.Owner;
            return LivingLife(owner) == owner ? owner : _region.Wanted(shard);
        }
    }

    /// <summary>Whom to send a command of a shard that we do not serve; none: nobody, it may be ours soon.</summary>
    /// <returns>The node; and whether it may have to send the command on, because we have not heard from the store lately and do not know.</returns>
    public (NodeRef To, bool Relays) WhomToAsk(int shard)
    {
        lock (_gate)
        {
            var owner = OwnerOf(shard);
            if (_time.Now() - _membership.ViewedAt < _timers.MemberLease || _membership.View is not { } view)
            {
                return (owner == Self ? NodeRef.None : owner, false);
            }

            // Not us: what we owned is another's by now, or soon.
            var other = owner != Self && !owner.IsNone ? owner : view.Members.FirstOrDefault(m => m.Node != Self && m.State == MemberState.Active)?.Node ?? NodeRef.None;
            return (other, true);
        }
    }

    /// <summary>A shard is on its way to us.</summary>
    public bool IsTaking(int shard)
    {
        lock (_gate)
        {
            return _region.Shards[shard].IsMoving || (_region.Wanted(shard) == Self && _region.Shards[shard].Phase == ShardPhase.Idle);
        }
    }

    /// <summary>The life of a node that lives now; none: it is dead.</summary>
    public NodeRef LivingLife(NodeRef node)
    {
        lock (_gate)
        {
            return _membership.View?.Members.FirstOrDefault(m => m.Node.Node == node.Node && m.State != MemberState.Dead)?.Node ?? NodeRef.None;
        }
    }

    /// <summary>A token is still ours as far as we have heard, whether we serve under it already or not.</summary>
    public bool Holds(int shard, FenceToken token)
    {
        lock (_gate)
        {
            return _region.Shards[shard].Token == token;
        }
    }

    /// <summary>The token under which we serve a shard now; null: we do not.</summary>
    public FenceToken? TokenOf(int shard)
    {
        lock (_gate)
        {
            var machine = _region.Shards[shard];
            return machine.MayServe(_time.Now()) || (machine.Phase == ShardPhase.Draining && _time.Now() < machine.ValidUntil) ? machine.Token : null;
        }
    }

    /// <summary>Since when we have served a shard without interruption, ms.</summary>
    public long ServedSince(int shard)
    {
        lock (_gate)
        {
            return _servedSince[shard];
        }
    }

    /// <inheritdoc/>
    public bool TryEnter(CallId callId) => TryEnter(ShardOf(callId.Value));

    /// <inheritdoc/>
    public void Exit(CallId callId) => Exit(ShardOf(callId.Value));

    /// <summary>Begins to act for a shard; false: we do not serve it.</summary>
    public bool TryEnter(int shard)
    {
        lock (_gate)
        {
            bool serves = _region.Shards[shard].MayServe(_time.Now());
            _running[shard] += serves ? 1 : 0;
            return serves;
        }
    }

    /// <summary>Ends what <see cref="TryEnter(int)"/> began.</summary>
    public void Exit(int shard)
    {
        List<TaskCompletionSource>? waiting = null;
        lock (_gate)
        {
            if (--_running[shard] == 0)
            {
                _drains.Remove(shard, out waiting);
            }
        }

        waiting?.ForEach(w => w.SetResult());
    }

    /// <summary>A commit was refused, or its outcome is unknown: the shard is taken again from the first step.</summary>
    public void Doubt(int shard, long minEpoch, string why)
    {
        Counters.Doubted();
        Do(now => _region.Shards[shard].Doubt(now, minEpoch, why));
    }

    /// <summary>Asks the store at once who owns a shard: who we thought it was does not.</summary>
    public void Look(int shard) => Do(now => _region.Shards[shard].Look(now));

    /// <summary>Says at once that something changed among the members.</summary>
    public void Hint() => Do(_membership.Hint);

    /// <summary>Another node says that it is there: when that is news the members are read at once.</summary>
    public void Heard(NodeRef other)
    {
        if (LivingLife(other) != other)
        {
            Hint();
        }
    }

    /// <summary>Begins to give everything away.</summary>
    public void Drain()
    {
        Draining = true;
        Do(now =>
        {
            _region.Draining = true;
            _membership.Hint(now);
        });
    }

    /// <summary>Moves the shards that should be elsewhere at once; returns how many there are here.</summary>
    public int Rebalance()
    {
        int moving = 0;
        Do(now =>
        {
            _membership.Hint(now);
            moving = _region.Rebalance(now);
        });
        return moving;
    }

    /// <summary>Does what is due; called every few ten milliseconds.</summary>
    public void Tick() => Do(now =>
    {
        _membership.Tick(now);
        _region.Tick(now);
    });

    private void Do(Action<long> act)
    {
        List<object>? outputs = null;
        lock (_gate)
        {
            act(_time.Now());
            while (_membership.TryGetOutput(out var output))
            {
                if (output is ViewChanged changed)
                {
                    _region.SetView(_time.Now(), changed.View);
                }

                (outputs ??= []).Add(output);
            }

            while (_region.TryGetOutput(out var output))
            {
                (outputs ??= []).Add(output);
            }
        }

        outputs?.ForEach(Run);
    }

    private void Run(object output)
    {
        switch (output)
        {
            case SendHeartbeat beat:
                Forget(BeatAsync(beat.Order, new Heartbeat(Self, Draining ? MemberState.Draining : MemberState.Active, Info())));
                break;
            case SendVote vote:
                Counters.Voted();
                _log.LogWarning("{Node} does not answer: voting it dead", vote.Subject);
                Forget(BeatAsync(vote.Order, new DeclareDead(vote.Subject, Self, _timers.VoteFresh, _timers.MemberLease)));
                break;
            case SendProbe probe:
                Forget(ProbeAsync(probe));
                break;
            case ViewChanged changed:
                Describe(changed.View);
                MembersChanged(changed.View);
                break;
            case SelfDead:
                _log.LogCritical("the cluster holds {Node} for dead, which is final: this process ends, its media goes on", Self);
                Dead();
                break;
            case AskStore ask:
                Forget(AskAsync(ask));
                break;
            case AskFence fence:
                Forget(FenceAsync(fence));
                break;
            case ServeShard serve:
                Forget(ServeAsync(serve));
                break;
            case StopShard stop:
                _host.Stop(stop.Shard);
                break;
            case DrainShard drain:
                Forget(DrainAsync(drain));
                break;
            case ShardStory story:
                Counters.Told(story.Text);
                _log.LogInformation("shard {Shard} {Story}", story.Shard, story.Text);
                break;
            default:
                throw new InvalidOperationException($"no way to carry out {output.GetType().Name}");
        }
    }

    private async ValueTask BeatAsync(long order, StoreRequest<MembersReply> request)
    {
        var view = await TryAsync(request).ConfigureAwait(false) as MembersReply;
        Do(now => _membership.HandleView(now, order, view));
        if (view is not null && View is { } merged)
        {
            MembersRead(merged);
        }
    }

    private async ValueTask ProbeAsync(SendProbe probe)
    {
        bool answered = await _peers.ProbeAsync(probe.Via.IsNone ? probe.Subject : probe.Via, probe.Via.IsNone ? NodeRef.None : probe.Subject).ConfigureAwait(false);
        Counters.Probed(answered);
        Do(now => _membership.HandleProbe(now, probe, answered));
    }

    private async ValueTask AskAsync(AskStore ask)
    {
        if (ask.Request is AcquireLease)
        {
            _movingSince[ask.Shard] = _time.Now();
        }

        var reply = await TryAsync(ask.Request).ConfigureAwait(false);
        Do(now => _region.Shards[ask.Shard].HandleStore(now, ask, reply));
    }

    private async ValueTask FenceAsync(AskFence ask)
    {
        Counters.Fenced();
        var reply = await _peers.FenceAsync(ask.Agent, ask.Shard, ask.Token, ask.Whole).ConfigureAwait(false);
        Do(now => _region.Shards[ask.Shard].HandleFence(now, ask, reply));
    }

    private async ValueTask ServeAsync(ServeShard serve)
    {
        // What still runs from before fails soon: its token is refused everywhere.
        await DrainedAsync(serve.Shard).ConfigureAwait(false);
        await _host.ServeAsync(serve).ConfigureAwait(false);
        Counters.TookOver(serve.Calls.Count, _time.Now() - _movingSince[serve.Shard]);
        lock (_gate)
        {
            _servedSince[serve.Shard] = _time.Now();
        }

        Do(now => _region.Shards[serve.Shard].HandleServing(now, serve.Round));
    }

    private async ValueTask DrainAsync(DrainShard drain)
    {
        await DrainedAsync(drain.Shard).ConfigureAwait(false);
        _host.Stop(drain.Shard);
        Do(now => _region.Shards[drain.Shard].HandleDrained(now, drain.Round));
    }

    private Task DrainedAsync(int shard)
    {
        lock (_gate)
        {
            if (_running[shard] == 0)
            {
                return Task.CompletedTask;
            }

            var source = new TaskCompletionSource();
            if (!_drains.TryGetValue(shard, out var waiting))
            {
                _drains[shard] = waiting = [];
            }

            waiting.Add(source);
            return source.Task;
        }
    }

    private async ValueTask<StoreReply?> TryAsync(StoreRequest request)
    {
        try
        {
            return await _store.ExecuteAsync(request, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            Counters.StoreFailed();
            _log.LogDebug("{Request}: {Problem}", request.GetType().Name, e.Message);
            return null;
        }
    }

    private void Describe(MembersReply view)
    {
        foreach (var member in view.Members)
        {
            _log.LogInformation("members version {Version}: {Node} is {State}{CutOff}", view.Version, member.Node, member.State, member.IsCutOff ? ", cut off from Redis" : string.Empty);
        }
    }

    private void Forget(ValueTask work) => Background.Forget(work, _log, "the cluster");
}
