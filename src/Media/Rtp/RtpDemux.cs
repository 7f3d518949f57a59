namespace RtpCluster.Media.Rtp;

/// <summary>What a datagram on a media port is, told by its first bytes (RFC 7983).</summary>
public enum DatagramKind : byte
{
    /// <summary>None of the others.</summary>
    Unknown,

    /// <summary>STUN: first byte 0 to 3, magic cookie.</summary>
    Stun,

    /// <summary>DTLS: first byte 20 to 63.</summary>
    Dtls,

    /// <summary>RTP or SRTP.</summary>
    Rtp,

    /// <summary>RTCP or SRTCP.</summary>
    Rtcp,
}

/// <summary>Tells RTP, RTCP, STUN and DTLS on one port apart.</summary>
public static class RtpDemux
{
    private const int RtcpHeader = 8;

    /// <summary>True for a version 2 packet whose second byte is an RTCP packet type, 194 to 223 (RFC 5761 section 4).</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= RtcpHeader && (datagram[0] & 0xc0) == 0x80 && (uint)(datagram[1] - 194) <= 223 - 194;

    /// <summary>True for a version 2 packet that is long enough for an RTP header and is not RTCP.</summary>
    public static bool IsRtp(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= Rtp.RtpHeader.FixedLength && (datagram[0] & 0xc0) == 0x80 && (uint)(datagram[1] - 194) > 223 - 194;

    /// <summary>Classifies a datagram by RFC 7983 and RFC 5761.</summary>
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram)
    {
        if (IsRtcp(datagram))
        {
            return DatagramKind.Rtcp;
        }

        if (IsRtp(datagram))
        {
            return DatagramKind.Rtp;
        }

        if (datagram.Length >= 20 && datagram[0] < 4 && datagram[4..8].SequenceEqual<byte>([0x21, 0x12, 0xa4, 0x42]))
        {
            return DatagramKind.Stun;
        }

        return datagram.Length >= 13 && datagram[0] is >= 20 and <= 63 ? DatagramKind.Dtls : DatagramKind.Unknown;
    }
}
