using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Sharding;

/// <summary>
/// Every shard at one node: which of them it should own by the members there are, which to take now, which to give away. A dead member's shards are
/// taken at once; those of living members move only when the membership has been stable. Pure; monotonic ms. Not safe for concurrent use.
/// </summary>
public sealed class ShardRegion
{
    private readonly NodeRef _self;
    private readonly ClusterTimers _timers;
    private readonly ShardMachine[] _shards;
    private readonly long[] _lookAt;
    private readonly NodeRef[] _wanted;
    private HashSet<NodeRef> _dead = [];
    private long _viewSince;
    private bool _hasView;

    /// <summary>Makes a region that owns nothing yet.</summary>
    public ShardRegion(NodeRef self, ClusterTimers timers)
    {
        _self = self;
        _timers = timers;
        _shards = [.. Enumerable.Range(0, timers.Shards).Select(i => new ShardMachine(i, self, timers))];
        _lookAt = new long[timers.Shards];
        _wanted = new NodeRef[timers.Shards];
    }

    /// <summary>The shards, by number.</summary>
    public IReadOnlyList<ShardMachine> Shards => _shards;

    /// <summary>Give away everything: this node drains.</summary>
    public bool Draining { get; set; }

    /// <summary>Who should own a shard by the members there are; none: nobody.</summary>
    public NodeRef Wanted(int shard) => _wanted[shard];

    /// <summary>Shards served now.</summary>
    public int Serving(long now) => _shards.Count(s => s.MayServe(now));

    /// <summary>Every shard that should be ours is.</summary>
    public bool IsSettled(long now) => _hasView && _shards.All(s => _wanted[s.Shard] != _self || s.MayServe(now));

    /// <summary>Takes the next output of any shard; false: no more.</summary>
    public bool TryGetOutput(out ShardOutput output)
    {
        foreach (var shard in _shards)
        {
            if (shard.TryGetOutput(out output))
            {
                return true;
            }
        }

        output = null!;
        return false;
    }

    /// <summary>The members changed.</summary>
    public void SetView(long now, MembersReply view)
    {
        var dead = view.Members.Where(m => m.State == MemberState.Dead).Select(m => m.Node).ToArray();
        var alive = view.Members.Where(m => m.State != MemberState.Dead).Select(m => m.Node).ToArray();
        var active = view.Members.Where(m => m is { State: MemberState.Active, IsCutOff: false }).ToDictionary(m => m.Node.Node, m => m.Node, StringComparer.Ordinal);
        _dead = [.. dead];
        _viewSince = now;
        _hasView = true;
        for (int i = 0; i < _shards.Length; i++)
        {
            _wanted[i] = Placement.OwnerOf(i, active.Keys) is { } name ? active[name] : NodeRef.None;
            _shards[i].SetView(now, dead, alive);
            _lookAt[i] = now;
        }
    }

    /// <summary>Moves what should be elsewhere at once, without waiting for the members to be stable.</summary>
    /// <returns>Shards that this node serves and another should.</returns>
    public int Rebalance(long now)
    {
        _viewSince = now - _timers.StableView;
        Array.Fill(_lookAt, now);
        return _shards.Count(s => s.Phase == ShardPhase.Serving && _wanted[s.Shard] != _self && !_wanted[s.Shard].IsNone);
    }

    /// <summary>Does what is due.</summary>
    public void Tick(long now)
    {
        if (!_hasView)
        {
            return;
        }

        int moving = _shards.Count(s => s.IsMoving);
        bool stable = now - _viewSince >= _timers.StableView;
        foreach (var shard in _shards)
        {
            shard.Tick(now);
            if (shard.Phase == ShardPhase.Idle)
            {
                moving += TakeIfFree(shard, now, stable, moving < _timers.InFlight) ? 1 : 0;
            }
            else if (shard.Phase == ShardPhase.Serving && MustGo(shard, stable) && moving < _timers.InFlight)
            {
                shard.HandOff(_wanted[shard.Shard]);
                moving++;
            }
        }
    }

    private bool MustGo(ShardMachine shard, bool stable)
    {
        var wanted = _wanted[shard.Shard];
        return wanted != _self && (Draining || (stable && !wanted.IsNone));
    }

    private bool TakeIfFree(ShardMachine shard, long now, bool stable, bool mayBegin)
    {
        if (shard.Seen is not { } seen)
        {
            LookWhenDue(shard, now);
            return false;
        }

        var owner = seen.Lease.Owner;
        if (owner == _self)
        {
            // Handed to us; or what an unheard acquisition of ours left behind.
            if (mayBegin)
            {
                shard.TakeOver(now, seen.Lease.Token);
            }

            return mayBegin;
        }

        bool ranOut = !owner.IsNone && seen.At + seen.Lease.RemainingMillis + _timers.LeaseGrace < now;
        // Nobody ever had it: wait until the members of a new cluster have found each other.
        bool free = _dead.Contains(owner) || ranOut || (owner.IsNone && (stable || seen.Lease.Epoch > 0));
        if (free && mayBegin && _wanted[shard.Shard] == _self && !Draining)
        {
            shard.Acquire(now, seen.Lease.Epoch);
            return true;
        }

        LookWhenDue(shard, now);
        return false;
    }

    private void LookWhenDue(ShardMachine shard, long now)
    {
        if (_lookAt[shard.Shard] <= now)
        {
            _lookAt[shard.Shard] = now + _timers.Watch;
            shard.Look(now);
        }
    }
}
