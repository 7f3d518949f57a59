using System.Runtime.InteropServices;

namespace RtpCluster.Media.Interop;

/// <summary>
/// The SHA1_* functions of libcrypto. They are deprecated and may be missing from a build, so they are looked up rather than imported;
/// without them HMAC goes through EVP_MAC, which costs about twice as much per packet.
/// </summary>
internal static unsafe class LibCryptoSha1
{
    /// <summary>sizeof(SHA_CTX): five hash words, two length words, sixteen data words, one count.</summary>
    internal const int ContextSize = 96;

    private static readonly nint Library = NativeLibrary.TryLoad(LibCrypto.Name, out var handle) ? handle : 0;

    private static readonly nint InitAddress = Find("SHA1_Init");
    private static readonly nint UpdateAddress = Find("SHA1_Update");
    private static readonly nint FinalAddress = Find("SHA1_Final");

    /// <summary>All three functions are there.</summary>
    internal static bool IsAvailable => InitAddress != 0 && UpdateAddress != 0 && FinalAddress != 0;

    internal static void Init(byte* context) =>
        ((delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int>)InitAddress)(context);

    internal static void Update(byte* context, byte* data, nuint length) =>
        ((delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int>)UpdateAddress)(context, data, length);

    internal static void Final(byte* digest, byte* context) =>
        ((delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int>)FinalAddress)(digest, context);

    private static nint Find(string name) =>
        Library != 0 && NativeLibrary.TryGetExport(Library, name, out var address) ? address : 0;
}
