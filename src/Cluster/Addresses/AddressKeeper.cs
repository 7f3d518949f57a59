using Microsoft.Extensions.Logging;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Addresses;

/// <summary>
/// The floating addresses of a node: the shell round their machines. Keeps the plans of other nodes' calls ready, puts them in force when it takes an
/// address, and writes down those of its own. Safe for concurrent use.
/// </summary>
public sealed class AddressKeeper
{
    /// <summary>When an address is announced after it came, ms: a switch or a phone may miss the first.</summary>
    private static readonly int[] s_announcements = [20, 80, 200, 700, 2000, 5000];

    /// <summary>SRTCP indices have 31 bits: so many takers in turn, with so many packets of one source each before its first report counts.</summary>
    private const uint RtcpRange = 1 << 16, RtcpRanges = 1 << 15;

    private readonly Lock _gate = new();
    private readonly NodeRef _self;
    private readonly AddressTimers _timers;
    private readonly IClusterStore _store;
    private readonly IPeers _peers;
    private readonly IFloatingMedia _media;
    private readonly MediaDirectory _directory;
    private readonly ClusterTime _time;
    private readonly ILogger _log;
    private readonly Place[] _places;
    private readonly PlanLogWriter _writer;

    /// <summary>Makes it; <see cref="Tick"/> makes it run.</summary>
    public AddressKeeper(
        NodeRef self, IReadOnlyList<FloatingAddress> addresses, AddressTimers timers, IClusterStore store, IPeers peers, IFloatingMedia media,
        MediaDirectory directory, ClusterTime time, ILogger log)
    {
        _self = self;
        _timers = timers;
        _store = store;
        _peers = peers;
        _media = media;
        _directory = directory;
        _time = time;
        _log = log;
        _places = [.. addresses.Select(a => new Place(new AddressMachine(self, a, timers), new StandbyPlans(store, a.Address)))];
        _writer = new PlanLogWriter(self, store, media);
        media.PlanTouched = _writer.Touch;
    }

    /// <summary>Counts of what happened, for the metrics.</summary>
    public AddressCounters Counters { get; } = new();

    /// <summary>Called when an address has another holder, which may be this node.</summary>
    public Action<IpAddress, NodeRef> Moved { get; set; } = static (_, _) => { };

    /// <summary>Called with the calls whose media ended here because their address is another node's.</summary>
    public Action<IReadOnlyList<CallId>> Evicted { get; set; } = static _ => { };

    /// <summary>Some other member answers our probes, or there is none.</summary>
    public Func<bool> IsAnyReachable { get; set; } = static () => true;

    /// <summary>Every address as this node sees it.</summary>
    public IReadOnlyList<AddressStatus> Status
    {
        get
        {
            lock (_gate)
            {
                return [.. _places.Select(p => new AddressStatus(p.Machine.Address, p.Machine.Phase, p.Machine.Owner, p.Machine.Epoch, p.Standby.Count, p.TakenMillis))];
            }
        }
    }

    /// <summary>At least one floating address is here.</summary>
    public bool HoldsAny => Status.Any(s => s.Phase != AddressPhase.Standby);

    /// <summary>Gets off every address that nobody took, because this node ends and its media with it.</summary>
    public async ValueTask LeaveAsync()
    {
        foreach (var place in _places.Where(p => p.Machine.Phase != AddressPhase.Standby))
        {
            var address = place.Machine.Address;
            if (!address.IsWatched)
            {
                _media.Lower(address);
            }

            try
            {
                await _store.RunAsync(
                    new ReleaseLease(RedisClusterStore.AddressResource + address.Address, _self, place.Machine.Epoch, NodeRef.None, 0), CancellationToken.None).ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                // It runs out by itself.
            }
        }
    }

    /// <summary>A floating address is here; null: the address does not float.</summary>
    public bool? Holds(IpAddress address)
    {
        lock (_gate)
        {
            return Array.Find(_places, p => p.Machine.Address.Address == address)?.Machine.Phase is { } phase
                ? phase is AddressPhase.Holding or AddressPhase.Handing : null;
        }
    }

    /// <summary>Takes the members: who could have an address, and who is dead.</summary>
    public void SetView(MembersReply view, bool isDraining)
    {
        long now = _time.Now();
        NodeRef[] dead = [.. view.Members.Where(m => m.State == MemberState.Dead).Select(m => m.Node)];
        lock (_gate)
        {
            foreach (var place in _places)
            {
                var address = place.Machine.Address;
                NodeRef[] candidates =
                [
                    .. view.Members.Where(m => m.State == MemberState.Active && m.Node != _self && MediaDirectory.MayHave(m.Info, address.Address))
                        .OrderBy(m => m.Node.Node == address.Home ? 0 : 1).ThenBy(m => m.Info.Sessions).Select(m => m.Node),
                ];
                place.Others = [.. view.Members.Where(m => m.State != MemberState.Dead && m.Node != _self && MediaDirectory.MayHave(m.Info, address.Address)).Select(m => m.Node)];
                bool isHome = candidates.Length > 0 && candidates[0].Node == address.Home;
                place.Machine.View = new(candidates, dead, isHome ? place.Machine.View.HomeSince ?? now : null, IsAnyReachable(), isDraining);
            }
        }
    }

