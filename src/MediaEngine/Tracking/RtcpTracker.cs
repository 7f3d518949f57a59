using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.MediaEngine.Ingress;

namespace RtpCluster.MediaEngine.Tracking;

/// <summary>
/// Reads the RTCP that passes: sender reports start a round trip, report blocks end one, and two legs' round trips and a report block give
/// a MOS. The reporter of a block is found on the stream it came from, the reported SSRC on the streams whose media goes there.
/// </summary>
internal static class RtcpTracker
{
    /// <summary>Tracks a plain compound packet.</summary>
    public static void Run(ref PacketContext packet)
    {
        var leg = Media(packet.Stream);
        foreach (var part in new RtcpCompound(packet.Packet))
        {
            switch (part.Type)
            {
                case RtcpType.SenderReport:
                case RtcpType.ReceiverReport:
                    Report(packet.Now, leg, part);
                    break;
                case RtcpType.ExtendedReport:
                    Extended(packet.Now, leg, part);
                    break;
            }
        }
    }

    private static StreamRuntime Media(StreamRuntime stream) =>
        stream.Kind == StreamKind.Rtcp && stream.Sibling is { } sibling ? sibling : stream;

    private static void Report(Instant now, StreamRuntime leg, RtcpPacket part)
    {
        if (!part.TryGetSsrc(out uint ssrc))
        {
            return;
        }

        var reporter = leg.Ssrcs.Get(ssrc);
        if (SenderReport.TryParse(part, out var report))
        {
            reporter.Quality.SenderReportPassed(report.NtpMiddle, now);
        }

        for (int i = 0; ReportBlock.TryParse(part, i, out var block); i++)
        {
            if (FindReported(leg, block.Ssrc, out var source) is { } reported)
            {
                var rule = Rule(leg.Call.Plan.Mos, source!, reported);
                reporter.Quality.BlockReported(block, reported.Quality, rule, now);
            }
        }
    }

    private static void Extended(Instant now, StreamRuntime leg, RtcpPacket part)
    {
        if (!part.TryGetSsrc(out uint ssrc))
        {
            return;
        }

        var reporter = leg.Ssrcs.Get(ssrc);
        foreach (var block in new ExtendedReport(part))
        {
            if (block.TryGetReferenceTime(out ulong ntp))
            {
                reporter.Quality.ReferencePassed((uint)(ntp >> 16), now);
            }

            for (int i = 0; block.TryGetDelay(i, out var delay); i++)
            {
                if (FindReported(leg, delay.Ssrc, out _) is { } reported)
                {
                    reporter.Quality.DelayReported(delay, reported.Quality, now);
                }
            }
        }
    }

    private static SsrcEntry? FindReported(StreamRuntime leg, uint ssrc, out StreamRuntime? source)
    {
        foreach (var candidate in leg.Sources)
        {
            if (candidate.Ssrcs.Find(ssrc) is { } entry)
            {
                source = candidate;
                return entry;
            }
        }

        source = null;
        return null;
    }

    private static QualityRule Rule(MosModel model, StreamRuntime source, SsrcEntry reported)
    {
        if (reported.PayloadType == 255)
        {
            return new QualityRule(model, 0, false);
        }

        ref var type = ref source.Types[reported.PayloadType];
        return new QualityRule(model, type.ClockRate, type.FullBand);
    }
}
