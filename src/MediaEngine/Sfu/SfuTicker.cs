using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>Once a second: our reports to senders, and the choice of layers for receivers.</summary>
internal sealed class SfuTicker(SfuRequests requests, SfuSender sender)
{
    /// <summary>Looks after one stream whose RTCP ends here.</summary>
    public void Tick(Instant now, StreamRuntime stream, OutputBatch output)
    {
        var leg = stream.Leg!;
        foreach (var source in leg.Sources)
        {
            source.Rate(now);
        }

        foreach (var flow in stream.RtpOutputs)
        {
            flow.Flow?.Choose(now, leg, flow.To.Leg);
        }

        if (SfuSender.CanSend(stream))
        {
            Report(now, stream, leg, output);
            requests.Look(now, stream, output);
        }
    }

    private void Report(Instant now, StreamRuntime stream, SfuLeg leg, OutputBatch output)
    {
        uint local = leg.Plan.LocalSsrc;
        var writer = new RtcpWriter(output.Next()[..SfuSender.MaxLength]);
        writer.ReceiverReport(local);
        bool any = false;
        foreach (var source in leg.Sources)
        {
            if (source.IsActive(now) && stream.Ssrcs.Find(source.Ssrc) is { } entry)
            {
                writer.AddBlock(0, source.Block(now, entry));
                any = true;
            }
        }

        if (!any)
        {
            return;
        }

        writer.CanonicalName(local, local);
        long estimate = Estimate(now, stream, leg);
        if (estimate > 0)
        {
            writer.EstimatedBitrate(local, leg.Sources[0].Ssrc, estimate);
        }

        sender.Send(stream, writer.Length, output);
    }

    /// <summary>A sender of one stream that has no other word on its path: what the best of its receivers can take.</summary>
    private static long Estimate(Instant now, StreamRuntime stream, SfuLeg leg)
    {
        long best = 0;
        if ((leg.Plan.Flags & FeedbackFlags.Estimate) != 0 && !leg.IsSimulcast && stream.Plan.Extensions.TransportWide == 0)
        {
            foreach (var output in stream.RtpOutputs)
            {
                best = Math.Max(best, output.To.Leg?.Estimate(now) ?? 0);
            }
        }

        return best;
    }
}
