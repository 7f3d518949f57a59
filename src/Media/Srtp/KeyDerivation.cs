using System.Runtime.Intrinsics;

namespace RtpCluster.Media.Srtp;

/// <summary>What a session key is for: the label of RFC 3711 section 4.3.</summary>
internal enum KeyLabel : byte
{
    RtpEncryption = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpEncryption = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

/// <summary>Derives session keys with AES in counter mode under the master key, derivation rate 0 (RFC 3711 4.3, RFC 6188, RFC 7714).</summary>
internal sealed class KeyDerivation : IDisposable
{
    private readonly AesCipher _master;
    private readonly byte[] _salt;

    internal KeyDerivation(ReadOnlySpan<byte> masterKey, byte[] masterSalt, CryptoBackend backend)
    {
        _master = new AesCipher(masterKey, backend);
        _salt = masterSalt;
    }

    /// <summary>Fills <paramref name="key"/> with the session key of a label.</summary>
    internal void Derive(KeyLabel label, Span<byte> key)
    {
        // A 12-byte salt (GCM) is padded with zeros on the right.
        Span<byte> iv = stackalloc byte[16];
        iv.Clear();
        _salt.CopyTo(iv);
        iv[7] ^= (byte)label;
        key.Clear();
        _master.XorCounterStream(Vector128.Create<byte>(iv), key);
    }

    /// <summary>Wipes the master key's expansion.</summary>
    public void Dispose() => _master.Dispose();
}