    /// <summary>Another node has an address now and wants us off it; returns when we are. False: it was not here, or is ours by a newer lease.</summary>
    public async ValueTask<bool> FenceAsync(IpAddress address, long epoch)
    {
        var place = Array.Find(_places, p => p.Machine.Address.Address == address);
        if (place is null)
        {
            return false;
        }

        // What was learned last is in the log before the other one reads it for the last time.
        await _writer.FlushAsync(address, place.Machine.Epoch).ConfigureAwait(false);
        bool goes;
        lock (_gate)
        {
            goes = place.Machine.Phase != AddressPhase.Standby;
            goes &= place.Machine.HandleFence(epoch);
        }

        Carry(place);
        // Who waits for us to be off it must not wait for what that means here.
        Forget(LaterAsync(() => Publish(place)));
        return goes;
    }

    /// <summary>
    /// What an address is good for here. Other nodes may read that it is ours before we do, or before its calls are in: new ones would get their ports.
    /// </summary>
    public AddressUse UseOf(IpAddress address)
    {
        lock (_gate)
        {
            return Array.Find(_places, p => p.Machine.Address.Address == address) is not { } place ? AddressUse.All : place.Machine.Phase switch
            {
                AddressPhase.Standby => AddressUse.None,
                AddressPhase.Taking => AddressUse.Plans,
                _ => AddressUse.All,
            };
        }
    }

    /// <summary>Does what is due; called every few ten milliseconds.</summary>
    public void Tick()
    {
        bool reachable = IsAnyReachable();
        foreach (var place in _places)
        {
            bool present = _media.IsPresent(place.Machine.Address.Address);
            lock (_gate)
            {
                place.Machine.IsPresent = present;
                place.Machine.IsLogged = place.LogEpoch == place.Machine.Epoch;
                place.Machine.View = place.Machine.View with { IsAnyReachable = reachable };
                place.Machine.Tick(_time.Now());
            }

            Drain(place);
            Forget(RewriteAsync(place));
            Forget(place.Machine.Phase is AddressPhase.Standby ? place.Standby.FollowAsync(_time.Now()) : _writer.TickAsync(place.Machine.Address.Address, place.Machine.Epoch));
        }
    }

    // A new epoch begins a new log, and a store that lost the lease has lost the log as well.
    private async ValueTask RewriteAsync(Place place)
    {
        var machine = place.Machine;
        if (machine.Phase == AddressPhase.Holding && machine.Epoch is var epoch && epoch != place.LogEpoch && !place.Rewrites)
        {
            place.Rewrites = true;
            _writer.TouchAll(_media.CallsOn(machine.Address.Address));
            place.LogEpoch = await _writer.FlushAsync(machine.Address.Address, epoch).ConfigureAwait(false) ? epoch : place.LogEpoch;
            place.Rewrites = false;
        }
    }

    private void Do(Place place, Action<AddressMachine, long> act)
    {
        lock (_gate)
        {
            act(place.Machine, _time.Now());
        }

        Drain(place);
    }

    private void Drain(Place place)
    {
        Carry(place);
        Publish(place);
    }

    private void Carry(Place place)
    {
        while (true)
        {
            AddressOutput output;
            lock (_gate)
            {
                if (!place.Machine.TryGetOutput(out output))
                {
                    break;
                }
            }

            Run(place, output);
        }
    }

    // A node that is getting ready does not have it yet.
    private void Publish(Place place)
    {
        NodeRef holder;
        lock (_gate)
        {
            holder = place.Machine.Phase switch
            {
                AddressPhase.Taking => NodeRef.None,
                AddressPhase.Handing => _self,
                _ => place.Machine.Owner,
            };
        }

        if (_directory.SetHolder(place.Machine.Address.Interface, holder))
        {
            Moved(place.Machine.Address.Address, holder);
        }
    }

