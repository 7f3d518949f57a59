using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Egress;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.MediaEngine.Routing;
using RtpCluster.MediaEngine.Sfu;
using RtpCluster.MediaEngine.Tracking;
using RtpCluster.MediaEngine.Transports;

namespace RtpCluster.MediaEngine;

/// <summary>The pipeline: Receive → Classify → Unprotect → Track → Route → Rewrite → Protect → Transmit. Allocates nothing.</summary>
internal sealed class PacketPath(EngineCounters counters, FactWriter facts, Offloader offloader, TransportRing transports, SfuParts sfu)
{
    private readonly Unprotector _unprotector = new(facts);
    private readonly Tracker _tracker = new(counters, facts, offloader);

    /// <summary>Takes one packet from its port to all its outputs.</summary>
    public void Receive(ref PacketContext packet)
    {
        var stream = packet.Stream;
        var reason = Admit(ref packet);
        if (reason != DropReason.None)
        {
            counters.CountDrop(reason);
            return;
        }

        if (stream.HasTransport)
        {
            if (TransportRing.Takes(packet.Packet))
            {
                HandOver(ref packet);
                return;
            }

            reason = AdmitMedia(ref packet);
            if (reason != DropReason.None)
            {
                Refuse(ref packet, reason);
                return;
            }
        }

        packet.Class = stream.Kind == StreamKind.Raw ? PacketClass.Other : Classifier.Classify(packet.Packet, out packet.Header);
        if (stream.Offload is not null && packet.Class == PacketClass.Rtp && stream.Kind != StreamKind.Rtcp)
        {
            offloader.Stray(packet.Now, stream, packet.Header.PayloadType);
        }

        reason = _unprotector.Run(ref packet);
        if (reason != DropReason.None)
        {
            Refuse(ref packet, reason);
            return;
        }

        // A decrypted packet is shorter: its payload length must be measured again.
        if (stream.Inbound is not null && packet.Class == PacketClass.Rtp)
        {
            Classifier.Classify(packet.Packet, out packet.Header);
        }

        if (packet.Class == PacketClass.Rtcp && stream.Offload is { TakesRtcp: true })
        {
            _tracker.RunForwarded(ref packet);
            return;
        }

        if (stream.Bundle is { } bundle && packet.Class == PacketClass.Rtp)
        {
            packet.Stream = bundle.Find(packet.Packet, packet.Header) ?? stream;
        }

        reason = _tracker.Run(ref packet);
        if (reason == DropReason.StrictSource)
        {
            Refuse(ref packet, reason);
        }
        else if (reason != DropReason.None)
        {
            counters.CountDrop(reason);
        }
        else if (packet.Class == PacketClass.Rtcp && stream.Legs.Length > 0)
        {
            sfu.Reports.Run(ref packet);
            if (Router.RtcpOutputs(stream).Length > 0)
            {
                Route(ref packet);
            }
        }
        else if (packet.Class == PacketClass.Rtcp && stream.Receivers.Length > 0 && !sfu.Retransmitter.Run(ref packet))
        {
            counters.CountDrop(DropReason.FeedbackStripped);
        }
        else
        {
            Follow(ref packet);
            if (packet.Class != PacketClass.Rtcp || stream.Kind != StreamKind.Rtp)
            {
                offloader.Note(packet.Now, stream);
            }
        }
    }

    private void Follow(ref PacketContext packet)
    {
        if (packet.Class != PacketClass.Rtp || packet.Stream.Leg is null)
        {
            Route(ref packet);
            return;
        }

        if (!sfu.Receiver.Run(ref packet))
        {
            counters.CountDrop(DropReason.NotMissed);
            return;
        }

        Route(ref packet);
        sfu.Receiver.Settle(ref packet);
    }

    private static DropReason Admit(ref PacketContext packet)
    {
        if (packet.Stream.Call.DropTraffic)
        {
            return DropReason.DropTraffic;
        }

        if (packet.Packet.IsEmpty)
        {
            return DropReason.TooShort;
        }

        return packet.Stream.Loops is { } loops && loops.IsRepeat(packet.Packet) ? DropReason.Loop : DropReason.None;
    }

    private void HandOver(ref PacketContext packet)
    {
        var stream = packet.Stream;
        if (!transports.TryPut(stream.Call.Id, stream.Id, packet.Port.Index, packet.Source, packet.Packet))
        {
            counters.CountDrop(DropReason.TransportBusy);
        }
    }

    private static DropReason AdmitMedia(ref PacketContext packet)
    {
        if (packet.Stream.IceSources is { } sources && Array.IndexOf(sources, packet.Source) < 0)
        {
            return DropReason.NoIcePair;
        }

        return packet.Stream.AwaitsKeys ? DropReason.NoKeys : DropReason.None;
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
            if (reason == DropReason.None && (packet.Class != PacketClass.Rtp || output.Flow?.Admits(ref packet, packet.Stream.Leg!) != false))
            {
                reason = Emit(ref packet, output);
            }

            if (reason != DropReason.None)
            {
                counters.CountDrop(reason);
            }
        }
    }

    private DropReason Emit(ref PacketContext packet, Output output)
    {
        var slot = packet.Output.Next();
        int length;
        if (output.Passes && !packet.Wire.IsEmpty)
        {
            length = packet.Wire.Length;
            if (length > slot.Length)
            {
                return DropReason.TooLarge;
            }

            packet.Wire.CopyTo(slot);
            sfu.Protector.Follow(ref packet, output.To.Transport);
        }
        else
        {
            var reason = Rewriter.Run(ref packet, output, slot, out length, out int payload);
            reason = reason == DropReason.None ? Protect(ref packet, output, slot, ref length, payload) : reason;
            if (reason != DropReason.None)
            {
                return reason;
            }
        }

        if (packet.Class == PacketClass.Rtp)
        {
            output.To.Egress.Note(output.Ssrc != 0 ? output.Ssrc : packet.Header.Ssrc);
            if (output.To.Repair is null)
            {
                output.To.Cache?.Put(slot[..length]);
            }
        }

        Transmitter.Send(output.To, length, counters, packet.Output);
        return DropReason.None;
    }

    private DropReason Protect(ref PacketContext packet, Output output, Span<byte> slot, ref int length, int payload)
    {
        var to = output.To.Transport;
        switch (packet.Class)
        {
            case PacketClass.Rtcp:
                return sfu.Protector.Rtcp(to, slot, ref length);
            case PacketClass.Other:
                return to.Outbound is null ? DropReason.None : DropReason.NotRtp;
        }

        if (output.Flow is not { } flow)
        {
            return sfu.Protector.Rtp(to, slot, ref length, packet.Sender!, packet.ExtendedSequence);
        }

        long index = flow.Rewrite(ref packet, slot[..length], payload, output.Ssrc, to.Outbound);
        flow.Count(length - payload);
        if (output.To.Repair is not null)
        {
            output.To.Cache?.Put(slot[..length]);
        }

        return sfu.Protector.Rtp(to, slot, ref length, output.Ssrc != 0 ? flow : packet.Sender!, index);
    }

    private void Refuse(ref PacketContext packet, DropReason reason)
    {
        counters.CountDrop(reason);
        counters.Errors++;
        packet.Stream.InErrors++;
        packet.Port.Counters.InErrors++;
    }
}
