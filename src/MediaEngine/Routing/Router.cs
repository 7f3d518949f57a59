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
        if (packet.Class == PacketClass.Rtcp || (packet.Class == PacketClass.Other && stream.Kind == StreamKind.Rtcp))
        {
            return stream.RtcpOutputs.Length == 0 && stream.Sibling is { } sibling ? sibling.RtcpOutputs : stream.RtcpOutputs;
        }

        return stream.RtpOutputs;
    }

    /// <summary>May this output have the packet?</summary>
    public static DropReason Judge(ref PacketContext packet, Output output)
    {
        var to = output.To;
        bool rtcp = packet.Class == PacketClass.Rtcp;
        if (!rtcp)
        {
            if (!packet.Stream.Has(StreamFlags.MaySend))
            {
                return DropReason.SendNotAllowed;
            }

            if (!to.Has(StreamFlags.MayReceive))
            {
                return DropReason.ReceiveNotAllowed;
            }

            if (output.Has(OutputFlags.Blocked))
            {
                return DropReason.Blocked;
            }
        }

        if (to.Has(StreamFlags.NatWait) && !to.Heard)
        {
            return DropReason.NatWait;
        }

        return to.Selected is not null && to.Learner.Current.IsUsable ? DropReason.None : DropReason.NoEndpoint;
    }
}
