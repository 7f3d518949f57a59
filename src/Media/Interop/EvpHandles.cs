using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RtpCluster.Media.Interop;

/// <summary>Owns an EVP_CIPHER_CTX; OpenSSL wipes its key when it is freed.</summary>
internal sealed class EvpCipherContext : SafeHandle
{
    internal EvpCipherContext()
        : base(0, ownsHandle: true) => SetHandle(LibCrypto.CipherContextNew());

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The native pointer. Valid while this object is reachable and not disposed.</summary>
    internal nint Pointer => handle;

    /// <summary>Sets cipher and key; later calls only set an IV.</summary>
    /// <exception cref="CryptographicException">The library has no such cipher.</exception>
    internal unsafe void SetKey(nint cipher, ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            if (IsInvalid || LibCrypto.CipherInit(handle, cipher, 0, k, null, 1) != 1)
            {
                throw new CryptographicException("libcrypto refused the cipher");
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.CipherContextFree(handle);
        return true;
    }
}

/// <summary>Owns an EVP_MAC_CTX for HMAC-SHA1; OpenSSL wipes its key when it is freed.</summary>
internal sealed class EvpHmacSha1Context : SafeHandle
{
    internal unsafe EvpHmacSha1Context(ReadOnlySpan<byte> key)
        : base(0, ownsHandle: true)
    {
        fixed (byte* k = key, hmac = "HMAC\0"u8, digest = "digest\0"u8, sha1 = "SHA1\0"u8)
        {
            var mac = LibCrypto.MacFetch(0, hmac, null);
            SetHandle(LibCrypto.MacContextNew(mac));
            LibCrypto.MacFree(mac);
            var parameters = stackalloc LibCrypto.OsslParam[2];
            parameters[0] = new() { Key = digest, DataType = LibCrypto.OsslParam.Utf8String, Data = sha1, DataSize = 4 };
            parameters[1] = default;
            if (IsInvalid || LibCrypto.MacInit(handle, k, (nuint)key.Length, parameters) != 1)
            {
                throw new CryptographicException("libcrypto refused HMAC-SHA1");
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The native pointer. Valid while this object is reachable and not disposed.</summary>
    internal nint Pointer => handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.MacContextFree(handle);
        return true;
    }
}
