using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.MediaEngine.Egress;
using RtpCluster.MediaEngine.Ingress;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>
/// Takes the RTCP of streams whose RTCP ends here. Sender reports go on to the receivers in their terms; reports about what we sent, requests
/// and estimates are heeded.
/// </summary>
internal sealed class SfuReports(EngineCounters counters, Retransmitter retransmitter, SfuRequests requests, SfuSender sender)
{
    private const int Nack = 1;
    private const int PictureLoss = 1;
    private const int FullIntra = 4;
    private const int Application = 15;

    /// <summary>Takes a plain compound.</summary>
    public void Run(ref PacketContext packet)
    {
        foreach (var part in new RtcpCompound(packet.Packet))
        {
            switch (part.Type)
            {
                case RtcpType.SenderReport:
                    Sent(ref packet, part);
                    Received(ref packet, part);
                    break;
                case RtcpType.ReceiverReport:
                    Received(ref packet, part);
                    break;
                case RtcpType.Goodbye:
                    Left(ref packet, part);
                    break;
                case RtcpType.TransportFeedback or RtcpType.PayloadFeedback when FeedbackPacket.TryParse(part, out var feedback):
                    Asked(ref packet, feedback);
                    break;
                case RtcpType.ExtendedReport:
                    Measured(ref packet, part);
                    break;
            }
        }
    }

    /// <summary>A receiver's wish for a key frame of something that it gets.</summary>
    private void WantKeyFrame(ref PacketContext packet, uint media)
    {
        counters.KeyFramesWanted++;
        foreach (var to in packet.Stream.Legs)
        {
            foreach (var from in to.Sources)
            {
                if (from.Leg is { } leg && from.Flows.TryGetValue(to.Id.Value, out var flow)
                    && (leg.IsSimulcast ? media == to.Leg!.Plan.SendSsrc : leg.Find(media) is not null))
                {
                    flow.WantKeyFrame(leg, media);
                    requests.Look(packet.Now, from, packet.Output);
                }
            }
        }
    }

    private void Sent(ref PacketContext packet, RtcpPacket part)
    {
        if (!SenderReport.TryParse(part, out var report))
        {
            return;
        }

        foreach (var from in packet.Stream.Legs)
        {
            if (from.Leg!.Find(report.Ssrc) is { } source)
            {
                source.Reported(packet.Now, report);
                foreach (var output in from.RtpOutputs)
                {
                    uint ssrc = from.Leg.IsSimulcast ? output.To.Leg?.Plan.SendSsrc ?? 0 : 0;
                    if (output.Flow!.TryTranslate(source, report, ssrc, out var translated) && SfuSender.CanSend(output.To))
                    {
                        Relay(ref packet, output.To, report.Ssrc, translated);
                    }
                }
            }
        }
    }

    /// <summary>Sends a receiver the report and the source's name.</summary>
    private void Relay(ref PacketContext packet, StreamRuntime to, uint ssrc, in SenderReport translated)
    {
        var writer = new RtcpWriter(packet.Output.Next()[..SfuSender.MaxLength]);
        writer.SenderReport(translated);
        foreach (var part in new RtcpCompound(packet.Packet))
        {
            if (part.Type == RtcpType.SourceDescription && part.Count == 1 && part.TryGetSsrc(out uint described) && described == ssrc)
            {
                writer.Copy(part.Bytes, translated.Ssrc);
            }
        }

        sender.Send(to, writer.Length, packet.Output);
    }

    /// <summary>A source that leaves leaves its receivers too; a layer that ends does not end the picture.</summary>
    private void Left(ref PacketContext packet, RtcpPacket part)
    {
        foreach (var from in packet.Stream.Legs)
        {
            if (from.Leg!.IsSimulcast || part.Count != 1 || !part.TryGetSsrc(out uint ssrc) || from.Leg.Find(ssrc) is null)
            {
                continue;
            }

            foreach (var output in from.RtpOutputs)
            {
                if (SfuSender.CanSend(output.To))
                {
                    var writer = new RtcpWriter(packet.Output.Next()[..SfuSender.MaxLength]);
                    writer.ReceiverReport(ssrc);
                    writer.Copy(part.Bytes, ssrc);
                    sender.Send(output.To, writer.Length, packet.Output);
                }
            }
        }
    }

    private static void Received(ref PacketContext packet, RtcpPacket part)
    {
        for (int i = 0; ReportBlock.TryParse(part, i, out var block); i++)
        {
            foreach (var to in packet.Stream.Legs)
            {
                if (to.Egress.Items.Contains(block.Ssrc))
                {
                    to.Leg!.Lost(block.FractionLost);
                }
            }
        }
    }

    private void Asked(ref PacketContext packet, in FeedbackPacket feedback)
    {
        switch (feedback.Type, feedback.Format)
        {
            case (RtcpType.TransportFeedback, Nack):
                retransmitter.Answer(ref packet, feedback);
                break;
            case (RtcpType.PayloadFeedback, PictureLoss):
                WantKeyFrame(ref packet, feedback.Media);
                break;
            case (RtcpType.PayloadFeedback, FullIntra):
                for (int at = 0; at + 8 <= feedback.Control.Length; at += 8)
                {
                    WantKeyFrame(ref packet, BinaryPrimitives.ReadUInt32BigEndian(feedback.Control[at..]));
                }

                break;
            case (RtcpType.PayloadFeedback, Application) when feedback.TryGetEstimate(out long bitsPerSecond):
                foreach (var to in packet.Stream.Legs)
                {
                    to.Leg!.Estimated(packet.Now, bitsPerSecond);
                }

                break;
        }
    }

    /// <summary>Answers reference times, so that the remote knows the round trip: it asks for lost packets again after one.</summary>
    private void Measured(ref PacketContext packet, RtcpPacket part)
    {
        if (!part.TryGetSsrc(out uint ssrc) || packet.Stream.Legs is not [var leg, ..])
        {
            return;
        }

        foreach (var block in new ExtendedReport(part))
        {
            if (block.TryGetReferenceTime(out ulong ntp) && SfuSender.CanSend(leg))
            {
                var writer = new RtcpWriter(packet.Output.Next()[..SfuSender.MaxLength]);
                writer.ReceiverReport(leg.Leg!.Plan.LocalSsrc);
                writer.ReferenceAnswer(leg.Leg.Plan.LocalSsrc, ssrc, (uint)(ntp >> 16));
                sender.Send(leg, writer.Length, packet.Output);
            }
        }
    }
}
