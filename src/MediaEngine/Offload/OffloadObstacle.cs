namespace RtpCluster.MediaEngine.Offload;

/// <summary>Why a stream stays in the media process.</summary>
public enum OffloadObstacle : byte
{
    /// <summary>Nothing: it can go down.</summary>
    None,

    /// <summary>It carries RTCP only, and nobody gets it.</summary>
    NoOutput,

    /// <summary>Its remote's endpoint is not confirmed: sources are still compared.</summary>
    Unconfirmed,

    /// <summary>Its packets are checked for loops.</summary>
    LoopCheck,

    /// <summary>It has none or more than one local port.</summary>
    Ports,

    /// <summary>It has more outputs or identifiers than a row takes.</summary>
    TooMany,

    /// <summary>Another stream sends the same SSRC to the same receiver: one index for both can only be counted in one place.</summary>
    SsrcCollision,

    /// <summary>The table refused it a moment ago.</summary>
    Refused,

    /// <summary>It shares a port with other streams (BUNDLE), or sends to one that does.</summary>
    Bundled,

    /// <summary>A receiver asks for lost packets, which are kept in the media process.</summary>
    Retransmission,

    /// <summary>Simulcast layers become one stream, or header extensions are written: a row only takes away.</summary>
    Rewritten,
}
