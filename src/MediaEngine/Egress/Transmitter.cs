using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>Stage Transmit: hands a finished slot to the batch and counts it.</summary>
internal static class Transmitter
{
    /// <summary>Sends the batch's next slot to a stream's remote.</summary>
    public static void Send(StreamRuntime to, int length, EngineCounters counters, OutputBatch output)
    {
        var port = to.Transport.Selected!;
        output.Commit(port.Handle, port.Local, to.Transport.Learner.Current, length, to.Tos);
        to.OutPackets++;
        to.OutBytes += length;
        port.Counters.OutPackets++;
        port.Counters.OutBytes += length;
        counters.OutPackets++;
        counters.OutBytes += length;
    }

    /// <summary>Sends the small packet that opens the remote's way through a NAT; it looks like RTP of payload type 127.</summary>
    public static void PierceNat(StreamRuntime stream, EngineCounters counters, OutputBatch output)
    {
        if (stream.Transport.Selected is null || !stream.Transport.Learner.Current.IsUsable)
        {
            return;
        }

        var packet = output.Next()[..12];
        packet.Fill(0xff);
        packet[0] = 0x80;
        packet[1] = 0x7f;
        Send(stream, packet.Length, counters, output);
    }
}
