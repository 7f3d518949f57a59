using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>
/// Asks senders for lost packets and key frames: when a packet shows that something is missing or a receiver asks, and again at each packet and
/// tick until it has come.
/// </summary>
internal sealed class SfuRequests(EngineCounters counters, SfuSender sender)
{
    private const int MaxNacks = 64;

    private readonly List<StreamRuntime> _queue = [];

    /// <summary>Looks at once, and at each <see cref="Tick"/> while something is open.</summary>
    public void Look(Instant now, StreamRuntime stream, OutputBatch output)
    {
        if (Ask(now, stream, output) && !stream.Leg!.IsQueued)
        {
            stream.Leg.IsQueued = true;
            _queue.Add(stream);
        }
    }

    /// <summary>Asks for what is due.</summary>
    public void Tick(Instant now, OutputBatch output)
    {
        for (int i = _queue.Count - 1; i >= 0; i--)
        {
            var stream = _queue[i];
            if (stream.Leg is null || !Ask(now, stream, output))
            {
                _queue.RemoveAt(i);
                if (stream.Leg is { } leg)
                {
                    leg.IsQueued = false;
                }
            }
        }
    }

    /// <summary>Returns whether something stays open.</summary>
    private bool Ask(Instant now, StreamRuntime stream, OutputBatch output)
    {
        var leg = stream.Leg!;
        bool open = false;
        foreach (var source in leg.Sources)
        {
            open |= (source.KeyFrame.IsPending && AskKeyFrame(now, stream, leg, source, output))
                | (source.Gaps.Count > 0 && AskPackets(now, stream, leg, source, output));
        }

        return open;
    }

    private bool AskPackets(Instant now, StreamRuntime stream, SfuLeg leg, SfuSource source, OutputBatch output)
    {
        Span<ushort> sequences = stackalloc ushort[MaxNacks];
        int due = source.Gaps.TakeDue(now, sequences);
        if (due > 0 && (leg.Plan.Flags & FeedbackFlags.Nack) != 0 && SfuSender.CanSend(stream))
        {
            var writer = new RtcpWriter(output.Next()[..SfuSender.MaxLength]);
            writer.ReceiverReport(leg.Plan.LocalSsrc);
            writer.Nack(leg.Plan.LocalSsrc, source.Ssrc, sequences[..due]);
            sender.Send(stream, writer.Length, output);
            counters.NacksSent += due;
        }

        return source.Gaps.Count > 0;
    }

    private bool AskKeyFrame(Instant now, StreamRuntime stream, SfuLeg leg, SfuSource source, OutputBatch output)
    {
        bool knowsPli = (leg.Plan.Flags & FeedbackFlags.PictureLoss) != 0;
        if (!knowsPli && (leg.Plan.Flags & FeedbackFlags.FullIntra) == 0)
        {
            source.KeyFrame.Arrived();
            return false;
        }

        if (SfuSender.CanSend(stream) && source.KeyFrame.TakeDue(now))
        {
            var writer = new RtcpWriter(output.Next()[..SfuSender.MaxLength]);
            writer.ReceiverReport(leg.Plan.LocalSsrc);
            if (knowsPli)
            {
                writer.PictureLoss(leg.Plan.LocalSsrc, source.Ssrc);
            }
            else
            {
                writer.FullIntraRequest(leg.Plan.LocalSsrc, source.Ssrc, leg.IntraNumber++);
            }

            sender.Send(stream, writer.Length, output);
            counters.KeyFrameRequests++;
        }

        return source.KeyFrame.IsPending;
    }
}
