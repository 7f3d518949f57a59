using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine;

/// <summary>
/// Totals of one reactor since its start. Written by the reactor's thread only; another thread may read single numbers, which are then a
/// moment old.
/// </summary>
public sealed class EngineCounters
{
    private readonly long[] _drops = new long[256];
    private readonly Dictionary<IpAddress, InterfaceCounters> _interfaces = [];

    /// <summary>Packets accepted from remotes.</summary>
    public long InPackets { get; internal set; }

    /// <summary>Their bytes, as they came.</summary>
    public long InBytes { get; internal set; }

    /// <summary>Packets handed to the network, each copy counted.</summary>
    public long OutPackets { get; internal set; }

    /// <summary>Their bytes, as they leave.</summary>
    public long OutBytes { get; internal set; }

    /// <summary>Packets refused as faulty or unwanted: what the peer counts as errors.</summary>
    public long Errors { get; internal set; }

    /// <summary>What the forwarding table took in; not in <see cref="InPackets"/> and <see cref="InBytes"/>.</summary>
    public Counters Offloaded { get; internal set; }

    /// <summary>Streams that have a row in the forwarding table now.</summary>
    public int OffloadedStreams { get; internal set; }

    /// <summary>Facts that were made.</summary>
    public long Facts { get; internal set; }

    /// <summary>Packets sent again because a receiver asked for them.</summary>
    public long Retransmitted { get; internal set; }

    /// <summary>Packets asked for again of their senders, each request counted.</summary>
    public long NacksSent { get; internal set; }

    /// <summary>Packets that were missing and came.</summary>
    public long Recovered { get; internal set; }

    /// <summary>Those of <see cref="Recovered"/> that were missing for more than 200 ms.</summary>
    public long RecoveredLate { get; internal set; }

    /// <summary>Key frames that receivers asked for.</summary>
    public long KeyFramesWanted { get; internal set; }

    /// <summary>Key frames that senders were asked for: the wishes of all receivers, merged.</summary>
    public long KeyFrameRequests { get; internal set; }

    /// <summary>Outputs that named a stream their plan does not have; they were left out.</summary>
    public long PlanFaults { get; internal set; }

    /// <summary>Counters by local address, for every address a plan ever named.</summary>
    public IReadOnlyDictionary<IpAddress, InterfaceCounters> Interfaces => _interfaces;

    /// <summary>Drops of one reason.</summary>
    public long Drops(DropReason reason) => _drops[(int)reason];

    /// <summary>Counts a drop. Public for the shell's own refusals before the pipeline (<see cref="DropReason.RateLimited"/>).</summary>
    public void CountDrop(DropReason reason, long packets = 1) => _drops[(int)reason] += packets;

    internal InterfaceCounters Interface(IpAddress address)
    {
        if (!_interfaces.TryGetValue(address, out var counters))
        {
            _interfaces[address] = counters = new InterfaceCounters();
        }

        return counters;
    }
}

/// <summary>Counters of one local address on one reactor.</summary>
public sealed class InterfaceCounters
{
    internal long InPackets;
    internal long InBytes;
    internal long InErrors;
    internal long OutPackets;
    internal long OutBytes;

    /// <summary>What arrived there.</summary>
    public Counters Ingress => new(InPackets, InBytes, InErrors);

    /// <summary>What left there.</summary>
    public Counters Egress => new(OutPackets, OutBytes, 0);
}
