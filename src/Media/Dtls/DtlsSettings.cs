using RtpCluster.Media.Interop;

namespace RtpCluster.Media.Dtls;

/// <summary>How our DTLS associations are made.</summary>
public sealed record DtlsSettings
{
    /// <summary>Largest DTLS datagram in bytes (UDP payload), 576 to 9000. Default 1200: it fits tunnels. Larger: fewer, but perhaps fragmented.</summary>
    public int Mtu { get; init; } = 1200;

    /// <summary>Ciphers in OpenSSL's words; empty: libssl's own choice. Default empty.</summary>
    public string Ciphers { get; init; } = "";

    /// <summary>Whether libssl knows a cipher list.</summary>
    public static bool IsCipherList(string ciphers)
    {
        nint context = LibSsl.ContextNew(LibSsl.DtlsMethod());
        bool good = ciphers.Length == 0 || LibSsl.ContextSetCiphers(context, ciphers) == 1;
        LibSsl.ContextFree(context);
        LibCrypto.ClearErrors();
        return good;
    }
}
