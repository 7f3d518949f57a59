using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;
using RtpCluster.Media.Srtp;

namespace RtpCluster.Unit.Media.Srtp;

/// <summary>Keys and packets that the SRTP tests share.</summary>
internal static class SrtpSamples
{
    internal const uint Ssrc = 0xcafe0001;
    internal const int Room = 64;

    /// <summary>Every suite, on the fast and on the portable way.</summary>
    public static TheoryData<SrtpSuite, int> SuitesAndBackends
    {
        get
        {
            var data = new TheoryData<SrtpSuite, int>();
            foreach (var suite in SrtpSuiteInfo.All)
            {
                data.Add(suite.Suite, (int)CryptoBackends.Fastest);
                data.Add(suite.Suite, (int)CryptoBackend.Portable);
            }

            return data;
        }
    }

    public static TheoryData<SrtpSuite> Suites => [.. SrtpSuiteInfo.All.Select(s => s.Suite)];

    internal static SrtpKeys Keys(SrtpSuite suite, byte seed = 1)
    {
        var info = SrtpSuiteInfo.Of(suite);
        return new SrtpKeys { Suite = suite, MasterKey = Bytes(info.KeyLength, seed), MasterSalt = Bytes(info.SaltLength, (byte)(seed + 1)) };
    }

    /// <summary>An RTP packet whose payload depends on its sequence number, in a buffer with room behind it.</summary>
    internal static byte[] Rtp(int sequence, out int length, int payload = 160)
    {
        length = RtpHeader.FixedLength + payload;
        var packet = new byte[length + Room];
        RtpWriter.WriteFixedHeader(packet, 8, false, (ushort)sequence, (uint)(160 * sequence), Ssrc);
        Bytes(payload, (byte)sequence).CopyTo(packet, RtpHeader.FixedLength);
        return packet;
    }

    /// <summary>An SR and an SDES, with room behind them.</summary>
    internal static byte[] Rtcp(out int length)
    {
        byte[] compound =
        [
            0x80, 200, 0, 6, 0xca, 0xfe, 0, 1, .. Bytes(20, 5),
            0x81, 202, 0, 3, 0xca, 0xfe, 0, 1, 1, 3, (byte)'a', (byte)'b', (byte)'c', 0, 0, 0,
        ];
        length = compound.Length;
        return [.. compound, .. new byte[Room]];
    }

    internal static byte[] Bytes(int count, byte seed)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)((i * 31) + (seed * 17) + 3);
        }

        return bytes;
    }

    /// <summary>A protected RTP packet.</summary>
    internal static byte[] Protected(SrtpContext context, ref SrtpSsrcState state, int sequence, int payload = 160)
    {
        var packet = Rtp(sequence, out var length, payload);
        var protectedLength = context.ProtectRtp(ref state, packet, length);
        Assert.Equal(length + context.RtpOverhead, protectedLength);
        return packet[..protectedLength];
    }

    /// <summary>Unprotects a copy; the packet stays.</summary>
    internal static SrtpResult Unprotect(SrtpContext context, ref SrtpSsrcState state, byte[] packet)
    {
        var copy = packet.ToArray();
        var ok = context.TryUnprotectRtp(ref state, copy, out _, out var result);
        Assert.Equal(ok, result == SrtpResult.Ok);
        if (!ok)
        {
            Assert.Equal(packet, copy);
        }

        return result;
    }
}
