using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Srtp;

/// <summary>AES under one key of 16, 24 or 32 bytes: counter mode and single blocks. Allocates nothing per call; not thread-safe.</summary>
internal sealed unsafe class AesCipher : IDisposable
{
    private readonly SecretMemory? _expandedKey;
    private readonly EvpCipherContext? _counterContext;
    private readonly int _rounds;

    internal AesCipher(ReadOnlySpan<byte> key, CryptoBackend backend)
    {
        if (backend.HasFlag(CryptoBackend.AesInstructions))
        {
            _expandedKey = new SecretMemory(AesInstructions.ExpandedKeyLength);
            _rounds = AesInstructions.ExpandKey(key, _expandedKey.Pointer);
            return;
        }

        _counterContext = new EvpCipherContext();
        _counterContext.SetKey(
            key.Length switch { 16 => LibCrypto.Aes128Ctr(), 24 => LibCrypto.Aes192Ctr(), _ => LibCrypto.Aes256Ctr() }, key);
    }

    /// <summary>XORs data with the keystream that starts at <paramref name="iv"/>; the last two bytes of it must be 0.</summary>
    internal void XorCounterStream(Vector128<byte> iv, Span<byte> data)
    {
        fixed (byte* p = data)
        {
            if (_expandedKey is not null)
            {
                AesInstructions.XorCounterStream(_expandedKey.Pointer, _rounds, iv, p, data.Length);
            }
            else
            {
                XorWithEvp(iv, p, data.Length);
            }
        }
    }

    /// <summary>Encrypts one block.</summary>
    internal Vector128<byte> EncryptBlock(Vector128<byte> block)
    {
        if (_expandedKey is not null)
        {
            return AesInstructions.EncryptBlock(_expandedKey.Pointer, _rounds, block);
        }

        // The first block of a counter stream over zeros is the encrypted counter itself.
        var result = Vector128<byte>.Zero;
        XorWithEvp(block, (byte*)&result, 16);
        return result;
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        _expandedKey?.Dispose();
        _counterContext?.Dispose();
    }

    private void XorWithEvp(Vector128<byte> iv, byte* data, int length)
    {
        int written;
        var context = _counterContext!.Pointer;
        if (LibCrypto.CipherRestart(context, 0, 0, null, (byte*)&iv, 1) != 1
            || (length > 0 && LibCrypto.CipherUpdate(context, data, &written, data, length) != 1))
        {
            throw new CryptographicException("libcrypto refused AES counter mode");
        }
    }
}
