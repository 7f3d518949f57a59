namespace RtpCluster.Media.Stun;

/// <summary>STUN attribute types that ICE uses: RFC 8489 section 18.3, RFC 8445 section 16.1. Below 0x8000: must be understood.</summary>
public enum StunAttribute : ushort
{
    /// <summary>RFC 3489's form of the mapped address.</summary>
    MappedAddress = 0x0001,

    /// <summary>Who sends a request: "to:from" in ICE.</summary>
    Username = 0x0006,

    /// <summary>HMAC-SHA1 over everything before it.</summary>
    MessageIntegrity = 0x0008,

    /// <summary>Class, number and reason of an error response.</summary>
    ErrorCode = 0x0009,

    /// <summary>What was not understood, in a 420.</summary>
    UnknownAttributes = 0x000a,

    /// <summary>Long-term credentials; known, never used by ICE.</summary>
    Realm = 0x0014,

    /// <summary>Long-term credentials; known, never used by ICE.</summary>
    Nonce = 0x0015,

    /// <summary>Where the request came from.</summary>
    XorMappedAddress = 0x0020,

    /// <summary>Priority that a peer-reflexive candidate found by this check gets.</summary>
    Priority = 0x0024,

    /// <summary>The controlling agent nominates this pair.</summary>
    UseCandidate = 0x0025,

    /// <summary>Name of the software.</summary>
    Software = 0x8022,

    /// <summary>CRC-32 that tells STUN from other packets.</summary>
    Fingerprint = 0x8028,

    /// <summary>The sender is controlled; its tie-breaker.</summary>
    IceControlled = 0x8029,

    /// <summary>The sender is controlling; its tie-breaker.</summary>
    IceControlling = 0x802a,
}

/// <summary>Class of a STUN message, RFC 8489 section 5.</summary>
public enum StunClass : byte
{
    /// <summary>Wants an answer.</summary>
    Request = 0,

    /// <summary>Wants none.</summary>
    Indication = 1,

    /// <summary>The request was served.</summary>
    Success = 2,

    /// <summary>The request was refused.</summary>
    Error = 3,
}

/// <summary>Error numbers, RFC 8489 section 14.8 and RFC 8445 section 16.2.</summary>
public static class StunError
{
    /// <summary>An attribute that must be understood was not.</summary>
    public const int UnknownAttribute = 420;

    /// <summary>Both agents have the same role.</summary>
    public const int RoleConflict = 487;
}
