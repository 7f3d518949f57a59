using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.MediaEngine.Tracking;

/// <summary>Stage Track: learns the sender's endpoint and counts what arrived. Comes after Unprotect, so that only authentic packets teach.</summary>
internal sealed class Tracker(EngineCounters counters, FactWriter facts, Offloader offloader)
{
    /// <summary>Tracks a packet.</summary>
    public DropReason Run(ref PacketContext packet)
    {
        var stream = packet.Stream;
        if (!Learn(ref packet))
        {
            return DropReason.StrictSource;
        }

        if (!stream.Heard)
        {
            stream.Heard = true;
            offloader.Moved(stream);
        }

        if (stream.IceSources is null)
        {
            stream.SelectedLocal = packet.Port.Index; // ICE chooses where we send from, wherever the remote sends to
        }

        stream.LastPacket = packet.Now;
        stream.InPackets++;
        stream.InBytes += packet.WireLength;
        packet.Port.Counters.InPackets++;
        packet.Port.Counters.InBytes += packet.WireLength;
        counters.InPackets++;
        counters.InBytes += packet.WireLength;
        if (packet.Class == PacketClass.Rtcp)
        {
            RtcpTracker.Run(ref packet);
        }

        return packet.Class == PacketClass.Rtp ? TrackRtp(ref packet) : DropReason.None;
    }

    /// <summary>Tracks RTCP that a row of the forwarding table has counted and forwarded.</summary>
    public void RunForwarded(ref PacketContext packet)
    {
        if (Learn(ref packet))
        {
            RtcpTracker.Run(ref packet);
        }
    }

    private bool Learn(ref PacketContext packet)
    {
        var stream = packet.Stream;
        if (IsStrayRtcp(ref packet))
        {
            return true;
        }

        var before = stream.Learner.Current;
        bool accepted = stream.Learner.Observe(packet.Now, packet.Source, packet.Port.Index == stream.SelectedLocal);
        if (stream.Learner.Current != before)
        {
            offloader.Moved(stream);
        }

        if (stream.Learner.FactDue)
        {
            facts.Endpoint(packet.Now, stream);
        }

        if (accepted && stream.Has(StreamFlags.Unidirectional))
        {
            ConfirmReceivers(ref packet);
        }

        return accepted;
    }

    /// <summary>RTCP on a port that is for RTP only and has no confirmed remote yet: some senders mix the ports up, so it teaches nothing.</summary>
    private static bool IsStrayRtcp(ref PacketContext packet) =>
        packet.Class == PacketClass.Rtcp && packet.Stream.Kind == StreamKind.Rtp && !packet.Stream.Learner.Confirmed
        && packet.Packet[1] != Classifier.RtcpApp;

    /// <summary>Who gets media from a unidirectional stream may never send anything: its signalled endpoint is as good as confirmed.</summary>
    private void ConfirmReceivers(ref PacketContext packet)
    {
        foreach (var output in packet.Stream.RtpOutputs)
        {
            if (!output.To.Learner.Confirmed)
            {
                output.To.Learner.ConfirmAsSignalled();
                if (output.To.Learner.FactDue)
                {
                    facts.Endpoint(packet.Now, output.To);
                }
            }
        }
    }

    private static DropReason TrackRtp(ref PacketContext packet)
    {
        var stream = packet.Stream;
        ref var type = ref stream.Types[packet.Header.PayloadType];
        type.Packets++;
        type.Bytes += packet.WireLength;
        packet.IsDtmf = type.IsDtmf;
        packet.Silence = type.SilenceByte;
        packet.Sender = stream.Ssrcs.Get(packet.Header.Ssrc);
        packet.ExtendedSequence = packet.Sender.Note(packet.Now, packet.Header, packet.WireLength, type.IsDtmf ? 0 : type.ClockRate);
        bool isShort = stream.Has(StreamFlags.BlockShort) && !type.IsDtmf && packet.Header.PayloadLength < type.NominalBytes;
        return isShort ? DropReason.ShortPayload : DropReason.None;
    }
}
