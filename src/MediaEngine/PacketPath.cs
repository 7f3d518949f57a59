using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Egress;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Routing;

namespace RtpCluster.MediaEngine;

/// <summary>The pipeline: Receive → Classify → Unprotect → Track → Route → Rewrite → Protect → Transmit. Allocates nothing.</summary>
internal sealed class PacketPath(EngineCounters counters, FactWriter facts)
{
    /// <summary>Takes one packet from its port to all its outputs.</summary>
    public void Receive(ref PacketContext packet)
    {
        var stream = packet.Stream;
        if (stream.Call.DropTraffic)
        {
            counters.CountDrop(DropReason.DropTraffic);
            return;
        }

        packet.Class = stream.Kind == StreamKind.Raw ? PacketClass.Other : Classifier.Classify(packet.Packet);
        if (!Track(ref packet))
        {
            return;
        }

        Route(ref packet);
    }

    private bool Track(ref PacketContext packet)
    {
        var stream = packet.Stream;
        bool stray = packet.Class == PacketClass.Rtcp && stream.Kind == StreamKind.Rtp && !stream.Learner.Confirmed
            && packet.Packet[1] != Classifier.RtcpApp;
        if (!stray && !stream.Learner.Observe(packet.Now, packet.Source, packet.Port.Index == stream.SelectedLocal))
        {
            Refuse(ref packet, DropReason.StrictSource);
            return false;
        }

        if (stream.Learner.FactDue)
        {
            facts.Endpoint(packet.Now, stream);
        }

        stream.Heard = true;
        stream.SelectedLocal = packet.Port.Index;
        stream.LastPacket = packet.Now;
        stream.InPackets++;
        stream.InBytes += packet.WireLength;
        packet.Port.Counters.InPackets++;
        packet.Port.Counters.InBytes += packet.WireLength;
        counters.InPackets++;
        counters.InBytes += packet.WireLength;
        return true;
    }

    private void Route(ref PacketContext packet)
    {
        var outputs = Router.Select(ref packet);
        if (outputs.Length == 0)
        {
            counters.CountDrop(DropReason.NoOutput);
            return;
        }

        foreach (var output in outputs)
        {
            var reason = Router.Judge(ref packet, output);
            if (reason != DropReason.None)
            {
                counters.CountDrop(reason);
                continue;
            }

            Emit(ref packet, output);
        }
    }

    private void Emit(ref PacketContext packet, Output output)
    {
        if (packet.Packet.Length > OutputBatch.SlotSize)
        {
            counters.CountDrop(DropReason.TooLarge);
            return;
        }

        packet.Packet.CopyTo(packet.Output.Next());
        Transmitter.Send(output.To, packet.Packet.Length, counters, packet.Output);
    }

    private void Refuse(ref PacketContext packet, DropReason reason)
    {
        counters.CountDrop(reason);
        counters.Errors++;
        packet.Stream.InErrors++;
        packet.Port.Counters.InErrors++;
    }
}
