using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>Form of the <c>a=rtcp</c> line (RFC 3605).</summary>
public enum RtcpForm : byte
{
    /// <summary>No line.</summary>
    None,

    /// <summary><c>a=rtcp:port</c>.</summary>
    Port,

    /// <summary><c>a=rtcp:port IN family address</c>.</summary>
    Full,
}

/// <summary>Everything one printed m= block says. The properties stand in the order in which they are printed.</summary>
public sealed record SdpMediaOutput
{
    /// <summary>audio, video, image, …</summary>
    public required string Type { get; init; }

    /// <summary>Port; 0 with <see cref="Rejected"/> or <see cref="BundleOnly"/>.</summary>
    public required int Port { get; init; }

    /// <summary>Protocol text.</summary>
    public required string Protocol { get; init; }

    /// <summary>The formats when there is no codec in <see cref="Codecs"/>; empty: "0" is printed.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary><c>i=</c> value; null: none.</summary>
    public string? Info { get; init; }

    /// <summary>Address of <c>c=</c>; the wildcard of the family when held, inactive or rejected.</summary>
    public required IpAddress Address { get; init; }

    /// <summary><c>b=</c> lines, in order.</summary>
    public IReadOnlyList<SdpBandwidth> Bandwidths { get; init; } = [];

    /// <summary><c>a=mid</c>; null: none.</summary>
    public string? Mid { get; init; }

    /// <summary><c>a=label</c>; null: none.</summary>
    public string? Label { get; init; }

    /// <summary>Prints <c>a=bundle-only</c> (RFC 9143).</summary>
    public bool BundleOnly { get; init; }

    /// <summary>Nothing follows: the media is rejected or has no socket.</summary>
    public bool Rejected { get; init; }

    /// <summary>Non-RTP, message, force-relay, passthrough: <see cref="Attributes"/> are the source's lines, all of them, and of our own
    /// only the ICE candidates follow.</summary>
    public bool Verbatim { get; init; }

    /// <summary>Codecs in order of preference: their payload types are the formats of the m= line.</summary>
    public IReadOnlyList<SdpCodec> Codecs { get; init; } = [];

    /// <summary>Prints <c>a=extmap-allow-mixed</c> (RFC 8285).</summary>
    public bool ExtMapAllowMixed { get; init; }

    /// <summary><c>a=extmap</c> lines.</summary>
    public IReadOnlyList<ExtMapAttribute> ExtMaps { get; init; } = [];

    /// <summary>The source's generic attributes, in order; with original-sendrecv its direction line is among them.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>Direction line; null: none (original-sendrecv).</summary>
    public SdpDirection? Direction { get; init; }

    /// <summary>Form of <c>a=rtcp</c>.</summary>
    public RtcpForm RtcpForm { get; init; }

    /// <summary>Port of <c>a=rtcp</c>; the address is <see cref="Address"/>.</summary>
    public int RtcpPort { get; init; }

    /// <summary>Prints <c>a=rtcp-mux</c>.</summary>
    public bool RtcpMux { get; init; }

    /// <summary><c>a=crypto</c> lines.</summary>
    public IReadOnlyList<SdpCrypto> Crypto { get; init; } = [];

    /// <summary>Keeps the "=" of the keys' base64 (SDES <c>pad</c>).</summary>
    public bool PadCrypto { get; init; }

    /// <summary><c>a=setup</c>; None: no line.</summary>
    public SdpSetup Setup { get; init; }

    /// <summary><c>a=fingerprint</c>; null: none.</summary>
    public FingerprintAttribute? Fingerprint { get; init; }

    /// <summary><c>a=tls-id</c>; null: none.</summary>
    public string? TlsId { get; init; }

    /// <summary><c>a=ptime</c> in ms; 0: none.</summary>
    public int PacketTime { get; init; }

    /// <summary><c>a=maxptime</c> in ms; 0: none.</summary>
    public int MaxPacketTime { get; init; }

    /// <summary><c>a=ice-ufrag</c>; null: none.</summary>
    public string? IceUfrag { get; init; }

    /// <summary><c>a=ice-pwd</c>; null: none.</summary>
    public string? IcePassword { get; init; }

    /// <summary><c>a=ice-options</c>.</summary>
    public IceOptionsAttribute IceOptions { get; init; }

    /// <summary><c>a=candidate</c> lines.</summary>
    public IReadOnlyList<CandidateAttribute> Candidates { get; init; } = [];

    /// <summary>Value of <c>a=remote-candidates</c>; null: none.</summary>
    public string? RemoteCandidates { get; init; }

    /// <summary>Prints <c>a=end-of-candidates</c>.</summary>
    public bool EndOfCandidates { get; init; }
}