    private void Run(Place place, AddressOutput output)
    {
        var address = place.Machine.Address;
        switch (output)
        {
            case AskLease ask:
                Forget(AskAsync(place, ask));
                break;
            case ProbeLink:
                Forget(ProbeAsync(place));
                break;
            case TakeAddress take:
                Forget(TakeAsync(place, take));
                break;
            case DropAddress drop:
                DropNow(place);
                _log.LogInformation("address {Address}: off this host: {Why}", address.Address, drop.Why);
                break;
            case ProlongAddress:
                Trouble(_media.Raise(address, _timers.LifeSeconds));
                break;
            case AddressStory story:
                _log.Log(story.IsTrouble ? LogLevel.Warning : LogLevel.Information, "address {Address}: {Story}", address.Address, story.Text);
                break;
            default:
                throw new InvalidOperationException($"no way to carry out {output.GetType().Name}");
        }
    }

    private async ValueTask AskAsync(Place place, AskLease ask)
    {
        LeaseReply? reply = null;
        try
        {
            reply = await _store.RunAsync(ask.Request, CancellationToken.None).ConfigureAwait(false);
            Counters.Renewed(ask.Request is RenewLease && reply.Ok);
        }
        catch (StoreUnavailableException e)
        {
            Counters.StoreFailed();
            _log.LogDebug("address {Address}: {Problem}", place.Machine.Address.Address, e.Message);
        }

        Do(place, (machine, now) => machine.HandleLease(now, ask, reply));
    }

    private async ValueTask ProbeAsync(Place place)
    {
        bool answered = await _media.IsAnsweredAsync(place.Machine.Address, _timers.Probe).ConfigureAwait(false);
        Counters.Probed(answered);
        Do(place, (machine, now) => machine.HandleProbe(now, answered));
    }

    /// <summary>
    /// A dead holder is told to go while the plans go in, and waited for only where the link could not be asked whether it is still there. One that
    /// hands over carries the media until they are in; from its going to our announcement nothing is left to do.
    /// </summary>
    private async ValueTask TakeAsync(Place place, TakeAddress take)
    {
        var address = place.Machine.Address;
        long begun = _time.Now();
        int round = ++place.Round;
        bool planned = take is { Planned: true, Inherited: false };
        var gone = take.Planned ? Task.FromResult(true) : _peers.LeaveAddressAsync(take.Former, address.Address, take.Epoch, _timers.Fence).AsTask();
        int failed = take.Inherited ? 0 : await InstallAsync(place, take, round).ConfigureAwait(false);
        long installed = _time.Now();
        if (planned)
        {
            gone = RelieveAsync(place, take, round);
        }

        if (planned || !(address.IsWatched || _media.CanAsk(address)))
        {
            await gone.ConfigureAwait(false);
        }

        long left = _time.Now();
        await AssureAsync(place, round).ConfigureAwait(false);
        if (!IsStill(place, round))
        {
            return;
        }

        if (!address.IsWatched)
        {
            Trouble(_media.Raise(address, _timers.LifeSeconds));
            Announce(address);
        }

        place.TakenMillis = _time.Now() - begun;
        Counters.Took(take.Planned, place.TakenMillis);
        _log.LogInformation(
            "address {Address}: here after {Millis} ms, {Calls} calls in force after {Installed} ms, {Failed} failed; the former holder {Answered} after {Left} ms",
            address.Address, place.TakenMillis, place.Standby.Count, installed - begun, failed,
            gone is { IsCompletedSuccessfully: true, Result: true } ? "is off it" : "has not answered", left - installed);
        Do(place, (machine, now) => machine.HandleTaken(now, take.Epoch));
        await RepeatAsync(place, round).ConfigureAwait(false);
    }

    /// <summary>Has the former holder go; false: it has not said that it went, and nobody answers for the address any more.</summary>
    private async Task<bool> RelieveAsync(Place place, TakeAddress take, int round)
    {
        var address = place.Machine.Address;
        int misses = 0;
        NodeRef[] formers = [take.Former];
        while (misses < _timers.ProbeMisses && IsStill(place, round))
        {
            bool[] left = misses > 0 ? [] : await Task.WhenAll(formers.Select(
                former => _peers.LeaveAddressAsync(former, address.Address, place.Machine.Epoch, _timers.HandOver / 4).AsTask())).ConfigureAwait(false);
            if (left.Contains(true))
            {
                return true;
            }

            // A process that has just started, or was cut off, does not know whom it has the address from.
            formers = place.Others;
            misses = await _media.IsAnsweredAsync(address, _timers.Probe).ConfigureAwait(false) ? 0 : misses + 1;
        }

        return false;
    }

    /// <summary>
    /// A lease that ran out while the plans went in may be another's by now: it must be renewed first. When the store keeps silent, others that had
    /// taken the address would answer for it.
    /// </summary>
    private async ValueTask AssureAsync(Place place, int round)
    {
        long until = _time.Now() + _timers.HandOver;
        while (IsStill(place, round) && !IsValid(place) && _time.Now() < until)
        {
            await _time.Delay(_timers.Step / 5).ConfigureAwait(false);
        }

        for (int misses = 0; misses < _timers.ProbeMisses && IsStill(place, round) && !IsValid(place);)
        {
            misses = await _media.IsAnsweredAsync(place.Machine.Address, _timers.Probe).ConfigureAwait(false) ? 0 : misses + 1;
        }
    }

