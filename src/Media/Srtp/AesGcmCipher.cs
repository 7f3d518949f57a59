using System.Security.Cryptography;
using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Srtp;

/// <summary>AES-GCM with a 12-byte IV and a 16-byte tag on one reused EVP context. Allocates nothing per call; not thread-safe.</summary>
internal sealed unsafe class AesGcmCipher : IDisposable
{
    internal const int IvLength = 12;
    internal const int TagLength = 16;

    private readonly EvpCipherContext _context = new();

    internal AesGcmCipher(ReadOnlySpan<byte> key) =>
        _context.SetKey(key.Length == 16 ? LibCrypto.Aes128Gcm() : LibCrypto.Aes256Gcm(), key);

    /// <summary>Encrypts in place and writes the tag. The associated data may come in two pieces.</summary>
    internal void Seal(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> more, Span<byte> data, Span<byte> tag)
    {
        fixed (byte* t = tag)
        {
            int ignored;
            if (!Run(1, iv, associated, more, data)
                || LibCrypto.CipherFinal(_context.Pointer, t, &ignored) != 1
                || LibCrypto.CipherControl(_context.Pointer, LibCrypto.CtrlAeadGetTag, TagLength, t) != 1)
            {
                throw new CryptographicException("libcrypto refused AES-GCM");
            }
        }
    }

    /// <summary>Decrypts in place. False: the tag is wrong, and the data is as it was.</summary>
    internal bool TryOpen(
        ReadOnlySpan<byte> iv, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> more, Span<byte> data, ReadOnlySpan<byte> tag)
    {
        var scratch = stackalloc byte[TagLength];
        tag.CopyTo(new Span<byte>(scratch, TagLength));
        int ignored;
        if (!Run(0, iv, associated, more, data)
            || LibCrypto.CipherControl(_context.Pointer, LibCrypto.CtrlAeadSetTag, TagLength, scratch) != 1)
        {
            throw new CryptographicException("libcrypto refused AES-GCM");
        }

        if (LibCrypto.CipherFinal(_context.Pointer, scratch, &ignored) == 1)
        {
            return true;
        }

        // The keystream XORed once more gives the ciphertext back, for the next candidate of the rollover counter.
        LibCrypto.ClearErrors();
        Run(0, iv, associated, more, data);
        return false;
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose() => _context.Dispose();

    private bool Run(int encrypt, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> more, Span<byte> data)
    {
        int ignored;
        var context = _context.Pointer;
        fixed (byte* v = iv, a = associated, b = more, d = data)
        {
            return LibCrypto.CipherRestart(context, 0, 0, null, v, encrypt) == 1
                && (associated.IsEmpty || LibCrypto.CipherUpdate(context, null, &ignored, a, associated.Length) == 1)
                && (more.IsEmpty || LibCrypto.CipherUpdate(context, null, &ignored, b, more.Length) == 1)
                && (data.IsEmpty || LibCrypto.CipherUpdate(context, d, &ignored, d, data.Length) == 1);
        }
    }
}
