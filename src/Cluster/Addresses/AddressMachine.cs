using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Addresses;

/// <summary>What a machine must know of the other nodes.</summary>
/// <param name="Candidates">Living members that may have the address, not draining, the least loaded first; this node excluded.</param>
/// <param name="Dead">Members that are dead, which is final.</param>
/// <param name="HomeSince">Since when the home node has been one of the candidates, ms; null: it is not, or there is no home.</param>
/// <param name="IsAnyReachable">One of the other members answers our probes, or there is no other.</param>
/// <param name="IsDraining">This node is to give everything away.</param>
public sealed record AddressView(
    IReadOnlyList<NodeRef> Candidates, IReadOnlyList<NodeRef> Dead, long? HomeSince, bool IsAnyReachable, bool IsDraining)
{
    /// <summary>Nobody is known yet.</summary>
    public static AddressView Empty { get; } = new([], [], null, true, false);
}

/// <summary>
/// One floating address as one node sees it: who has the lease, when to take it, and when to let go. Takes it only when the lease is free or has run
/// out <em>and</em> nobody on the link answers for the address any more; lets go when it reads that another node has it, and when it is cut off from
/// store and nodes alike. Pure: time in monotonic ms. Not safe for concurrent use.
/// </summary>
public sealed class AddressMachine(NodeRef self, FloatingAddress address, AddressTimers timers)
{
    private readonly Queue<AddressOutput> _outputs = new();
    private readonly string _resource = RedisClusterStore.AddressResource + address.Address;
    private long _askAt, _probeAt, _prolongAt, _handingUntil, _takenAt;
    private long _leftAt, _left;
    private int _misses, _unanswered;
    private bool _asking, _known, _probing, _kept, _wasPresent;
    private NodeRef _former = NodeRef.None;

    /// <summary>The address.</summary>
    public FloatingAddress Address => address;

    /// <summary>How we stand to it.</summary>
    public AddressPhase Phase { get; private set; }

    /// <summary>Who has the lease, as far as we know.</summary>
    public NodeRef Owner { get; private set; } = NodeRef.None;

    /// <summary>Epoch of the lease.</summary>
    public long Epoch { get; private set; }

    /// <summary>Until when our lease lasts by our clock, ms.</summary>
    public long ValidUntil { get; private set; }

    /// <summary>The address is on a device of this host. Kept up to date by the shell.</summary>
    public bool IsPresent { get; set; }

    /// <summary>Every plan that is here has been written into the log of our epoch; before that nothing is handed over. Kept up to date by the shell.</summary>
    public bool IsLogged { get; set; }

    /// <summary>The other nodes. Kept up to date by the shell.</summary>
    public AddressView View { get; set; } = AddressView.Empty;

    /// <summary>Takes the next output; false: no more.</summary>
    public bool TryGetOutput(out AddressOutput output) => _outputs.TryDequeue(out output!);

    /// <summary>Does what is due.</summary>
    public void Tick(long now)
    {
        switch (Phase)
        {
            case AddressPhase.Standby:
                TickStandby(now);
                break;
            case AddressPhase.Handing:
                TickHanding(now);
                break;
            default:
                TickHolder(now);
                break;
        }
    }

    /// <summary>The store answered, or (null) did not.</summary>
    public void HandleLease(long now, AskLease ask, LeaseReply? reply)
    {
        _asking = false;
        _unanswered = reply is null ? _unanswered + 1 : 0;
        if (reply is null)
        {
            return;
        }

        bool first = !_known;
        _known = true;
        Note(now, reply);
        switch (Phase)
        {
            case AddressPhase.Standby when ask.Request is AcquireLease && reply.Ok:
                Take(ask, reply, planned: false);
                break;
            case AddressPhase.Standby when reply.Owner == self && reply.Epoch > Epoch:
                Take(ask, reply, planned: true); // handed to us
                break;
            case AddressPhase.Standby:
                Epoch = Math.Max(Epoch, reply.Epoch);
                Evict(first, reply);
                // The next look is when a renewal would be late.
                _askAt = _left > LateBelow ? Math.Min(_askAt, now + _left - LateBelow) : _askAt;
                break;
            case AddressPhase.Handing:
                Reclaim(now, ask, reply);
                break;
            default:
                HandleRenewal(ask, reply);
                break;
        }
    }

    /// <summary>Somebody on the link answered for the address, or nobody did.</summary>
    public void HandleProbe(long now, bool answered)
    {
        _probing = false;
        _misses = answered ? 0 : _misses + 1;
        if (Phase == AddressPhase.Standby)
        {
            TickStandby(now);
        }
    }

