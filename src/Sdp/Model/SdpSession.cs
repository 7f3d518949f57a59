using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>A parsed session description (RFC 8866). Lossless: unknown lines and attributes keep their text and order.</summary>
public sealed record SdpSession
{
    /// <summary><c>o=</c>.</summary>
    public required SdpOrigin Origin { get; init; }

    /// <summary><c>s=</c> value.</summary>
    public string Name { get; init; } = "-";

    /// <summary><c>i=</c>, <c>u=</c>, <c>e=</c>, <c>p=</c> lines as "i=text", in order.</summary>
    public IReadOnlyList<string> InfoLines { get; init; } = [];

    /// <summary>Session <c>c=</c>.</summary>
    public SdpConnection? Connection { get; init; }

    /// <summary><c>b=</c> lines: AS, RR, RS, TIAS, CT.</summary>
    public IReadOnlyList<SdpBandwidth> Bandwidths { get; init; } = [];

    /// <summary><c>t=</c> value.</summary>
    public string Timing { get; init; } = "0 0";

    /// <summary>Session attributes in order, known and unknown.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>Lines before the first m= that have no place here (k=, r=, z=, unknown letters), whole, in order. Never printed.</summary>
    public IReadOnlyList<string> OtherLines { get; init; } = [];

    /// <summary>The m= blocks.</summary>
    public IReadOnlyList<SdpMedia> Medias { get; init; } = [];
}

/// <summary><c>o=username id version IN family address</c>.</summary>
public sealed record SdpOrigin(string Username, string SessionId, string Version, string NetType, string Family, string Address);

/// <summary><c>c=IN family address</c>. <see cref="Parsed"/> is None when the address is a host name or invalid.</summary>
public sealed record SdpConnection(IpAddress Parsed, string Raw);

/// <summary><c>b=type:value</c>.</summary>
public readonly record struct SdpBandwidth(string Type, long Value);

/// <summary><c>a=name</c> or <c>a=name:value</c>.</summary>
public readonly record struct SdpAttribute(string Name, string? Value)
{
    /// <summary>The line without "a=".</summary>
    public override string ToString() => Value is null ? Name : $"{Name}:{Value}";
}

/// <summary>Media direction as printed.</summary>
public enum SdpDirection
{
    /// <summary>a=sendrecv</summary>
    SendRecv,

    /// <summary>a=sendonly</summary>
    SendOnly,

    /// <summary>a=recvonly</summary>
    RecvOnly,

    /// <summary>a=inactive</summary>
    Inactive,
}

/// <summary>One m= block.</summary>
public sealed record SdpMedia
{
    /// <summary>audio, video, image, ...</summary>
    public required string Type { get; init; }

    /// <summary>Port; 0: rejected.</summary>
    public required int Port { get; init; }

    /// <summary>Number of ports ("/2"); 1 by default.</summary>
    public int PortCount { get; init; } = 1;

    /// <summary>Protocol text, e.g. RTP/AVP.</summary>
    public required string Protocol { get; init; }

    /// <summary>Formats, in order.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary><c>i=</c> value.</summary>
    public string? Info { get; init; }

    /// <summary>Media-level <c>c=</c>; null: the session's applies.</summary>
    public SdpConnection? Connection { get; init; }

    /// <summary><c>b=</c> lines.</summary>
    public IReadOnlyList<SdpBandwidth> Bandwidths { get; init; } = [];

    /// <summary>All attributes in order, known and unknown.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>Lines of the block that nothing else here holds (k=, unknown letters), whole, in order. Never printed.</summary>
    public IReadOnlyList<string> OtherLines { get; init; } = [];
}
