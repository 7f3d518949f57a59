using System.Runtime.InteropServices;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.Media.Srtp;

/// <summary>The reference implementation libsrtp 2 as the other end of a test.</summary>
internal sealed unsafe class LibSrtp : IDisposable
{
    private const string Library = "libsrtp2.so.1";
    private const int AnyInbound = 2;
    private const int AnyOutbound = 3;
    private const int RtpPolicyOffset = 8;
    private const int RtcpPolicyOffset = 32;
    private const int KeyOffset = 56;
    private const int PolicyLength = 256;

    private static readonly nint Handle = Load();

    private readonly nint _session;

    private LibSrtp(nint session) => _session = session;

    internal static bool IsInstalled => Handle != 0;

    /// <summary>A session for one suite and direction; null: this build of the library lacks the suite.</summary>
    internal static LibSrtp? TryCreate(SrtpKeys keys, bool outbound)
    {
        var (rtp, rtcp) = Policies(keys.Suite);
        if (!NativeLibrary.TryGetExport(Handle, "srtp_crypto_policy_set_" + rtp, out var setRtp)
            || !NativeLibrary.TryGetExport(Handle, "srtp_crypto_policy_set_" + rtcp, out var setRtcp))
        {
            return null;
        }

        byte[] key = [.. keys.MasterKey, .. keys.MasterSalt];
        var policy = stackalloc byte[PolicyLength];
        new Span<byte>(policy, PolicyLength).Clear();
        *(int*)policy = outbound ? AnyOutbound : AnyInbound;
        ((delegate* unmanaged<byte*, void>)setRtp)(policy + RtpPolicyOffset);
        ((delegate* unmanaged<byte*, void>)setRtcp)(policy + RtcpPolicyOffset);
        fixed (byte* k = key)
        {
            *(byte**)(policy + KeyOffset) = k;
            return Create(out var session, policy) == 0 ? new LibSrtp(session) : null;
        }
    }

    internal int Protect(Span<byte> buffer, int length) => Run(&ProtectRtp, buffer, length);

    internal int Unprotect(Span<byte> buffer, int length) => Run(&UnprotectRtp, buffer, length);

    internal int ProtectControl(Span<byte> buffer, int length) => Run(&ProtectRtcp, buffer, length);

    internal int UnprotectControl(Span<byte> buffer, int length) => Run(&UnprotectRtcp, buffer, length);

    public void Dispose() => _ = Deallocate(_session);

    private int Run(delegate*<nint, byte*, int*, int> function, Span<byte> buffer, int length)
    {
        fixed (byte* b = buffer)
        {
            var status = function(_session, b, &length);
            return status == 0 ? length : -status;
        }
    }

    private static (string Rtp, string Rtcp) Policies(SrtpSuite suite) => suite switch
    {
        SrtpSuite.AesCm128HmacSha1_80 => ("rtp_default", "rtcp_default"),
        SrtpSuite.AesCm128HmacSha1_32 => ("aes_cm_128_hmac_sha1_32", "rtcp_default"),
        SrtpSuite.Aes256CmHmacSha1_80 => ("aes_cm_256_hmac_sha1_80", "aes_cm_256_hmac_sha1_80"),
        SrtpSuite.Aes256CmHmacSha1_32 => ("aes_cm_256_hmac_sha1_32", "aes_cm_256_hmac_sha1_80"),
        SrtpSuite.AeadAes128Gcm => ("aes_gcm_128_16_auth", "aes_gcm_128_16_auth"),
        SrtpSuite.AeadAes256Gcm => ("aes_gcm_256_16_auth", "aes_gcm_256_16_auth"),
        _ => ("null_cipher_hmac_sha1_80", "null_cipher_hmac_sha1_80"),
    };

    private static nint Load() => NativeLibrary.TryLoad(Library, out var handle) && Init() == 0 ? handle : 0;

    [DllImport(Library, EntryPoint = "srtp_init")]
    private static extern int Init();

    [DllImport(Library, EntryPoint = "srtp_create")]
    private static extern int Create(out nint session, byte* policy);

    [DllImport(Library, EntryPoint = "srtp_dealloc")]
    private static extern int Deallocate(nint session);

    [DllImport(Library, EntryPoint = "srtp_protect")]
    private static extern int ProtectRtp(nint session, byte* packet, int* length);

    [DllImport(Library, EntryPoint = "srtp_unprotect")]
    private static extern int UnprotectRtp(nint session, byte* packet, int* length);

    [DllImport(Library, EntryPoint = "srtp_protect_rtcp")]
    private static extern int ProtectRtcp(nint session, byte* packet, int* length);

    [DllImport(Library, EntryPoint = "srtp_unprotect_rtcp")]
    private static extern int UnprotectRtcp(nint session, byte* packet, int* length);
}