    /// <summary>What <see cref="TakeAddress"/> asked for is done.</summary>
    public void HandleTaken(long now, long epoch)
    {
        // The lease may have been lost and won again meanwhile.
        if (Phase == AddressPhase.Taking && epoch <= Epoch)
        {
            Phase = AddressPhase.Holding;
            (_prolongAt, _takenAt) = (now, now);
        }
    }

    /// <summary>Another node has taken the address under a higher epoch and wants us to go. False: we know of a higher one.</summary>
    public bool HandleFence(long epoch)
    {
        if (epoch <= Epoch && Owner == self && Phase != AddressPhase.Handing)
        {
            return false;
        }

        Epoch = Math.Max(Epoch, epoch);
        bool handed = Phase == AddressPhase.Handing;
        Leave(handed ? "handed over" : $"another node has taken it under epoch {epoch}", !handed);
        return true;
    }

    private void TickStandby(long now)
    {
        Ask(now, new ReadLease(_resource));
        bool appeared = IsPresent && !_wasPresent;
        _wasPresent = IsPresent;
        if (address.IsWatched)
        {
            if (IsPresent && _known && !_asking)
            {
                Tell(appeared ? "the network gave us the address" : string.Empty);
                Ask(now, Acquisition([Owner]), force: true);
            }

            return;
        }

        bool late = Owner.IsNone || Owner.Node == self.Node || _left <= LateBelow || View.Dead.Contains(Owner);
        if (!_known || !late || View.IsDraining)
        {
            _misses = 0;
            return;
        }

        // What is on our own device is not asked for: an earlier process of this node had it.
        bool inherited = IsPresent && (Owner.Node == self.Node || Owner.IsNone);
        if (!inherited && !_probing && _probeAt <= now)
        {
            if (_misses == 1 && !Owner.IsNone)
            {
                Tell($"{Owner} is late with its lease and the link is silent: asking again");
            }

            _probing = true;
            _probeAt = now + timers.Probe;
            _outputs.Enqueue(new ProbeLink());
        }

        bool silent = inherited || _misses >= timers.ProbeMisses;
        bool free = Owner.IsNone || Owner.Node == self.Node || Left(now) <= 0 || View.Dead.Contains(Owner);
        bool others = Owner.IsNone && View.HomeSince is not null;
        if (silent && free && !others && !_asking)
        {
            Ask(now, Acquisition([.. View.Dead, .. Owner.Node == self.Node ? [Owner] : Array.Empty<NodeRef>()]), force: true);
        }
    }

    private void TickHolder(long now)
    {
        Ask(now, new RenewLease(_resource, self, Epoch, timers.Lease));
        if (address.IsWatched)
        {
            if (!IsPresent && Phase == AddressPhase.Holding)
            {
                _outputs.Enqueue(new AskLease(new ReleaseLease(_resource, self, Epoch, NodeRef.None, 0), now));
                Leave("the network took the address away", trouble: false);
            }

            return;
        }

        if (Phase == AddressPhase.Holding && _prolongAt <= now)
        {
            _prolongAt = now + timers.Prolong;
            _outputs.Enqueue(new ProlongAddress());
        }

        // A process that was kept from running asks first.
        if (now >= ValidUntil && _unanswered > 0)
        {
            RunOut();
            return;
        }

        _kept = false;
        var to = View.IsDraining ? View.Candidates.FirstOrDefault(NodeRef.None)
            : View.HomeSince is { } since && now - Math.Max(since, _takenAt) >= timers.HandBack ? View.Candidates.First(c => c.Node == address.Home)
            : NodeRef.None;
        if (Phase == AddressPhase.Holding && IsLogged && !to.IsNone)
        {
            Tell($"handing over to {to}{(View.IsDraining ? string.Empty : ", its home")}");
            Phase = AddressPhase.Handing;
            _handingUntil = now + timers.HandOver;
            Ask(now, new ReleaseLease(_resource, self, Epoch, to, timers.HandOver), force: true);
        }
    }

    /// <summary>
    /// The lease ran out unrenewed. Nobody can take it from a store that nobody reaches, and nobody takes an address that its host still answers for:
    /// we keep it. But a host that reaches neither the store nor any other node is the one that is cut off.
    /// </summary>
    private void RunOut()
    {
        if (!View.IsAnyReachable)
        {
            Leave("neither Redis nor any other node can be reached: we are cut off", trouble: true);
        }
        else if (!_kept)
        {
            _kept = true;
            Tell("the lease ran out because Redis does not answer: kept, the others are there", trouble: true);
        }
    }

