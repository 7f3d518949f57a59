using System.Buffers.Binary;

namespace RtpCluster.Media.Rtp;

/// <summary>Changes fields of an RTP packet in place. The packet must have passed <see cref="RtpHeader.TryParse"/>.</summary>
public static class RtpWriter
{
    /// <summary>Sets the payload type, 0 to 127; keeps the marker.</summary>
    public static void SetPayloadType(Span<byte> packet, byte payloadType) =>
        packet[1] = (byte)((packet[1] & 0x80) | (payloadType & 0x7f));

    /// <summary>Sets the marker; keeps the payload type.</summary>
    public static void SetMarker(Span<byte> packet, bool marker) =>
        packet[1] = (byte)((packet[1] & 0x7f) | (marker ? 0x80 : 0));

    /// <summary>Sets the sequence number.</summary>
    public static void SetSequence(Span<byte> packet, ushort sequence) =>
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence);

    /// <summary>Sets the timestamp.</summary>
    public static void SetTimestamp(Span<byte> packet, uint timestamp) =>
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);

    /// <summary>Sets the SSRC.</summary>
    public static void SetSsrc(Span<byte> packet, uint ssrc) =>
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);

    /// <summary>Writes the twelve bytes of a header without CSRC list and extension.</summary>
    public static void WriteFixedHeader(Span<byte> packet, byte payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc)
    {
        packet[0] = 0x80;
        packet[1] = (byte)((payloadType & 0x7f) | (marker ? 0x80 : 0));
        SetSequence(packet, sequence);
        SetTimestamp(packet, timestamp);
        SetSsrc(packet, ssrc);
    }
}
