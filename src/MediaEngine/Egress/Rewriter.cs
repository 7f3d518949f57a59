using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Routing;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>Stage Rewrite: makes one output's copy of a plain packet.</summary>
internal static class Rewriter
{
    /// <summary>Copies a packet into a slot and changes what the output asks for.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="output">The output.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="length">The copy's bytes.</param>
    /// <param name="payload">Where the payload of an RTP copy begins.</param>
    /// <returns>Why there is nothing to send, or none.</returns>
    public static DropReason Run(ref PacketContext packet, Output output, Span<byte> slot, out int length, out int payload)
    {
        payload = packet.Header.PayloadOffset;
        length = packet.Packet.Length;
        if (length > slot.Length)
        {
            return DropReason.TooLarge;
        }

        packet.Packet.CopyTo(slot);
        if (packet.Class == PacketClass.Rtp && output.ChangesRtp)
        {
            Rtp(ref packet, output, slot, ref length, ref payload);
        }
        else if (packet.Class == PacketClass.Rtcp && output.Has(OutputFlags.StripFeedback))
        {
            length = RtcpFeedbackFilter.Strip(slot, length);
        }

        return length == 0 ? DropReason.FeedbackStripped : DropReason.None;
    }

    private static void Rtp(ref PacketContext packet, Output output, Span<byte> slot, ref int length, ref int payload)
    {
        if (output.Has(OutputFlags.StripAllExtensions))
        {
            length = ExtensionStripper.StripAll(slot[..length], ref payload);
        }
        else if (output.StripExtensions.Length > 0)
        {
            length = ExtensionStripper.Strip(slot[..length], output.StripExtensions, ref payload);
        }

        output.Extensions?.Add(slot, ref length, ref payload, packet.Now);
        if (output.Has(OutputFlags.Silenced))
        {
            RtpHeader.TryGetPadding(packet.Packet, packet.Header, out int padding);
            slot[payload..(length - Math.Min(padding, length - payload))].Fill((byte)packet.Silence);
        }

        if (output.PayloadTypes is { } types)
        {
            RtpWriter.SetPayloadType(slot, types[packet.Header.PayloadType]);
        }
    }
}