    private void TickHanding(long now)
    {
        if (_handingUntil <= now && !_asking)
        {
            // They did not come: it is ours again as soon as their lease has run out.
            Ask(now, Acquisition(View.Dead));
            return;
        }

        Ask(now, new ReadLease(_resource));
    }

    private void HandleRenewal(AskLease ask, LeaseReply reply)
    {
        if (reply.Ok && reply.Owner == self)
        {
            Epoch = reply.Epoch;
            ValidUntil = ask.AskedAt + timers.Lease;
        }
        else if (reply.Owner == self)
        {
            // Our own later grant, whose answer was lost.
            Epoch = reply.Epoch;
        }
        else if (reply.Owner.IsNone)
        {
            Tell("the store has lost the lease: taking it again", trouble: true);
            Ask(ask.AskedAt, Acquisition([]), force: true);
        }
        else
        {
            Leave($"{reply.Owner} has the lease under epoch {reply.Epoch}", trouble: true);
        }
    }

    private void Reclaim(long now, AskLease ask, LeaseReply reply)
    {
        if (ask.Request is AcquireLease && reply.Ok)
        {
            Tell("nobody took it over: it stays", trouble: true);
            Phase = AddressPhase.Holding;
            Epoch = reply.Epoch;
            ValidUntil = ask.AskedAt + timers.Lease;
        }
        else if (ask.Request is ReleaseLease && !reply.Ok)
        {
            Phase = AddressPhase.Holding;
            Epoch = reply.Owner == self ? reply.Epoch : Epoch;
        }
        else if (ask.Request is AcquireLease && now >= _handingUntil + timers.Lease && !reply.Owner.IsNone && reply.Owner != self)
        {
            // What it was handed has run out by now: it lives and has renewed it, and that we were to go was lost on its way.
            Leave($"handed over to {reply.Owner}, which has not said so", trouble: true);
        }
    }

    // At the first look: an address left over from before is another node's now.
    private void Evict(bool first, LeaseReply reply)
    {
        if (IsPresent && !address.IsWatched && !reply.Owner.IsNone && reply.Owner.Node != self.Node && reply.RemainingMillis > 0)
        {
            Leave($"{(first ? "it was still here, but " : string.Empty)}{reply.Owner} has the lease under epoch {reply.Epoch}", trouble: true);
        }
    }

    private void Take(AskLease ask, LeaseReply reply, bool planned)
    {
        bool inherited = IsPresent && !address.IsWatched;
        Phase = AddressPhase.Taking;
        Epoch = reply.Epoch;
        Owner = self;
        ValidUntil = ask.AskedAt + timers.Lease;
        _misses = 0;
        string from = _former.IsNone ? "nobody" : _former.ToString();
        Tell(inherited ? $"taken up again under epoch {Epoch}" : $"{(planned ? "handed to us" : "taken over")} from {from} under epoch {Epoch}");
        _outputs.Enqueue(new TakeAddress(Epoch, _former, planned, inherited));
    }

    private void Leave(string why, bool trouble)
    {
        if (Phase != AddressPhase.Standby)
        {
            Tell($"let go: {why}", trouble);
            IsPresent = false; // should it be ours again at once, its calls are not there any more
        }

        Phase = AddressPhase.Standby;
        _misses = 0;
        _kept = _known = false;
        _outputs.Enqueue(new DropAddress(why));
    }

    private void Note(long now, LeaseReply reply)
    {
        Owner = reply.Owner;
        if (Owner.Node != self.Node && !Owner.IsNone)
        {
            _former = Owner;
        }

        (_left, _leftAt) = (reply.RemainingMillis, now);
    }

    /// <summary>A renewal is late when the store itself has not seen one for two steps; a store that does not answer says nothing about the holder.</summary>
    private int LateBelow => timers.Lease - (timers.Step * 2);

    private long Left(long now) => _left - (now - _leftAt);

    private AcquireLease Acquisition(IReadOnlyList<NodeRef> dead) => new(_resource, self, timers.Lease, 0, Epoch, dead);

    private void Ask(long now, StoreRequest<LeaseReply> request, bool force = false)
    {
        if (force || (!_asking && _askAt <= now))
        {
            _asking = true;
            _askAt = now + timers.Step;
            _outputs.Enqueue(new AskLease(request, now));
        }
    }

    private void Tell(string text, bool trouble = false)
    {
        if (text.Length > 0)
        {
            _outputs.Enqueue(new AddressStory(text, trouble));
        }
    }
}
