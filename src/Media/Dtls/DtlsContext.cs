using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RtpCluster.Contracts;
using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Dtls;

/// <summary>What all handshakes with one certificate share. Safe for concurrent use; dispose after the last endpoint.</summary>
public sealed unsafe class DtlsContext : IDisposable
{
    private nint _context;

    /// <summary>Makes one: DTLS 1.2, the SRTP profiles of RFC 5764 and RFC 7714, any certificate (its fingerprint is checked afterwards).</summary>
    /// <exception cref="CryptographicException">libssl refuses the certificate or the key.</exception>
    /// <param name="certificate">Ours.</param>
    /// <param name="settings">Ciphers and datagram size; null: the defaults.</param>
    public DtlsContext(DtlsCertificate certificate, DtlsSettings? settings = null)
    {
        Settings = settings ?? new DtlsSettings();
        _context = LibSsl.ContextNew(LibSsl.DtlsMethod());
        fixed (byte* profiles = "SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32\0"u8,
            der = certificate.Certificate, keyBytes = certificate.PrivateKey)
        {
            byte* at = keyBytes;
            nint key = LibSsl.ReadPrivateKey(0, &at, certificate.PrivateKey.Length);
            bool good = _context != 0 && key != 0
                && LibSsl.ContextControl(_context, LibSsl.CtrlSetMinProtocol, LibSsl.Dtls12, null) == 1
                && (Settings.Ciphers.Length == 0 || LibSsl.ContextSetCiphers(_context, Settings.Ciphers) == 1)
                && LibSsl.ContextSetSrtp(_context, profiles) == 0 // 0 is success here
                && LibSsl.ContextUseCertificate(_context, certificate.Certificate.Length, der) == 1
                && LibSsl.ContextUseKey(_context, key) == 1;
            LibSsl.PrivateKeyFree(key);
            if (!good)
            {
                Dispose();
                throw new CryptographicException("libssl refused the DTLS certificate");
            }
        }

        LibSsl.ContextSetOptions(_context, LibSsl.OpNoQueryMtu | LibSsl.OpNoRenegotiation);
        LibSsl.ContextSetVerify(_context, LibSsl.VerifyPeerOrFail, &AcceptAny);
    }

    /// <summary>Ciphers and datagram size.</summary>
    public DtlsSettings Settings { get; }

    internal nint Pointer => _context;

    /// <inheritdoc/>
    public void Dispose()
    {
        LibSsl.ContextFree(_context);
        _context = 0;
    }

    /// <summary>Self-signed certificates are the rule; trust comes from the fingerprint in the SDP (RFC 8122 section 5).</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AcceptAny(int verified, nint store) => 1;
}
