using System.Runtime.InteropServices;

namespace RtpCluster.Media.Interop;

/// <summary>
/// OpenSSL 3's libcrypto on memory buffers. Blittable signatures only. Calls on the packet path take well under a microsecond and call
/// nothing back, so they skip the GC transition.
/// </summary>
internal static unsafe partial class LibCrypto
{
    internal const string Name = "libcrypto.so.3";

    internal const int CtrlAeadGetTag = 0x10;
    internal const int CtrlAeadSetTag = 0x11;

    [LibraryImport(Name, EntryPoint = "EVP_CIPHER_CTX_new")]
    internal static partial nint CipherContextNew();

    [LibraryImport(Name, EntryPoint = "EVP_CIPHER_CTX_free")]
    internal static partial void CipherContextFree(nint context);

    [LibraryImport(Name, EntryPoint = "EVP_aes_128_ctr")]
    internal static partial nint Aes128Ctr();

    [LibraryImport(Name, EntryPoint = "EVP_aes_192_ctr")]
    internal static partial nint Aes192Ctr();

    [LibraryImport(Name, EntryPoint = "EVP_aes_256_ctr")]
    internal static partial nint Aes256Ctr();

    [LibraryImport(Name, EntryPoint = "EVP_aes_128_gcm")]
    internal static partial nint Aes128Gcm();

    [LibraryImport(Name, EntryPoint = "EVP_aes_256_gcm")]
    internal static partial nint Aes256Gcm();

    [LibraryImport(Name, EntryPoint = "EVP_CipherInit_ex")]
    internal static partial int CipherInit(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(Name, EntryPoint = "EVP_CipherInit_ex")]
    [SuppressGCTransition]
    internal static partial int CipherRestart(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(Name, EntryPoint = "EVP_CipherUpdate")]
    [SuppressGCTransition]
    internal static partial int CipherUpdate(nint context, byte* output, int* outputLength, byte* input, int inputLength);

    [LibraryImport(Name, EntryPoint = "EVP_CipherFinal_ex")]
    [SuppressGCTransition]
    internal static partial int CipherFinal(nint context, byte* output, int* outputLength);

    [LibraryImport(Name, EntryPoint = "EVP_CIPHER_CTX_ctrl")]
    [SuppressGCTransition]
    internal static partial int CipherControl(nint context, int type, int argument, byte* pointer);

    [LibraryImport(Name, EntryPoint = "EVP_MAC_fetch")]
    internal static partial nint MacFetch(nint libraryContext, byte* algorithm, byte* properties);

    [LibraryImport(Name, EntryPoint = "EVP_MAC_free")]
    internal static partial void MacFree(nint mac);

    [LibraryImport(Name, EntryPoint = "EVP_MAC_CTX_new")]
    internal static partial nint MacContextNew(nint mac);

    [LibraryImport(Name, EntryPoint = "EVP_MAC_CTX_free")]
    internal static partial void MacContextFree(nint context);

    [LibraryImport(Name, EntryPoint = "EVP_MAC_init")]
    internal static partial int MacInit(nint context, byte* key, nuint keyLength, OsslParam* parameters);

    [LibraryImport(Name, EntryPoint = "EVP_MAC_update")]
    internal static partial int MacUpdate(nint context, byte* data, nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_MAC_final")]
    internal static partial int MacFinal(nint context, byte* output, nuint* outputLength, nuint outputSize);

    [LibraryImport(Name, EntryPoint = "ERR_clear_error")]
    internal static partial void ClearErrors();

    /// <summary>OSSL_PARAM of openssl/core.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OsslParam
    {
        internal const uint Utf8String = 4;

        internal byte* Key;
        internal uint DataType;
        internal void* Data;
        internal nuint DataSize;
        internal nuint ReturnSize;
    }
}
