using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Routing;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>Adds what a row has done since it was looked at last to what its streams have counted, so that there is one account of both.</summary>
internal sealed class OffloadMerge(EngineCounters counters, FactWriter facts)
{
    /// <summary>How long packets that came before a row may lie in a socket.</summary>
    private const int SettlingMillis = 500;

    /// <summary>Takes a report over.</summary>
    public void Run(StreamRuntime stream, OffloadRow row, OffloadReport report)
    {
        var taken = row.Taken;
        row.Taken = report;
        if (report.Ssrcs.Length == 0 && report.PayloadTypes.Length == 0)
        {
            // A short report: what it does not say is as it was.
            (report.Ssrcs, report.PayloadTypes) = (taken.Ssrcs, taken.PayloadTypes);
        }

        var fresh = Since(report.In, taken.In);
        TakeIn(stream, fresh);
        bool settling = report.ReadAt <= row.Installed.AddMillis(SettlingMillis);
        row.InFlight = settling ? row.InFlight : 0;
        if (report.LastPacket > stream.LastPacket)
        {
            stream.LastPacket = report.LastPacket;
            stream.Heard = true;
        }

        for (int i = report.Ssrcs.Length - 1; i >= 0; i--)
        {
            TakeSsrc(stream, report.Ssrcs[i], Array.Find(taken.Ssrcs, s => s.Ssrc == report.Ssrcs[i].Ssrc));
        }

        foreach (var type in report.PayloadTypes)
        {
            var before = Array.Find(taken.PayloadTypes, t => t.Number == type.Number);
            ref var entry = ref stream.Types[type.Number];
            entry.Packets += Math.Max(0, type.Packets - before.Packets);
            entry.Bytes += Math.Max(0, type.Bytes - before.Bytes);
        }

        foreach (var output in report.Outputs)
        {
            TakeOut(stream, output, Since(output.Out, Array.Find(taken.Outputs, o => o.To == output.To && o.Rtcp == output.Rtcp).Out));
        }

        foreach (var index in report.Indices)
        {
            Follow(stream, index, settling || row.StayingTypes != 0);
        }
    }

    private void TakeIn(StreamRuntime stream, Counters fresh)
    {
        stream.InPackets += fresh.Packets;
        stream.InBytes += fresh.Bytes;
        stream.InErrors += fresh.Errors;
        if (stream.Selected is { } port)
        {
            port.Counters.InPackets += fresh.Packets;
            port.Counters.InBytes += fresh.Bytes;
            port.Counters.InErrors += fresh.Errors;
        }

        counters.Offloaded += fresh;
    }

    private void TakeOut(StreamRuntime stream, OffloadOutputReport output, Counters fresh)
    {
        if (stream.Call.Find(output.To) is not { } to)
        {
            return;
        }

        to.OutPackets += fresh.Packets;
        to.OutBytes += fresh.Bytes;
        if (to.Selected is { } port)
        {
            port.Counters.OutPackets += fresh.Packets;
            port.Counters.OutBytes += fresh.Bytes;
        }

        if (fresh.Packets > 0 && output.Ssrc != 0 && !output.Rtcp)
        {
            to.Egress.Note(output.Ssrc);
        }

        if (fresh.Errors > 0)
        {
            counters.CountDrop(DropReason.SendFailed, fresh.Errors);
        }
    }

    private static void TakeSsrc(StreamRuntime stream, SsrcStatistics now, SsrcStatistics? before)
    {
        if (now.Packets > (before?.Packets ?? 0))
        {
            int clock = now.PayloadType < 128 ? stream.Types[now.PayloadType].ClockRate : 0;
            stream.Ssrcs.Get(now.Ssrc).Absorb(now, before, clock);
        }
    }

    /// <summary>Follows the indices, and reports them as if the packets had come this way.</summary>
    private void Follow(StreamRuntime stream, OffloadIndex index, bool settling)
    {
        if (!index.State.Outbound && stream.Inbound?.Id == index.KeysId)
        {
            Follow(stream, stream.Inbound, index.State, settling);
        }
        else if (index.State.Outbound)
        {
            var output = Array.Find(stream.RtpOutputs, o => o.To.Outbound?.Id == index.KeysId)
                ?? Array.Find(Router.RtcpOutputs(stream), o => o.To.Outbound?.Id == index.KeysId);
            if (output is not null)
            {
                Follow(output.To, output.To.Outbound!, index.State, settling);
            }
        }
    }

    private void Follow(StreamRuntime owner, SrtpSide side, SrtpCheckpoint state, bool settling)
    {
        if (side.TryGet(state.Ssrc, out int at))
        {
            side[at].Follow(state, settling);
            facts.Srtp(owner, side, at, state.Ssrc);
        }
    }

    /// <summary>What was added; nothing when the counters began anew.</summary>
    private static Counters Since(Counters now, Counters before) => new(
        Math.Max(0, now.Packets - before.Packets), Math.Max(0, now.Bytes - before.Bytes), Math.Max(0, now.Errors - before.Errors));
}
