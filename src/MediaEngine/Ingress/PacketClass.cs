using RtpCluster.Media.Rtp;

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

    /// <summary>Tells RTP from RTCP by version and payload type, RFC 5761 section 4. RTP with a damaged header is <see cref="PacketClass.Other"/>.</summary>
    public static PacketClass Classify(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        if (RtpDemux.IsRtcp(packet))
        {
            header = default;
            return PacketClass.Rtcp;
        }

        return RtpHeader.TryParse(packet, out header) ? PacketClass.Rtp : PacketClass.Other;
    }
}
