using System.Security.Cryptography;
using RtpCluster.Contracts;

namespace RtpCluster.Media.Srtp;

/// <summary>
/// SRTP and SRTCP (RFC 3711, 6188, 7714) under the keys of one stream and direction. Works in place and allocates nothing per packet. Not
/// thread-safe: one reactor owns it, together with the <see cref="SrtpSsrcState"/> of each SSRC. Keys live in memory that the garbage
/// collector never copies and are wiped on <see cref="Dispose"/>, or when the context is collected.
/// </summary>
public sealed class SrtpContext : IDisposable
{
    private readonly SrtpRtpTransform _rtp;
    private readonly SrtpRtcpTransform _rtcp;
    private bool _disposed;

    private SrtpContext(SrtpKeys keys, CryptoBackend backend)
    {
        var suite = SrtpSuiteInfo.Of(keys.Suite);
        if (keys.MasterKey.Length != suite.KeyLength || keys.MasterSalt.Length != suite.SaltLength)
        {
            throw new ArgumentException($"{suite.Name} needs a key of {suite.KeyLength} and a salt of {suite.SaltLength} bytes", nameof(keys));
        }

        Suite = keys.Suite;
        using var derivation = new KeyDerivation(keys.MasterKey, keys.MasterSalt, backend);
        _rtp = new SrtpRtpTransform(keys, suite, SessionCrypto.Derive(suite, derivation, KeyLabel.RtpEncryption, backend));
        _rtcp = new SrtpRtcpTransform(keys, suite, SessionCrypto.Derive(suite, derivation, KeyLabel.RtcpEncryption, backend));
    }

    /// <summary>The suite.</summary>
    public SrtpSuite Suite { get; }

    /// <summary>Bytes by which <see cref="ProtectRtp"/> lengthens a packet: tag and MKI.</summary>
    public int RtpOverhead => _rtp.Overhead;

    /// <summary>Bytes by which <see cref="ProtectRtcp"/> lengthens a packet: tag, index and MKI.</summary>
    public int RtcpOverhead => _rtcp.Overhead;

    /// <summary>Derives the session keys. Costs a few microseconds and some native memory.</summary>
    /// <exception cref="ArgumentException">The suite is none, or key or salt has not the suite's length.</exception>
    /// <exception cref="CryptographicException">libcrypto lacks the cipher.</exception>
    public static SrtpContext Create(SrtpKeys keys) => Create(keys, CryptoBackends.Fastest);

    internal static SrtpContext Create(SrtpKeys keys, CryptoBackend backend) => new(keys, backend);

    /// <summary>
    /// Encrypts and authenticates the RTP packet in the first <paramref name="length"/> bytes of <paramref name="buffer"/>, which needs
    /// <see cref="RtpOverhead"/> more bytes of room. Returns the new length, or 0 and leaves everything as it was when the packet is no
    /// RTP, the room is too small, or its sequence number was used already or lies more than 127 behind the newest (sending two different
    /// packets under one index would give both away).
    /// </summary>
    public int ProtectRtp(ref SrtpSsrcState state, Span<byte> buffer, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var result = _rtp.Protect(ref state, buffer, length);
        GC.KeepAlive(this);
        return result;
    }

    /// <summary>
    /// Verifies and decrypts an SRTP packet. On success <paramref name="length"/> is that of the RTP packet now in
    /// <paramref name="packet"/>; else it is 0, and packet and state are unchanged.
    /// </summary>
    public bool TryUnprotectRtp(ref SrtpSsrcState state, Span<byte> packet, out int length, out SrtpResult result)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        result = _rtp.Unprotect(ref state, packet, out length);
        GC.KeepAlive(this);
        return result == SrtpResult.Ok;
    }

    /// <summary>
    /// Encrypts and authenticates the compound RTCP packet in the first <paramref name="length"/> bytes of <paramref name="buffer"/>,
    /// which needs <see cref="RtcpOverhead"/> more bytes of room. The state is that of the packet's sender SSRC. Returns the new length,
    /// or 0 when it is no RTCP, the room is too small or the SRTCP index is used up.
    /// </summary>
    public int ProtectRtcp(ref SrtpSsrcState state, Span<byte> buffer, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var result = _rtcp.Protect(ref state, buffer, length);
        GC.KeepAlive(this);
        return result;
    }

    /// <summary>
    /// Verifies and decrypts an SRTCP packet, encrypted or not as its E flag says. On success <paramref name="length"/> is that of the
    /// RTCP packet; else it is 0, and packet and state are unchanged.
    /// </summary>
    public bool TryUnprotectRtcp(ref SrtpSsrcState state, Span<byte> packet, out int length, out SrtpResult result)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        result = _rtcp.Unprotect(ref state, packet, out length);
        GC.KeepAlive(this);
        return result == SrtpResult.Ok;
    }

    /// <summary>Wipes the keys. The context cannot be used any more.</summary>
    public void Dispose()
    {
        _disposed = true;
        _rtp.Dispose();
        _rtcp.Dispose();
    }
}
