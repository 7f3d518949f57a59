using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace RtpCluster.Media.Srtp;

/// <summary>AES in f8 mode, RFC 3711 section 4.1.2.</summary>
internal sealed class AesF8 : IDisposable
{
    private readonly AesCipher _key;
    private readonly AesCipher _maskedKey;

    internal AesF8(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, CryptoBackend backend)
    {
        // m = k_s || 0x555..5, as long as the key; IV' is encrypted under key XOR m.
        Span<byte> masked = stackalloc byte[32];
        masked = masked[..key.Length];
        masked.Fill(0x55);
        salt.CopyTo(masked);
        for (var i = 0; i < key.Length; i++)
        {
            masked[i] ^= key[i];
        }

        _key = new AesCipher(key, backend);
        _maskedKey = new AesCipher(masked, backend);
        CryptographicOperations.ZeroMemory(masked);
    }

    /// <summary>XORs data with the f8 keystream of <paramref name="iv"/>.</summary>
    internal void XorStream(Vector128<byte> iv, Span<byte> data)
    {
        var start = _maskedKey.EncryptBlock(iv);
        var block = Vector128<byte>.Zero;
        Span<byte> counter = stackalloc byte[16];
        Span<byte> stream = stackalloc byte[16];
        counter.Clear();
        for (uint j = 0; !data.IsEmpty; j++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter[12..], j);
            block = _key.EncryptBlock(start ^ Vector128.Create<byte>(counter) ^ block);
            block.CopyTo(stream);
            var n = Math.Min(16, data.Length);
            for (var i = 0; i < n; i++)
            {
                data[i] ^= stream[i];
            }

            data = data[n..];
        }
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        _key.Dispose();
        _maskedKey.Dispose();
    }
}
