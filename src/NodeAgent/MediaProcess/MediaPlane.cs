using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.MediaEngine.Transports;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.Kernel;
using RtpCluster.NodeAgent.Packets;
using RtpCluster.NodeAgent.Transports;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>All reactors of the process and the tier they share. Any thread.</summary>
internal sealed class MediaPlane : IDisposable
{
    private readonly MediaProcessOptions _options;
    private readonly Reactor[] _reactors;
    private readonly CallPlacement _placement;
    private readonly string _tierReason;
    private readonly KernelPlane? _kernel;
    private readonly string _kernelReason = "";
    private readonly TransportThread _transports;

    /// <summary>Opens the tier and starts the reactors.</summary>
    /// <exception cref="InvalidOperationException">The tier that was asked for cannot be had.</exception>
    public MediaPlane(MediaProcessOptions options, Action<MediaFact> publish)
    {
        _options = options;
        _transports = new TransportThread(options.Dtls);
        int[] cpus = CurrentThread.AllowedCpus();
        int count = options.Reactors > 0 ? options.Reactors : Math.Max(cpus.Length, 1);
        Tier = TierSelector.Open(options, count, out _tierReason);
        _placement = new CallPlacement(count);
        _kernel = options.KernelTable >= 0 ? KernelPlane.TryOpen(options.KernelTable, out _kernelReason) : null;
        _reactors = new Reactor[count];
        for (int i = 0; i < count; i++)
        {
            int cpu = options.PinReactors && count <= cpus.Length ? cpus[i] : -1;
            _reactors[i] = new Reactor(i, cpu, options, _transports, publish);
            _reactors[i].Attach(Tier, _kernel?.OpenReactor());
        }

        foreach (var reactor in _reactors)
        {
            reactor.Start();
        }

        _kernel?.Start(Absorb, options.KernelOrphanSeconds);
        _transports.Start(_reactors);
    }

    /// <summary>The packet tier in use.</summary>
    public PacketTier Tier { get; }

    private void Absorb(IReadOnlyList<OffloadReport> reports)
    {
        foreach (var reactor in _reactors)
        {
            reactor.Post(r => r.Absorb(reports));
        }
    }

    /// <summary>Calls that keep an orphaned process running.</summary>
    public int LiveCalls => _reactors.Sum(r => r.LiveCalls);

    /// <summary>Queues a command for the reactor that its call lives on (<see cref="Wake"/>); commands of one call run in order.</summary>
    public void OnCall(CallId callId, Action<Reactor> command) => _reactors[_placement.Begin(callId)].Queue(reactor =>
    {
        try
        {
            command(reactor);
        }
        finally
        {
            _placement.End(callId, reactor.Calls.WeightOf(callId));
        }
    });

    /// <summary>Has the reactors run the commands that wait.</summary>
    public void Wake()
    {
        foreach (var reactor in _reactors)
        {
            reactor.Wake();
        }
    }

    /// <summary>Asks every reactor; <paramref name="finish"/> runs when the last one has answered.</summary>
    public void OnAll<T>(Func<Reactor, T> ask, Action<T[]> finish)
    {
        var answers = new FanIn<T>(_reactors.Length, finish);
        foreach (var reactor in _reactors)
        {
            reactor.Post(r => answers.Add(r.Index, ask(r)));
        }
    }

    /// <summary>The answer to a hello.</summary>
    public HelloReply Describe(CallInventory[] calls) => new()
    {
        Version = Protocol.Version,
        ProcessId = Environment.ProcessId,
        Tier = Tier.Name,
        TierReason = _tierReason,
        Kernel = _kernel?.Description ?? "",
        KernelReason = _kernelReason,
        Reactors = _reactors.Length,
        Addresses = [.. _options.Addresses.Select(a => a.ToString())],
        Calls = calls,
    };

    /// <summary>Drops in the kernel, by reason.</summary>
    public IEnumerable<(DropReason Reason, long Packets)> KernelDrops => _kernel?.Drops() ?? [];

    /// <summary>What ICE and DTLS have counted.</summary>
    public TransportCounters Transports => _transports.Counters;

    /// <summary>What the kernel told of by itself, by kind.</summary>
    public IEnumerable<(KernelEventKind Kind, long Count)> KernelEvents => _kernel?.Events ?? [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _transports.Dispose();
        foreach (var reactor in _reactors)
        {
            reactor.Dispose();
        }

        _kernel?.Dispose();
        Tier.Dispose();
    }
}
