using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Housekeeping;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.MediaEngine.Plans;
using RtpCluster.MediaEngine.Sfu;
using RtpCluster.MediaEngine.Tracking;
using RtpCluster.MediaEngine.Transports;

namespace RtpCluster.MediaEngine;

/// <summary>
/// The calls and the packet pipeline of one reactor. Pure: time, packets and plans are arguments, what leaves goes to an
/// <see cref="OutputBatch"/> and to <see cref="TryGetFact"/>. One thread; calls are never shared between engines.
/// </summary>
public sealed class ReactorEngine
{
    private readonly CallList _calls = new();
    private readonly Queue<MediaFact> _facts = new();
    private readonly PortTable _ports = new();
    private readonly PlanApplier _applier;
    private readonly PacketPath _path;
    private readonly Housekeeper _housekeeper;
    private readonly Offloader _offloader;
    private readonly SfuParts _sfu;
    private readonly TransportApplier _transports;

    /// <summary>Makes an empty engine.</summary>
    public ReactorEngine(EngineOptions options)
    {
        Counters = new EngineCounters();
        _applier = new PlanApplier(options, Counters, _ports);
        var facts = new FactWriter(options, Counters, _facts);
        _offloader = new Offloader(Counters, facts);
        _sfu = new SfuParts(Counters, facts, _offloader);
        _path = new PacketPath(Counters, facts, _offloader, Handover, _sfu);
        _housekeeper = new Housekeeper(facts, _offloader, _sfu.Ticker);
        _transports = new TransportApplier(facts, _offloader);
    }

    /// <summary>Totals since the start.</summary>
    public EngineCounters Counters { get; }

    /// <summary>The forwarding table beside this engine; null (default): every packet comes here. Set before the first plan.</summary>
    public OffloadTable? Offload
    {
        get => _offloader.Table;
        set => _offloader.Table = value;
    }

    /// <summary>STUN and DTLS packets for the thread that runs ICE and DTLS.</summary>
    public TransportRing Handover { get; } = new();

    /// <summary>Calls held.</summary>
    public int CallCount => _calls.Count;

    /// <summary>Streams held.</summary>
    public int StreamCount => _calls.All.Sum(c => c.Streams.Count);

    /// <summary>Every call with the epoch in force.</summary>
    public IEnumerable<(CallId Id, long Epoch)> Inventory => _calls.All.Select(c => (c.Id, c.Plan.Epoch));

    /// <summary>Puts a plan in force. What streams of the same id have learned and counted stays.</summary>
    /// <exception cref="ArgumentException">The plan contradicts itself; nothing has changed.</exception>
    public PlanResult Apply(Instant now, MediaPlan plan, OutputBatch output)
    {
        var call = _calls.Find(plan.CallId);
        if (call is not null && plan.Epoch <= call.Plan.Epoch)
        {
            return plan.Epoch == call.Plan.Epoch ? PlanResult.Duplicate : PlanResult.Stale;
        }

        PlanCheck.Require(plan);
        if (call is null)
        {
            call = new CallRuntime(plan.CallId);
            _calls.Add(call);
        }
        else
        {
            _offloader.BeforePlan(call, plan);
        }

        _applier.Apply(call, plan, output);
        _offloader.AfterPlan(now, call);
        return PlanResult.Applied;
    }

    /// <summary>Ends a call and wipes its keys. Returns its last statistics; null when it is unknown.</summary>
    public CallStatistics? Remove(Instant now, CallId id)
    {
        if (_calls.Find(id) is not { } call)
        {
            return null;
        }

        _offloader.RecallAll(call);
        _calls.Remove(call);
        var statistics = StatisticsReader.Read(call);
        _applier.Remove(call);
        return statistics;
    }

    /// <summary>Reads a call's statistics; null when it is unknown.</summary>
    public CallStatistics? Read(CallId id)
    {
        if (_calls.Find(id) is not { } call)
        {
            return null;
        }

        _offloader.Refresh(call);
        return StatisticsReader.Read(call);
    }

    /// <summary>Takes over what the forwarding table says of a port; a port that has no row (any more) ignores it.</summary>
    public void Absorb(OffloadReport report)
    {
        if (_ports.TryFind(report.Local, out var handle) && _ports[handle] is { } port)
        {
            _offloader.Absorb(port.Stream, report);
        }
    }

    /// <summary>Goes on with rows that an earlier process left of a call. Once its ports are open, because packets may come back to them.</summary>
    public void AdoptOffload(Instant now, CallId id)
    {
        if (_calls.Find(id) is { } call)
        {
            _offloader.Adopt(now, call);
        }
    }

    /// <summary>Moves streams to the forwarding table and back, as they became due. Between rounds of packets.</summary>
    public void SettleOffload(Instant now) => _offloader.Settle(now);

    /// <summary>What keeps each stream of a call out of the forwarding table; None: it is in it, or about to be.</summary>
    public IEnumerable<(StreamId Stream, OffloadObstacle Obstacle, bool IsOffloaded)> OffloadStates(CallId id) =>
        _calls.Find(id)?.Streams.Values.Select(s => (s.Id, s.Obstacle, s.Offload is not null)) ?? [];

    /// <summary>The SRTP state of a call as it is now, for an orderly hand-over; empty when it is unknown or plain.</summary>
    public IEnumerable<SrtpCheckpointed> Checkpoints(CallId id)
    {
        if (_calls.Find(id) is not { } call)
        {
            yield break;
        }

        foreach (var stream in call.Streams.Values)
        {
            var inbound = stream.Inbound?.Checkpoints() ?? [];
            var outbound = stream.Outbound?.Checkpoints() ?? [];
            foreach (var state in inbound.Concat(outbound))
            {
                yield return new SrtpCheckpointed(call.Id, stream.Id, state);
            }
        }
    }

    /// <summary>Puts in force what ICE and DTLS found out; findings about what is gone, or of an old association, are ignored.</summary>
    public void SetTransport(Instant now, TransportChange change)
    {
        if (_calls.Find(change.CallId) is { } call && call.Find(change.Stream) is { } stream)
        {
            _transports.Apply(now, call, stream, change);
        }
    }

    /// <summary>Finds the handle of a bound port.</summary>
    public bool TryFindPort(in NetEndpoint local, out PortHandle handle) => _ports.TryFind(local, out handle);

    /// <summary>Takes one packet through the pipeline.</summary>
    /// <param name="now">When it arrived.</param>
    /// <param name="port">Where it arrived.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="packet">Its buffer; may be changed in place.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="output">Where copies go.</param>
    public void Receive(Instant now, PortHandle port, in NetEndpoint source, Span<byte> packet, int length, OutputBatch output)
    {
        if (_ports[port] is not { } local)
        {
            Counters.CountDrop(DropReason.UnknownPort);
            return;
        }

        var context = new PacketContext(now, local, source, packet[..length], output);
        _path.Receive(ref context);
    }

    /// <summary>
    /// Looks after each call once a second: the idle rule, due endpoint decisions and facts. Tick at least once a second; ticking more often
    /// spreads the same work over shorter pauses.
    /// </summary>
    public void Tick(Instant now, OutputBatch output)
    {
        _calls.TakeTurn(now, out var first, out var second);
        foreach (var call in first)
        {
            _housekeeper.Tick(now, call, output);
        }

        foreach (var call in second)
        {
            _housekeeper.Tick(now, call, output);
        }

        _sfu.Requests.Tick(now, output);
    }

    /// <summary>Takes the oldest fact; false: none.</summary>
    public bool TryGetFact(out MediaFact fact) => _facts.TryDequeue(out fact!);
}
