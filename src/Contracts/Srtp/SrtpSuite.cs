namespace RtpCluster.Contracts;

/// <summary>The SRTP crypto suites of RFC 4568, 6188 and 7714. The numbers are persisted; the order is that of our offers.</summary>
public enum SrtpSuite : byte
{
    /// <summary>No SRTP.</summary>
    None = 0,

    /// <summary>RFC 7714.</summary>
    AeadAes256Gcm = 1,

    /// <summary>RFC 7714.</summary>
    AeadAes128Gcm = 2,

    /// <summary>RFC 6188.</summary>
    Aes256CmHmacSha1_80 = 3,

    /// <summary>RFC 6188.</summary>
    Aes256CmHmacSha1_32 = 4,

    /// <summary>RFC 6188.</summary>
    Aes192CmHmacSha1_80 = 5,

    /// <summary>RFC 6188.</summary>
    Aes192CmHmacSha1_32 = 6,

    /// <summary>RFC 4568.</summary>
    AesCm128HmacSha1_80 = 7,

    /// <summary>RFC 4568.</summary>
    AesCm128HmacSha1_32 = 8,

    /// <summary>RFC 4568.</summary>
    F8_128HmacSha1_80 = 9,

    /// <summary>The peer's private suite: F8 with a 32-bit tag.</summary>
    F8_128HmacSha1_32 = 10,

    /// <summary>Authentication only.</summary>
    NullHmacSha1_80 = 11,

    /// <summary>Authentication only.</summary>
    NullHmacSha1_32 = 12,
}

/// <summary>What a suite's transform does to the payload.</summary>
public enum SrtpCipher : byte
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>AES in counter mode, RFC 3711 4.1.1.</summary>
    AesCm,

    /// <summary>AES in f8 mode, RFC 3711 4.1.2.</summary>
    AesF8,

    /// <summary>AES-GCM, RFC 7714.</summary>
    AesGcm,
}

/// <summary>One row of the suite table. Lengths are bytes.</summary>
/// <param name="Suite">Which suite.</param>
/// <param name="Name">Its SDP name.</param>
/// <param name="Cipher">Its transform.</param>
/// <param name="KeyLength">Master and session key.</param>
/// <param name="SaltLength">Master and session salt.</param>
/// <param name="RtpTagLength">Authentication tag of SRTP.</param>
/// <param name="RtcpTagLength">Authentication tag of SRTCP: stays 10 where SRTP has 4.</param>
public sealed record SrtpSuiteInfo(
    SrtpSuite Suite, string Name, SrtpCipher Cipher, int KeyLength, int SaltLength, int RtpTagLength, int RtcpTagLength)
{
    /// <summary>Every suite in the order of our offers; index = suite number minus one.</summary>
    public static IReadOnlyList<SrtpSuiteInfo> All { get; } =
    [
        new(SrtpSuite.AeadAes256Gcm, "AEAD_AES_256_GCM", SrtpCipher.AesGcm, 32, 12, 16, 16),
        new(SrtpSuite.AeadAes128Gcm, "AEAD_AES_128_GCM", SrtpCipher.AesGcm, 16, 12, 16, 16),
        new(SrtpSuite.Aes256CmHmacSha1_80, "AES_256_CM_HMAC_SHA1_80", SrtpCipher.AesCm, 32, 14, 10, 10),
        new(SrtpSuite.Aes256CmHmacSha1_32, "AES_256_CM_HMAC_SHA1_32", SrtpCipher.AesCm, 32, 14, 4, 10),
        new(SrtpSuite.Aes192CmHmacSha1_80, "AES_192_CM_HMAC_SHA1_80", SrtpCipher.AesCm, 24, 14, 10, 10),
        new(SrtpSuite.Aes192CmHmacSha1_32, "AES_192_CM_HMAC_SHA1_32", SrtpCipher.AesCm, 24, 14, 4, 10),
        new(SrtpSuite.AesCm128HmacSha1_80, "AES_CM_128_HMAC_SHA1_80", SrtpCipher.AesCm, 16, 14, 10, 10),
        new(SrtpSuite.AesCm128HmacSha1_32, "AES_CM_128_HMAC_SHA1_32", SrtpCipher.AesCm, 16, 14, 4, 10),
        new(SrtpSuite.F8_128HmacSha1_80, "F8_128_HMAC_SHA1_80", SrtpCipher.AesF8, 16, 14, 10, 10),
        new(SrtpSuite.F8_128HmacSha1_32, "F8_128_HMAC_SHA1_32", SrtpCipher.AesF8, 16, 14, 4, 10),
        new(SrtpSuite.NullHmacSha1_80, "NULL_HMAC_SHA1_80", SrtpCipher.Null, 16, 14, 10, 10),
        new(SrtpSuite.NullHmacSha1_32, "NULL_HMAC_SHA1_32", SrtpCipher.Null, 16, 14, 4, 10),
    ];

    /// <summary>The row of a suite.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="SrtpSuite.None"/>, or a number that is no suite.</exception>
    public static SrtpSuiteInfo Of(SrtpSuite suite) =>
        suite != SrtpSuite.None && (int)suite <= All.Count ? All[(int)suite - 1] : throw new ArgumentOutOfRangeException(nameof(suite));

    /// <summary>Finds a suite by its SDP name, case-insensitively.</summary>
    public static SrtpSuiteInfo? ByName(string name)
    {
        foreach (var info in All)
        {
            if (string.Equals(info.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return info;
            }
        }

        return null;
    }
}

/// <summary>The keys and session parameters of one direction of one stream (RFC 4568 section 6). Secret: never logged.</summary>
public sealed record SrtpKeys
{
    /// <summary>The suite.</summary>
    public required SrtpSuite Suite { get; init; }

    /// <summary>Master key, <see cref="SrtpSuiteInfo.KeyLength"/> bytes.</summary>
    public required byte[] MasterKey { get; init; }

    /// <summary>Master salt, <see cref="SrtpSuiteInfo.SaltLength"/> bytes.</summary>
    public required byte[] MasterSalt { get; init; }

    /// <summary>Master key identifier as sent on the wire; empty: none.</summary>
    public byte[] Mki { get; init; } = [];

    /// <summary>UNENCRYPTED_SRTP.</summary>
    public bool UnencryptedSrtp { get; init; }

    /// <summary>UNENCRYPTED_SRTCP.</summary>
    public bool UnencryptedSrtcp { get; init; }

    /// <summary>UNAUTHENTICATED_SRTP.</summary>
    public bool UnauthenticatedSrtp { get; init; }

    /// <summary>Value equality over the bytes.</summary>
    public bool Equals(SrtpKeys? other) =>
        other is not null && Suite == other.Suite && UnencryptedSrtp == other.UnencryptedSrtp
        && UnencryptedSrtcp == other.UnencryptedSrtcp && UnauthenticatedSrtp == other.UnauthenticatedSrtp
        && MasterKey.AsSpan().SequenceEqual(other.MasterKey) && MasterSalt.AsSpan().SequenceEqual(other.MasterSalt)
        && Mki.AsSpan().SequenceEqual(other.Mki);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Suite, MasterKey.Length > 3 ? BitConverter.ToInt32(MasterKey) : 0);

    /// <summary>Names the suite only, so that a stray log line leaks no key.</summary>
    public override string ToString() => Suite.ToString();
}
