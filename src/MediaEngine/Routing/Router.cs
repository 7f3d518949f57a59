using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Ingress;

namespace RtpCluster.MediaEngine.Routing;

/// <summary>Stage Route: which outputs a packet has, and which of them may have it now.</summary>
internal static class Router
{
    /// <summary>The outputs of a packet. RTCP on an RTP-only port goes where its sibling's goes.</summary>
    public static Output[] Select(ref PacketContext packet)
    {
        var stream = packet.Stream;
        if (packet.Class == PacketClass.Rtcp || stream.Kind == StreamKind.Rtcp)
        {
            return RtcpOutputs(stream);
        }

        return stream.RtpOutputs;
    }

    /// <summary>The outputs of RTCP that comes to a stream.</summary>
    public static Output[] RtcpOutputs(StreamRuntime stream) =>
        stream.RtcpOutputs.Length == 0 && stream.Sibling is { } sibling ? sibling.RtcpOutputs : stream.RtcpOutputs;

    /// <summary>May this output have the packet?</summary>
    public static DropReason Judge(ref PacketContext packet, Output output)
    {
        var to = output.To;
        if (packet.Class != PacketClass.Rtcp)
        {
            var reason = JudgeMedia(ref packet, output);
            if (reason != DropReason.None)
            {
                return reason;
            }
        }

        to = to.Transport;
        if (to.Has(StreamFlags.NatWait) && !to.Heard)
        {
            return DropReason.NatWait;
        }

        if (to.AwaitsKeys)
        {
            return DropReason.NoKeys;
        }

        return to.Selected is not null && to.Learner.Current.IsUsable ? DropReason.None : DropReason.NoEndpoint;
    }

    private static DropReason JudgeMedia(ref PacketContext packet, Output output)
    {
        if (!packet.Stream.Has(StreamFlags.MaySend))
        {
            return DropReason.SendNotAllowed;
        }

        if (!output.To.Has(StreamFlags.MayReceive))
        {
            return DropReason.ReceiveNotAllowed;
        }

        if (output.Has(OutputFlags.Blocked))
        {
            return DropReason.Blocked;
        }

        if (packet.Class != PacketClass.Rtp)
        {
            return output.Has(OutputFlags.Silenced) ? DropReason.Silenced : DropReason.None;
        }

        if (output.Has(OutputFlags.BlockDtmf) && packet.IsDtmf)
        {
            return DropReason.DtmfBlocked;
        }

        return output.Has(OutputFlags.Silenced) && packet.Silence < 0 ? DropReason.Silenced : DropReason.None;
    }
}
