using RtpCluster.Contracts;
using RtpCluster.MediaEngine;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>Reads a reactor's totals and adds them up.</summary>
internal static class TotalsReader
{
    /// <summary>One reactor's part. On its thread.</summary>
    public static MediaTotals Read(Reactor reactor)
    {
        reactor.CollectDrops();
        var counters = reactor.Engine.Counters;
        var drops = new Dictionary<string, long>();
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            if (counters.Drops(reason) > 0)
            {
                drops[reason.ToString()] = counters.Drops(reason);
            }
        }

        return new MediaTotals
        {
            Relayed = new Counters(counters.InPackets, counters.InBytes, counters.Errors),
            Kernel = counters.Offloaded,
            KernelStreams = counters.OffloadedStreams,
            Calls = reactor.Engine.CallCount,
            Streams = reactor.Engine.StreamCount,
            Drops = drops,
            Feedback = new Dictionary<string, long>
            {
                ["packets_sent_again"] = counters.Retransmitted,
                ["packets_asked_for"] = counters.NacksSent,
                ["packets_recovered"] = counters.Recovered,
                ["packets_recovered_late"] = counters.RecoveredLate,
                ["key_frames_wanted"] = counters.KeyFramesWanted,
                ["key_frames_asked_for"] = counters.KeyFrameRequests,
            },
            Interfaces = counters.Interfaces.ToDictionary(i => i.Key.ToString(), i => new InterfaceTotals(i.Value.Ingress, i.Value.Egress)),
            ReactorAllocatedBytes = GC.GetAllocatedBytesForCurrentThread(),
        };
    }

    /// <summary>The sum over all reactors.</summary>
    public static MediaTotals Sum(IReadOnlyCollection<MediaTotals> parts, MediaPlane plane)
    {
        var drops = plane.KernelDrops.ToDictionary(d => d.Reason.ToString(), d => d.Packets);
        var interfaces = new Dictionary<string, InterfaceTotals>();
        var feedback = new Dictionary<string, long>();
        var transports = plane.Transports;
        foreach (var part in parts)
        {
            foreach (var (reason, count) in part.Drops)
            {
                drops[reason] = drops.GetValueOrDefault(reason) + count;
            }

            foreach (var (kind, count) in part.Feedback)
            {
                feedback[kind] = feedback.GetValueOrDefault(kind) + count;
            }

            foreach (var (address, totals) in part.Interfaces)
            {
                var sum = interfaces.GetValueOrDefault(address) ?? new InterfaceTotals(default, default);
                interfaces[address] = new InterfaceTotals(sum.Ingress + totals.Ingress, sum.Egress + totals.Egress);
            }
        }

        return new MediaTotals
        {
            Relayed = parts.Aggregate(default(Counters), (sum, p) => sum + p.Relayed),
            Kernel = parts.Aggregate(default(Counters), (sum, p) => sum + p.Kernel),
            KernelStreams = parts.Sum(p => p.KernelStreams),
            Calls = parts.Sum(p => p.Calls),
            Streams = parts.Sum(p => p.Streams),
            Drops = drops,
            KernelEvents = plane.KernelEvents.ToDictionary(e => e.Kind.ToString(), e => e.Count),
            Feedback = feedback,
            Transports = new Dictionary<string, long>
            {
                ["handshakes_done"] = transports.HandshakesDone,
                ["handshakes_failed"] = transports.HandshakesFailed,
                ["handshakes_refused"] = transports.HandshakesRefused,
                ["ice_failed"] = transports.IceFailed,
                ["packets_refused"] = transports.Refused,
            },
            HalfOpenHandshakes = transports.HalfOpen,
            Tier = plane.Tier.Name,
            Reactors = parts.Count,
            Interfaces = interfaces,
            ReactorAllocatedBytes = parts.Sum(p => p.ReactorAllocatedBytes),
        };
    }
}