    private bool IsValid(Place place)
    {
        lock (_gate)
        {
            return _time.Now() < place.Machine.ValidUntil;
        }
    }

    // Who hands over waits for us, and without any plan there is nothing to hurry for; else what came in the last moment is not worth a slow store.
    private async ValueTask<bool> TryCatchUpAsync(Place place, TakeAddress take)
    {
        bool waits = take.Planned || !place.Standby.IsRead;
        try
        {
            var last = place.Standby.CatchUpAsync().AsTask();
            await (waits ? last : Task.WhenAny(last, _time.Delay(_timers.Fence).AsTask()).Unwrap()).ConfigureAwait(false);
            return true;
        }
        catch (StoreUnavailableException e)
        {
            _log.LogWarning("address {Address}: the last of the log is missing: {Problem}", place.Machine.Address.Address, e.Message);
            return !waits;
        }
    }

    private async ValueTask<int> InstallAsync(Place place, TakeAddress take, int round)
    {
        long epoch = take.Epoch;
        long until = _time.Now() + _timers.HandOver;
        while (!await TryCatchUpAsync(place, take).ConfigureAwait(false) && _time.Now() < until && IsStill(place, round))
        {
            await _time.Delay(_timers.Step / 5).ConfigureAwait(false);
        }

        // A source whose first report never came may have sent SRTCP from here: each taker begins its unknown ones in a range of its own.
        uint floor = (uint)(epoch % RtcpRanges) * RtcpRange;
        return await _media.InstallAsync(
            [.. place.Standby.Plans.Select(p => p with { Streams = [.. p.Streams.Select(s => s with { RtcpFloor = floor })] })]).ConfigureAwait(false);
    }

    private async ValueTask RepeatAsync(Place place, int round)
    {
        long begun = _time.Now();
        foreach (int at in s_announcements)
        {
            await _time.Delay((int)Math.Max(1, begun + at - _time.Now())).ConfigureAwait(false);
            if (place.Machine.Address.IsWatched || !IsStill(place, round))
            {
                return;
            }

            Announce(place.Machine.Address);
        }
    }

    private bool IsStill(Place place, int round)
    {
        lock (_gate)
        {
            return place.Round == round && place.Machine.Phase is AddressPhase.Taking or AddressPhase.Holding;
        }
    }

    private void Announce(FloatingAddress address)
    {
        Counters.Announced();
        Trouble(_media.Announce(address));
    }

    private void DropNow(Place place)
    {
        var address = place.Machine.Address;
        if (!address.IsWatched)
        {
            _media.Lower(address);
        }

        Counters.Dropped();
        place.Round++;
        place.Standby.Reset();
        Forget(EvictAsync(address.Address));
    }

    private async ValueTask EvictAsync(IpAddress address)
    {
        await _time.Delay(1).ConfigureAwait(false);
        Evicted(await _media.EvictAsync(address).ConfigureAwait(false));
    }

    private async ValueTask LaterAsync(Action act)
    {
        await _time.Delay(1).ConfigureAwait(false);
        act();
    }

    private void Trouble(string problem)
    {
        if (problem.Length > 0)
        {
            Counters.Failed();
            _log.LogError("floating address: {Problem}", problem);
        }
    }

    private void Forget(ValueTask work) => Background.Forget(work, _log, "a floating address");

    private sealed class Place(AddressMachine machine, StandbyPlans standby)
    {
        public AddressMachine Machine => machine;

        public StandbyPlans Standby => standby;

        public long TakenMillis { get; set; }

        /// <summary>The epoch under which the calls that are here were all written down.</summary>
        public long LogEpoch { get; set; }

        /// <summary>They are being written down.</summary>
        public bool Rewrites { get; set; }

        /// <summary>Counts the times that it was taken or dropped.</summary>
        public int Round { get; set; }

        /// <summary>The other living members that may have it.</summary>
        public NodeRef[] Others { get; set; } = [];
    }
}

/// <summary>A floating address as a node sees it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Phase">How this node stands to it.</param>
/// <param name="Owner">Who has the lease.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Ready">Plans of another node's calls that are ready here.</param>
/// <param name="TakenMillis">How long this node's last take-over took, ms; 0: there was none.</param>
public sealed record AddressStatus(FloatingAddress Address, AddressPhase Phase, NodeRef Owner, long Epoch, int Ready, long TakenMillis);
