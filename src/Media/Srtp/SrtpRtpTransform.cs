using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;

namespace RtpCluster.Media.Srtp;

/// <summary>
/// SRTP packets. Layout with HMAC: header | payload (encrypted) | MKI | tag (RFC 3711 3.1); with GCM: header | payload (encrypted) |
/// tag | MKI (RFC 7714 8.1).
/// </summary>
internal sealed class SrtpRtpTransform : IDisposable
{
    private readonly SessionCrypto _crypto;
    private readonly byte[] _mki;
    private readonly int _tagLength;
    private readonly bool _plain;

    internal SrtpRtpTransform(SrtpKeys keys, SrtpSuiteInfo suite, SessionCrypto crypto)
    {
        _crypto = crypto;
        _mki = keys.Mki;
        _plain = keys.UnencryptedSrtp || suite.Cipher == SrtpCipher.Null;

        // GCM cannot go without its tag (RFC 7714 section 14.3).
        _tagLength = keys.UnauthenticatedSrtp && suite.Cipher != SrtpCipher.AesGcm ? 0 : suite.RtpTagLength;
    }

    internal int Overhead => _tagLength + _mki.Length;

    internal int Protect(ref SrtpSsrcState state, Span<byte> buffer, int length)
    {
        if ((uint)length > (uint)buffer.Length || buffer.Length - length < Overhead
            || !RtpHeader.TryParse(buffer[..length], out var header))
        {
            return 0;
        }

        var index = SrtpIndex.Guess(state.Rtp, header.Sequence);
        if (index > SrtpIndex.Max || (!state.Resynchronize && state.Rtp.Check(index) != SrtpResult.Ok))
        {
            return 0;
        }

        if (_crypto.Gcm is not null)
        {
            SealGcm(buffer, length, header, index);
            _mki.CopyTo(buffer[(length + _tagLength)..]);
        }
        else
        {
            Encrypt(buffer[..length], header, index);
            _mki.CopyTo(buffer[length..]);
            WriteTag(buffer[..length], index, buffer.Slice(length + _mki.Length, _tagLength));
        }

        if (state.Resynchronize)
        {
            state.Resynchronize = false;
            state.Rtp = default;
        }

        state.Rtp.Add(index);
        return length + Overhead;
    }

    internal SrtpResult Unprotect(ref SrtpSsrcState state, Span<byte> packet, out int length)
    {
        length = 0;
        var bodyLength = packet.Length - Overhead;
        if (bodyLength < RtpHeader.FixedLength || !RtpHeader.TryParse(packet[..bodyLength], out var header))
        {
            return SrtpResult.Malformed;
        }

        if (_mki.Length != 0 && !packet.Slice(bodyLength + (_crypto.Gcm is null ? 0 : _tagLength), _mki.Length).SequenceEqual(_mki))
        {
            return SrtpResult.UnknownMki;
        }

        var guess = SrtpIndex.Guess(state.Rtp, header.Sequence);
        var index = guess;
        var result = TryIndex(state.Rtp, packet, bodyLength, header, index);
        for (var n = 0; result is SrtpResult.AuthenticationFailed or SrtpResult.TooOld && n < SrtpIndex.Candidates; n++)
        {
            index = SrtpIndex.Candidate(state.Rtp, header.Sequence, n);
            if (index != guess && TryIndex(state.Rtp, packet, bodyLength, header, index) == SrtpResult.Ok)
            {
                result = SrtpResult.Ok;
            }
        }

        if (result == SrtpResult.Ok)
        {
            state.Rtp.Add(index);
            length = bodyLength;
        }

        return result;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose() => _crypto.Dispose();

    private SrtpResult TryIndex(in ReplayWindow window, Span<byte> packet, int bodyLength, in RtpHeader header, ulong index)
    {
        var fresh = index > SrtpIndex.Max ? SrtpResult.TooOld : window.Check(index);
        if (fresh != SrtpResult.Ok)
        {
            return fresh;
        }

        var body = packet[..bodyLength];
        if (_crypto.Gcm is not null)
        {
            return OpenGcm(packet, bodyLength, header, index) ? SrtpResult.Ok : SrtpResult.AuthenticationFailed;
        }

        if (!TagFits(body, index, packet.Slice(bodyLength + _mki.Length, _tagLength)))
        {
            return SrtpResult.AuthenticationFailed;
        }

        Encrypt(body, header, index);
        return SrtpResult.Ok;
    }

    private void Encrypt(Span<byte> packet, in RtpHeader header, ulong index)
    {
        if (_plain)
        {
            return;
        }

        var payload = packet[header.PayloadOffset..];
        if (_crypto.Counter is not null)
        {
            _crypto.XorCounter(header.Ssrc, index, payload);
            return;
        }

        // IV = 0x00 || M || PT || SEQ || TS || SSRC || ROC, RFC 3711 4.1.2.2.
        Span<byte> iv = stackalloc byte[16];
        packet[..12].CopyTo(iv);
        iv[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(iv[12..], (uint)(index >> 16));
        _crypto.F8!.XorStream(Vector128.Create<byte>(iv), payload);
    }

    [SkipLocalsInit]
    private void WriteTag(ReadOnlySpan<byte> packet, ulong index, Span<byte> tag)
    {
        if (tag.IsEmpty)
        {
            return;
        }

        Span<byte> code = stackalloc byte[HmacSha1.Length];
        Span<byte> rollover = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollover, (uint)(index >> 16));
        _crypto.Hmac!.Compute(packet, rollover, code);
        code[..tag.Length].CopyTo(tag);
    }

    [SkipLocalsInit]
    private bool TagFits(ReadOnlySpan<byte> packet, ulong index, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[HmacSha1.Length];
        expected = expected[..tag.Length];
        WriteTag(packet, index, expected);
        return CryptographicOperations.FixedTimeEquals(expected, tag);
    }

    private void SealGcm(Span<byte> buffer, int length, in RtpHeader header, ulong index)
    {
        Span<byte> iv = stackalloc byte[AesGcmCipher.IvLength];
        _crypto.WriteGcmIv(header.Ssrc, index, iv);
        var clear = _plain ? length : header.PayloadOffset;
        _crypto.Gcm!.Seal(iv, buffer[..clear], [], buffer[clear..length], buffer.Slice(length, _tagLength));
    }

    private bool OpenGcm(Span<byte> packet, int bodyLength, in RtpHeader header, ulong index)
    {
        Span<byte> iv = stackalloc byte[AesGcmCipher.IvLength];
        _crypto.WriteGcmIv(header.Ssrc, index, iv);
        var clear = _plain ? bodyLength : header.PayloadOffset;
        return _crypto.Gcm!.TryOpen(iv, packet[..clear], [], packet[clear..bodyLength], packet.Slice(bodyLength, _tagLength));
    }
}
