using RtpCluster.Contracts;

namespace RtpCluster.Media.Dtls;

/// <summary>SRTP protection profiles of DTLS and the keys they export: RFC 5764 section 4.2, RFC 7714 section 14.2.</summary>
internal static class DtlsSrtpProfile
{
    /// <summary>The suite of a profile number; null: not ours.</summary>
    public static SrtpSuite? Suite(int profile) => profile switch
    {
        0x0001 => SrtpSuite.AesCm128HmacSha1_80,
        0x0002 => SrtpSuite.AesCm128HmacSha1_32,
        0x0007 => SrtpSuite.AeadAes128Gcm,
        0x0008 => SrtpSuite.AeadAes256Gcm,
        _ => null,
    };

    /// <summary>Bytes to export: two keys and two salts.</summary>
    public static int MaterialLength(SrtpSuite suite)
    {
        var info = SrtpSuiteInfo.Of(suite);
        return 2 * (info.KeyLength + info.SaltLength);
    }

    /// <summary>Splits the exported bytes: client key, server key, client salt, server salt.</summary>
    public static (SrtpKeys Client, SrtpKeys Server) Split(SrtpSuite suite, ReadOnlySpan<byte> material)
    {
        var info = SrtpSuiteInfo.Of(suite);
        int key = info.KeyLength;
        int salt = info.SaltLength;
        return (
            new SrtpKeys { Suite = suite, MasterKey = material[..key].ToArray(), MasterSalt = material.Slice(2 * key, salt).ToArray() },
            new SrtpKeys { Suite = suite, MasterKey = material.Slice(key, key).ToArray(), MasterSalt = material.Slice((2 * key) + salt, salt).ToArray() });
    }
}
