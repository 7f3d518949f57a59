using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>A remote that speaks SRTP: protects what it sends, unprotects what it gets.</summary>
internal sealed class SrtpEndpoint : IDisposable
{
    private readonly SrtpContext _send;
    private readonly SrtpContext _receive;
    private readonly Dictionary<uint, SrtpSsrcState> _sendStates = [];
    private readonly Dictionary<uint, SrtpSsrcState> _receiveStates = [];

    public SrtpEndpoint(SrtpKeys send, SrtpKeys receive)
    {
        _send = SrtpContext.Create(send);
        _receive = SrtpContext.Create(receive);
    }

    /// <summary>Keys that differ by seed.</summary>
    public static SrtpKeys Keys(int seed, SrtpSuite suite = SrtpSuite.AesCm128HmacSha1_80)
    {
        var random = new Random(seed);
        var info = SrtpSuiteInfo.Of(suite);
        var keys = new SrtpKeys { Suite = suite, MasterKey = new byte[info.KeyLength], MasterSalt = new byte[info.SaltLength] };
        random.NextBytes(keys.MasterKey);
        random.NextBytes(keys.MasterSalt);
        return keys;
    }

    public byte[] Protect(byte[] plain)
    {
        var buffer = new byte[plain.Length + 64];
        plain.CopyTo(buffer, 0);
        uint ssrc = Ssrc(plain);
        var state = _sendStates.GetValueOrDefault(ssrc);
        int length = IsRtcp(plain) ? _send.ProtectRtcp(ref state, buffer, plain.Length) : _send.ProtectRtp(ref state, buffer, plain.Length);
        Assert.NotEqual(0, length);
        _sendStates[ssrc] = state;
        return buffer[..length];
    }

    public byte[] Unprotect(byte[] packet)
    {
        var buffer = packet.ToArray();
        uint ssrc = Ssrc(packet);
        var state = _receiveStates.GetValueOrDefault(ssrc);
        int length;
        SrtpResult result;
        if (IsRtcp(packet))
        {
            _receive.TryUnprotectRtcp(ref state, buffer, out length, out result);
        }
        else
        {
            _receive.TryUnprotectRtp(ref state, buffer, out length, out result);
        }

        Assert.Equal(SrtpResult.Ok, result);
        _receiveStates[ssrc] = state;
        return buffer[..length];
    }

    /// <summary>Highest SRTCP index received of an SSRC.</summary>
    public uint ReceivedRtcpIndex(uint ssrc) => _receiveStates[ssrc].RtcpIndex;

    public void Dispose()
    {
        _send.Dispose();
        _receive.Dispose();
    }

    private static bool IsRtcp(byte[] packet) => packet[1] is >= 194 and <= 223;

    private static uint Ssrc(byte[] packet) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(IsRtcp(packet) ? 4 : 8));
}
