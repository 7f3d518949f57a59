using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;

namespace RtpCluster.Media.Srtp;

/// <summary>
/// SRTCP packets. Layout with HMAC: header (8 bytes) | rest (encrypted) | E + index | MKI | tag (RFC 3711 3.4); with GCM: header | rest
/// (encrypted) | tag | E + index | MKI (RFC 7714 section 9).
/// </summary>
internal sealed class SrtpRtcpTransform : IDisposable
{
    private const int HeaderLength = 8;
    private const int IndexLength = 4;
    private const uint EncryptedFlag = 0x8000_0000;

    private readonly SessionCrypto _crypto;
    private readonly byte[] _mki;
    private readonly int _tagLength;
    private readonly bool _plain;

    internal SrtpRtcpTransform(SrtpKeys keys, SrtpSuiteInfo suite, SessionCrypto crypto)
    {
        _crypto = crypto;
        _mki = keys.Mki;

        // Without a cipher the E flag stays 0: libsrtp refuses it otherwise, others do not mind.
        _plain = keys.UnencryptedSrtcp || suite.Cipher == SrtpCipher.Null;
        _tagLength = suite.RtcpTagLength;
    }

    internal int Overhead => _tagLength + IndexLength + _mki.Length;

    internal int Protect(ref SrtpSsrcState state, Span<byte> buffer, int length)
    {
        if ((uint)length > (uint)buffer.Length || buffer.Length - length < Overhead || !RtpDemux.IsRtcp(buffer[..length]))
        {
            return 0;
        }

        // The first index is 1, so that a checkpoint's 0 means none.
        var index = state.Rtcp.Highest + 1;
        if (index > SrtpIndex.MaxRtcp)
        {
            return 0;
        }

        var word = (uint)index | (_plain ? 0 : EncryptedFlag);
        var body = buffer[..length];
        if (_crypto.Gcm is not null)
        {
            SealGcm(body, word, buffer.Slice(length, _tagLength));
            BinaryPrimitives.WriteUInt32BigEndian(buffer[(length + _tagLength)..], word);
            _mki.CopyTo(buffer[(length + _tagLength + IndexLength)..]);
        }
        else
        {
            Encrypt(body, word);
            BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], word);
            _mki.CopyTo(buffer[(length + IndexLength)..]);
            WriteTag(buffer[..(length + IndexLength)], buffer.Slice(length + IndexLength + _mki.Length, _tagLength));
        }

        state.Rtcp.Add(index);
        return length + Overhead;
    }

    internal SrtpResult Unprotect(ref SrtpSsrcState state, Span<byte> packet, out int length)
    {
        length = 0;
        var bodyLength = packet.Length - Overhead;
        if (bodyLength < HeaderLength || !RtpDemux.IsRtcp(packet))
        {
            return SrtpResult.Malformed;
        }

        var wordOffset = bodyLength + (_crypto.Gcm is null ? 0 : _tagLength);
        if (_mki.Length != 0 && !packet.Slice(wordOffset + IndexLength, _mki.Length).SequenceEqual(_mki))
        {
            return SrtpResult.UnknownMki;
        }

        var word = BinaryPrimitives.ReadUInt32BigEndian(packet[wordOffset..]);
        var index = word & SrtpIndex.MaxRtcp;
        var fresh = state.Rtcp.Check(index);
        if (fresh != SrtpResult.Ok)
        {
            return fresh;
        }

        if (!TryOpen(packet, bodyLength, word))
        {
            return SrtpResult.AuthenticationFailed;
        }

        state.Rtcp.Add(index);
        length = bodyLength;
        return SrtpResult.Ok;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose() => _crypto.Dispose();

    private bool TryOpen(Span<byte> packet, int bodyLength, uint word)
    {
        var body = packet[..bodyLength];
        if (_crypto.Gcm is not null)
        {
            return OpenGcm(body, word, packet.Slice(bodyLength, _tagLength));
        }

        Span<byte> expected = stackalloc byte[HmacSha1.Length];
        expected = expected[.._tagLength];
        WriteTag(packet[..(bodyLength + IndexLength)], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, packet.Slice(bodyLength + IndexLength + _mki.Length, _tagLength)))
        {
            return false;
        }

        Encrypt(body, word);
        return true;
    }

    private void Encrypt(Span<byte> packet, uint word)
    {
        if ((word & EncryptedFlag) == 0 || _crypto.Cipher == SrtpCipher.Null)
        {
            return;
        }

        var rest = packet[HeaderLength..];
        if (_crypto.Counter is not null)
        {
            _crypto.XorCounter(Ssrc(packet), word & SrtpIndex.MaxRtcp, rest);
            return;
        }

        // IV = 0..0 || E || index || V || P || RC || PT || length || SSRC, RFC 3711 4.1.2.3.
        Span<byte> iv = stackalloc byte[16];
        iv.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(iv[4..], word);
        packet[..HeaderLength].CopyTo(iv[8..]);
        _crypto.F8!.XorStream(Vector128.Create<byte>(iv), rest);
    }

    [SkipLocalsInit]
    private void WriteTag(ReadOnlySpan<byte> authenticated, Span<byte> tag)
    {
        Span<byte> code = stackalloc byte[HmacSha1.Length];
        _crypto.Hmac!.Compute(authenticated, [], code);
        code[..tag.Length].CopyTo(tag);
    }

    private void SealGcm(Span<byte> body, uint word, Span<byte> tag)
    {
        Span<byte> iv = stackalloc byte[AesGcmCipher.IvLength];
        Span<byte> wordBytes = stackalloc byte[IndexLength];
        PrepareGcm(body, word, iv, wordBytes, out var clear);
        _crypto.Gcm!.Seal(iv, body[..clear], wordBytes, body[clear..], tag);
    }

    private bool OpenGcm(Span<byte> body, uint word, ReadOnlySpan<byte> tag)
    {
        Span<byte> iv = stackalloc byte[AesGcmCipher.IvLength];
        Span<byte> wordBytes = stackalloc byte[IndexLength];
        PrepareGcm(body, word, iv, wordBytes, out var clear);
        return _crypto.Gcm!.TryOpen(iv, body[..clear], wordBytes, body[clear..], tag);
    }

    // Associated data: what stays readable, then the E + index word (RFC 7714 9.2, 9.3).
    private void PrepareGcm(ReadOnlySpan<byte> body, uint word, Span<byte> iv, Span<byte> wordBytes, out int clear)
    {
        _crypto.WriteGcmIv(Ssrc(body), word & SrtpIndex.MaxRtcp, iv);
        BinaryPrimitives.WriteUInt32BigEndian(wordBytes, word);
        clear = (word & EncryptedFlag) == 0 ? body.Length : HeaderLength;
    }

    private static uint Ssrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
}
