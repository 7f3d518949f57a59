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
    /// <returns>Why there is nothing to send, or none; <paramref name="length"/> is the copy's.</returns>
    public static DropReason Run(ref PacketContext packet, Output output, Span<byte> slot, out int length)
    {
        length = packet.Packet.Length;
        if (length > slot.Length)
        {
            return DropReason.TooLarge;
        }

        packet.Packet.CopyTo(slot);
        if (packet.Class == PacketClass.Rtp && output.ChangesRtp)
        {
            Rtp(ref packet, output, slot, ref length);
        }
        else if (packet.Class == PacketClass.Rtcp && output.Has(OutputFlags.StripFeedback))
        {
            length = RtcpFeedbackFilter.Strip(slot, length);
        }

        return length == 0 ? DropReason.FeedbackStripped : DropReason.None;
    }

    private static void Rtp(ref PacketContext packet, Output output, Span<byte> slot, ref int length)
    {
        int payload = packet.Header.PayloadOffset;
        if (output.Has(OutputFlags.StripAllExtensions))
        {
            length = ExtensionStripper.StripAll(slot[..length], ref payload);
        }
        else if (output.StripExtensions.Length > 0)
        {
            length = ExtensionStripper.Strip(slot[..length], output.StripExtensions, ref payload);
        }

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
