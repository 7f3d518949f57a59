using RtpCluster.MediaEngine.Egress;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>Sends RTCP of our own to a remote.</summary>
internal sealed class SfuSender(EngineCounters counters, Protector protector)
{
    /// <summary>Bytes that one of our RTCP packets may have before protection.</summary>
    public const int MaxLength = 1200;

    /// <summary>May something be sent to the remote of this media now?</summary>
    public static bool CanSend(StreamRuntime media)
    {
        var to = Reports(media).Transport;
        return !to.AwaitsKeys && (!to.Has(Contracts.StreamFlags.NatWait) || to.Heard) && to.Selected is not null && to.Learner.Current.IsUsable;
    }

    /// <summary>Protects and sends what was written into the batch's next slot.</summary>
    /// <param name="media">The media whose remote gets it.</param>
    /// <param name="length">Bytes; 0: nothing.</param>
    /// <param name="output">The batch.</param>
    public void Send(StreamRuntime media, int length, OutputBatch output)
    {
        if (length == 0)
        {
            return;
        }

        var to = Reports(media);
        var reason = protector.Rtcp(to.Transport, output.Next(), ref length);
        if (reason != DropReason.None)
        {
            counters.CountDrop(reason);
            return;
        }

        Transmitter.Send(to, length, counters, output);
    }

    /// <summary>The stream that carries a media's RTCP.</summary>
    private static StreamRuntime Reports(StreamRuntime media) => media.Sibling ?? media;
}
