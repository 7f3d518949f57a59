namespace RtpCluster.Media.Srtp;

/// <summary>What became of a packet that was to be unprotected. All but <see cref="Ok"/> leave packet and state as they were.</summary>
public enum SrtpResult : byte
{
    /// <summary>Authentic, new, decrypted.</summary>
    Ok,

    /// <summary>Too short, or no RTP or RTCP.</summary>
    Malformed,

    /// <summary>The authentication tag fits no candidate index.</summary>
    AuthenticationFailed,

    /// <summary>The index was seen before.</summary>
    Replayed,

    /// <summary>The index lies behind the replay window.</summary>
    TooOld,

    /// <summary>The master key identifier is not that of our key.</summary>
    UnknownMki,
}
