namespace RtpCluster.Sdp;

/// <summary>Everything one printed session description says, already decided; <see cref="SdpPrinter"/> only lays it out.</summary>
public sealed record SdpOutput
{
    /// <summary><c>o=</c>.</summary>
    public required SdpOrigin Origin { get; init; }

    /// <summary><c>s=</c> value; may be empty.</summary>
    public string Name { get; init; } = "-";

    /// <summary><c>i=</c>, <c>u=</c>, <c>e=</c>, <c>p=</c> lines as "i=text", in order.</summary>
    public IReadOnlyList<string> InfoLines { get; init; } = [];

    /// <summary>Session <c>b=</c>; printed in the order AS, RR, RS, CT, TIAS. Empty for a subscribe request.</summary>
    public IReadOnlyList<SdpBandwidth> Bandwidths { get; init; } = [];

    /// <summary><c>t=</c> value.</summary>
    public string Timing { get; init; } = "0 0";

    /// <summary>Value of <c>a=rtpengine</c> (12 hexadecimal digits), the loop-protect mark; null: none.</summary>
    public string? LoopProtectId { get; init; }

    /// <summary>Prints <c>a=ice-lite</c>.</summary>
    public bool IceLite { get; init; }

    /// <summary><c>a=group</c> lines.</summary>
    public IReadOnlyList<GroupAttribute> Groups { get; init; } = [];

    /// <summary>The source's generic session attributes, in order.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>The m= blocks.</summary>
    public required IReadOnlyList<SdpMediaOutput> Medias { get; init; }
}
