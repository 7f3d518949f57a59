using System.Buffers.Binary;

namespace RtpCluster.Media.Rtcp;

/// <summary>The sender part of an SR, RFC 3550 section 6.4.1.</summary>
/// <param name="Ssrc">The sender.</param>
/// <param name="NtpTimestamp">When, in NTP format (seconds since 1900 in the upper half).</param>
/// <param name="RtpTimestamp">The same instant in the sender's RTP clock.</param>
/// <param name="PacketCount">RTP packets sent.</param>
/// <param name="OctetCount">Payload bytes sent.</param>
public readonly record struct SenderReport(uint Ssrc, ulong NtpTimestamp, uint RtpTimestamp, uint PacketCount, uint OctetCount)
{
    internal const int Length = 24;

    /// <summary>The middle 32 bits of the NTP timestamp: what a report block's LSR repeats.</summary>
    public uint NtpMiddle => (uint)(NtpTimestamp >> 16);

    /// <summary>Reads the sender part of an SR.</summary>
    public static bool TryParse(RtcpPacket packet, out SenderReport report)
    {
        report = default;
        var body = packet.Body;
        if (packet.Type != RtcpType.SenderReport || body.Length < Length)
        {
            return false;
        }

        report = new SenderReport(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            BinaryPrimitives.ReadUInt64BigEndian(body[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..]));
        return true;
    }
}

/// <summary>A report block of an SR or RR, RFC 3550 section 6.4.1.</summary>
/// <param name="Ssrc">Whom it is about.</param>
/// <param name="FractionLost">Loss since the last report, in 256ths.</param>
/// <param name="CumulativeLost">Loss since the beginning; negative with duplicates.</param>
/// <param name="HighestSequence">Extended highest sequence number received.</param>
/// <param name="Jitter">Interarrival jitter in timestamp units.</param>
/// <param name="LastSenderReport">Middle NTP bits of the last SR received; 0: none.</param>
/// <param name="DelaySinceLastSenderReport">Time since then in 1/65536 s.</param>
public readonly record struct ReportBlock(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint HighestSequence, uint Jitter, uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    private const int Length = 24;

    /// <summary>Reads one of the blocks of an SR or RR.</summary>
    /// <param name="packet">The SR or RR.</param>
    /// <param name="number">From 0; false when there are not so many.</param>
    /// <param name="block">The block.</param>
    public static bool TryParse(RtcpPacket packet, int number, out ReportBlock block)
    {
        block = default;
        int start = packet.Type switch { RtcpType.SenderReport => SenderReport.Length, RtcpType.ReceiverReport => 4, _ => -1 };
        var body = packet.Body;
        if (start < 0 || (uint)number >= (uint)packet.Count || body.Length < start + ((number + 1) * Length))
        {
            return false;
        }

        body = body[(start + (number * Length))..];
        var lost = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        block = new ReportBlock(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            (byte)(lost >> 24),
            (int)(lost << 8) >> 8,
            BinaryPrimitives.ReadUInt32BigEndian(body[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..]));
        return true;
    }
}
