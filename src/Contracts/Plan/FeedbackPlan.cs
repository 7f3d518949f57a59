namespace RtpCluster.Contracts;

/// <summary>What a remote understands of the feedback of RFC 4585 and its kin.</summary>
[Flags]
public enum FeedbackFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It sends packets again on a NACK (RFC 4585 section 6.2.1).</summary>
    Nack = 1,

    /// <summary>It sends a key frame on a picture loss indication (RFC 4585 section 6.3.1).</summary>
    PictureLoss = 2,

    /// <summary>It sends a key frame on a full intra request (RFC 5104 section 4.3.1).</summary>
    FullIntra = 4,

    /// <summary>It heeds and sends estimates of the bit rate (REMB).</summary>
    Estimate = 8,
}

/// <summary>Ids of the header extensions (RFC 8285) that we read or write ourselves; 0: not negotiated.</summary>
/// <param name="Mid">Media identification, RFC 8843 section 14.</param>
/// <param name="Rid">RTP stream id, RFC 8852.</param>
/// <param name="RepairedRid">Repaired RTP stream id, RFC 8852.</param>
/// <param name="TransportWide">Transport-wide sequence number, draft-holmer-rmcat-transport-wide-cc-extensions-01.</param>
/// <param name="SendTime">Absolute send time (abs-send-time).</param>
/// <param name="AudioLevel">Client-to-mixer audio level, RFC 6464.</param>
public readonly record struct ExtensionIds(byte Mid, byte Rid, byte RepairedRid, byte TransportWide, byte SendTime, byte AudioLevel);

/// <summary>One of the simulcast layers that a remote sends.</summary>
/// <param name="Rid">Its RTP stream id (RFC 8851); empty: told by its SSRC.</param>
/// <param name="Ssrc">Its SSRC (<c>a=ssrc-group:SIM</c>); 0: told by its id.</param>
public readonly record struct LayerPlan(string Rid, uint Ssrc);

/// <summary>Which stream a remote's retransmissions repair (RFC 4588, <c>a=ssrc-group:FID</c>).</summary>
/// <param name="Ssrc">SSRC of the retransmissions.</param>
/// <param name="Media">SSRC of the media.</param>
public readonly record struct RepairPlan(uint Ssrc, uint Media);

/// <summary>
/// A stream whose RTCP ends here, on the hop to its remote: we report and ask by ourselves, and answer by ourselves (RFC 7667 section 3.7,
/// selective forwarding middlebox).
/// </summary>
public sealed record FeedbackPlan
{
    /// <summary>SSRC of what we say to the remote.</summary>
    public required uint LocalSsrc { get; init; }

    /// <summary>What the remote understands.</summary>
    public FeedbackFlags Flags { get; init; }

    /// <summary>The simulcast layers that the remote sends, in the order of its SDP; empty: one stream.</summary>
    public LayerPlan[] Layers { get; init; } = [];

    /// <summary>The one SSRC under which the remote gets layers of others; 0: everything keeps its own.</summary>
    public uint SendSsrc { get; init; }

    /// <summary>SSRC of retransmissions to the remote (RFC 4588); 0: lost packets are sent again as they were.</summary>
    public uint RetransmitSsrc { get; init; }

    /// <summary>Payload types of retransmissions, from that of the media.</summary>
    public PayloadTypeMap[] RetransmitTypes { get; init; } = [];

    /// <summary>Payload types of the remote's retransmissions, to that of the media (RFC 4588 section 8.6, <c>apt</c>); empty: it sends lost packets again as they were.</summary>
    public PayloadTypeMap[] RepairTypes { get; init; } = [];

    /// <summary>The SSRCs of its retransmissions, as far as its SDP names them.</summary>
    public RepairPlan[] Repairs { get; init; } = [];
}
