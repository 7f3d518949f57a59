using System.Buffers.Binary;

namespace RtpCluster.Media.Rtp;

/// <summary>
/// Retransmissions in a stream of their own, RFC 4588 section 4: the lost packet's sequence number stands before its payload; payload type,
/// sequence number and SSRC are the retransmission stream's. Plain packets only.
/// </summary>
public static class Retransmission
{
    /// <summary>Bytes that a retransmission is longer than the packet it repeats.</summary>
    public const int Overhead = 2;

    /// <summary>Reads the sequence number of the packet that is repeated. False: it repeats none (padding that probes the path).</summary>
    public static bool TryGetOriginal(ReadOnlySpan<byte> packet, in RtpHeader header, out ushort sequence)
    {
        sequence = 0;
        if (!RtpHeader.TryGetPadding(packet, header, out int padding) || header.PayloadLength - padding < Overhead)
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[header.PayloadOffset..]);
        return true;
    }

    /// <summary>Makes the packet that is repeated of a retransmission, in place; it begins two bytes later. Only after <see cref="TryGetOriginal"/>.</summary>
    /// <param name="packet">The retransmission.</param>
    /// <param name="header">Its header.</param>
    /// <param name="payloadType">The media's payload type.</param>
    /// <param name="sequence">The packet's sequence number.</param>
    /// <param name="ssrc">The media's SSRC.</param>
    public static Span<byte> Unwrap(Span<byte> packet, scoped in RtpHeader header, byte payloadType, ushort sequence, uint ssrc)
    {
        packet[..header.PayloadOffset].CopyTo(packet[Overhead..]);
        var original = packet[Overhead..];
        RtpWriter.SetPayloadType(original, payloadType);
        RtpWriter.SetSequence(original, sequence);
        RtpWriter.SetSsrc(original, ssrc);
        return original;
    }

    /// <summary>Writes the retransmission of a packet and returns its bytes; 0: it finds no room.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="header">Its header.</param>
    /// <param name="target">Where the retransmission goes.</param>
    /// <param name="payloadType">The retransmission's payload type.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="ssrc">Its SSRC.</param>
    public static int Wrap(ReadOnlySpan<byte> packet, in RtpHeader header, Span<byte> target, byte payloadType, ushort sequence, uint ssrc)
    {
        if (packet.Length + Overhead > target.Length)
        {
            return 0;
        }

        int payload = header.PayloadOffset;
        packet[..payload].CopyTo(target);
        BinaryPrimitives.WriteUInt16BigEndian(target[payload..], header.Sequence);
        packet[payload..].CopyTo(target[(payload + Overhead)..]);
        RtpWriter.SetPayloadType(target, payloadType);
        RtpWriter.SetSequence(target, sequence);
        RtpWriter.SetSsrc(target, ssrc);
        return packet.Length + Overhead;
    }
}
