using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RtpCluster.Contracts;
using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Srtp;

/// <summary>The session keys of SRTP or of SRTCP, ready for use: exactly one cipher (or none), and HMAC unless the cipher is GCM.</summary>
internal sealed unsafe class SessionCrypto : IDisposable
{
    private readonly SecretMemory _salt = new(16);

    /// <summary>Takes session keys as they are.</summary>
    internal SessionCrypto(
        SrtpCipher cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> authentication, CryptoBackend backend)
    {
        Cipher = cipher;
        salt.CopyTo(_salt.Span);
        switch (cipher)
        {
            case SrtpCipher.AesCm:
                Counter = new AesCipher(key, backend);
                break;
            case SrtpCipher.AesF8:
                F8 = new AesF8(key, salt, backend);
                break;
            case SrtpCipher.AesGcm:
                Gcm = new AesGcmCipher(key);
                break;
        }

        if (cipher != SrtpCipher.AesGcm)
        {
            Hmac = new HmacSha1(authentication, backend);
        }
    }

    internal SrtpCipher Cipher { get; }

    internal AesCipher? Counter { get; }

    internal AesF8? F8 { get; }

    internal AesGcmCipher? Gcm { get; }

    internal HmacSha1? Hmac { get; }

    /// <summary>The session salt, padded with zeros on the right.</summary>
    internal Vector128<byte> Salt => Vector128.Load(_salt.Pointer);

    /// <summary>Derives the session keys from the master key.</summary>
    /// <param name="suite">The suite's row.</param>
    /// <param name="derivation">Keyed with the master key.</param>
    /// <param name="encryption">First of the three labels: 0 for SRTP, 3 for SRTCP.</param>
    /// <param name="backend">Fast ways to use.</param>
    internal static SessionCrypto Derive(
        SrtpSuiteInfo suite, KeyDerivation derivation, KeyLabel encryption, CryptoBackend backend)
    {
        Span<byte> secrets = stackalloc byte[32 + HmacSha1.Length + 14];
        var key = secrets[..suite.KeyLength];
        var authentication = secrets.Slice(32, HmacSha1.Length);
        var salt = secrets.Slice(32 + HmacSha1.Length, suite.SaltLength);
        derivation.Derive(encryption, key);
        derivation.Derive(encryption + 1, authentication);
        derivation.Derive(encryption + 2, salt);
        var result = new SessionCrypto(suite.Cipher, key, salt, authentication, backend);
        CryptographicOperations.ZeroMemory(secrets);
        return result;
    }

    /// <summary>The GCM IV of an SSRC and index: (0 || SSRC || index) ^ salt, 12 bytes (RFC 7714 8.1 and 9.1).</summary>
    internal void WriteGcmIv(uint ssrc, ulong index, Span<byte> iv)
    {
        BinaryPrimitives.WriteUInt32BigEndian(iv, ssrc >> 16);
        BinaryPrimitives.WriteUInt64BigEndian(iv[4..], ((ulong)(ushort)ssrc << 48) | index);
        for (var i = 0; i < iv.Length; i++)
        {
            iv[i] ^= _salt.Pointer[i];
        }
    }

    /// <summary>XORs with the AES-CM keystream of an SSRC and index: IV = (salt · 2^16) ^ (SSRC · 2^64) ^ (index · 2^16).</summary>
    internal void XorCounter(uint ssrc, ulong index, Span<byte> data)
    {
        var iv = Vector128.Create(
            (ulong)BinaryPrimitives.ReverseEndianness(ssrc) << 32,
            BinaryPrimitives.ReverseEndianness(index << 16));
        Counter!.XorCounterStream(iv.AsByte() ^ Salt, data);
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        _salt.Dispose();
        Counter?.Dispose();
        F8?.Dispose();
        Gcm?.Dispose();
        Hmac?.Dispose();
    }
}
