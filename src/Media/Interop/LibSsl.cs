using System.Runtime.InteropServices;

namespace RtpCluster.Media.Interop;

/// <summary>OpenSSL 3's libssl (DTLS) and the parts of libcrypto that it needs. Handshakes only: never on the packet path.</summary>
internal static unsafe partial class LibSsl
{
    internal const string Name = "libssl.so.3";

    internal const ulong OpNoQueryMtu = 1UL << 12;
    internal const ulong OpNoRenegotiation = 1UL << 30;
    internal const int CtrlSetMinProtocol = 123;
    internal const int CtrlSetLinkMtu = 120;
    internal const int CtrlGetTimeout = 73;
    internal const int CtrlHandleTimeout = 74;
    internal const int Dtls12 = 0xfefd;
    internal const int VerifyPeerOrFail = 3;
    internal const int ErrorWantRead = 2;
    internal const int ErrorWantWrite = 3;
    internal const int BioSourceSink = 0x0400;
    internal const int BioRetryRead = 0x01 | 0x08;
    internal const int BioRetryBits = 0x0f;

    [LibraryImport(Name, EntryPoint = "DTLS_method")]
    internal static partial nint DtlsMethod();

    [LibraryImport(Name, EntryPoint = "SSL_CTX_new")]
    internal static partial nint ContextNew(nint method);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_free")]
    internal static partial void ContextFree(nint context);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_ctrl")]
    internal static partial nint ContextControl(nint context, int command, nint number, void* pointer);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_options")]
    internal static partial ulong ContextSetOptions(nint context, ulong options);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_verify")]
    internal static partial void ContextSetVerify(nint context, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_tlsext_use_srtp")]
    internal static partial int ContextSetSrtp(nint context, byte* profiles);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_cipher_list", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ContextSetCiphers(nint context, string ciphers);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_use_certificate_ASN1")]
    internal static partial int ContextUseCertificate(nint context, int length, byte* der);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_use_PrivateKey")]
    internal static partial int ContextUseKey(nint context, nint key);

    [LibraryImport(Name, EntryPoint = "SSL_new")]
    internal static partial nint New(nint context);

    [LibraryImport(Name, EntryPoint = "SSL_free")]
    internal static partial void Free(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_set_accept_state")]
    internal static partial void SetAcceptState(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_set_connect_state")]
    internal static partial void SetConnectState(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_set_bio")]
    internal static partial void SetBio(nint ssl, nint read, nint write);

    [LibraryImport(Name, EntryPoint = "SSL_ctrl")]
    internal static partial nint Control(nint ssl, int command, nint number, void* pointer);

    [LibraryImport(Name, EntryPoint = "DTLS_set_timer_cb")]
    internal static partial void SetTimer(nint ssl, delegate* unmanaged[Cdecl]<nint, uint, uint> callback);

    [LibraryImport(Name, EntryPoint = "SSL_do_handshake")]
    internal static partial int DoHandshake(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_read")]
    internal static partial int Read(nint ssl, byte* target, int length);

    [LibraryImport(Name, EntryPoint = "SSL_get_error")]
    internal static partial int GetError(nint ssl, int result);

    [LibraryImport(Name, EntryPoint = "SSL_get1_peer_certificate")]
    internal static partial nint GetPeerCertificate(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_get_selected_srtp_profile")]
    internal static partial SrtpProfile* GetSrtpProfile(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_export_keying_material")]
    internal static partial int ExportKeys(
        nint ssl, byte* target, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);

    [LibraryImport(LibCrypto.Name, EntryPoint = "d2i_AutoPrivateKey")]
    internal static partial nint ReadPrivateKey(nint key, byte** der, int length);

    [LibraryImport(LibCrypto.Name, EntryPoint = "EVP_PKEY_free")]
    internal static partial void PrivateKeyFree(nint key);

    [LibraryImport(LibCrypto.Name, EntryPoint = "X509_free")]
    internal static partial void CertificateFree(nint certificate);

    [LibraryImport(LibCrypto.Name, EntryPoint = "i2d_X509")]
    internal static partial int WriteCertificate(nint certificate, byte** target);

    [LibraryImport(LibCrypto.Name, EntryPoint = "EVP_Digest")]
    internal static partial int Digest(byte* data, nuint count, byte* target, uint* length, nint digest, nint engine);

    [LibraryImport(LibCrypto.Name, EntryPoint = "EVP_get_digestbyname", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint DigestByName(string name);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_get_new_index")]
    internal static partial int BioNewIndex();

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_meth_new")]
    internal static partial nint BioMethodNew(int type, byte* name);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_meth_set_write")]
    internal static partial void BioMethodSetWrite(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_meth_set_read")]
    internal static partial void BioMethodSetRead(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_meth_set_ctrl")]
    internal static partial void BioMethodSetControl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> control);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_new")]
    internal static partial nint BioNew(nint method);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_set_data")]
    internal static partial void BioSetData(nint bio, nint data);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_get_data")]
    internal static partial nint BioGetData(nint bio);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_set_init")]
    internal static partial void BioSetInit(nint bio, int init);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_set_flags")]
    internal static partial void BioSetFlags(nint bio, int flags);

    [LibraryImport(LibCrypto.Name, EntryPoint = "BIO_clear_flags")]
    internal static partial void BioClearFlags(nint bio, int flags);

    /// <summary>SRTP_PROTECTION_PROFILE of openssl/srtp.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SrtpProfile
    {
        internal byte* Name;
        internal CULong Id;
    }

    /// <summary>struct timeval.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeVal
    {
        internal nint Seconds;
        internal nint Micros;
    }
}
