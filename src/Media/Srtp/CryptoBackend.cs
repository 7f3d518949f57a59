using System.Runtime.Intrinsics.X86;
using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Srtp;

/// <summary>Which fast ways a context may use; what is missing goes through EVP.</summary>
[Flags]
internal enum CryptoBackend
{
    /// <summary>EVP only: arm64, or a libcrypto without the SHA1_* functions.</summary>
    Portable = 0,

    /// <summary>AES-NI instructions, eight blocks at a time.</summary>
    AesInstructions = 1,

    /// <summary>SHA1_Update and SHA1_Final on saved pad states.</summary>
    DirectSha1 = 2,
}

/// <summary>What this machine has.</summary>
internal static class CryptoBackends
{
    /// <summary>The fastest way here.</summary>
    internal static readonly CryptoBackend Fastest =
        (Aes.IsSupported ? CryptoBackend.AesInstructions : 0) | (LibCryptoSha1.IsAvailable ? CryptoBackend.DirectSha1 : 0);
}
