namespace RtpCluster.MediaEngine.Ingress;

/// <summary>What a packet is, from its first bytes.</summary>
internal enum PacketClass : byte
{
    /// <summary>Neither RTP nor RTCP: STUN, DTLS, ZRTP, keep-alives, or a raw stream's bytes.</summary>
    Other,

    /// <summary>RTP, RFC 3550.</summary>
    Rtp,

    /// <summary>RTCP, RFC 3550.</summary>
    Rtcp,
}

/// <summary>Stage Classify.</summary>
internal static class Classifier
{
    /// <summary>RTCP packet type APP: the one stray RTCP type that teaches an endpoint.</summary>
    public const byte RtcpApp = 204;

    /// <summary>Tells RTP from RTCP by version and payload type, RFC 5761 section 4.</summary>
    public static PacketClass Classify(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 8 || packet[0] >> 6 != 2)
        {
            return PacketClass.Other;
        }

        if (packet[1] is >= 192 and <= 223)
        {
            return PacketClass.Rtcp;
        }

        return packet.Length >= 12 ? PacketClass.Rtp : PacketClass.Other;
    }
}
