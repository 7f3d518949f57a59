using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>A speaks SRTP, B plain RTP, unless a test says otherwise.</summary>
public sealed class SrtpPathTests : IDisposable
{
    private static readonly SrtpKeys FromA = SrtpEndpoint.Keys(1);
    private static readonly SrtpKeys ToA = SrtpEndpoint.Keys(2);

    private readonly EngineFixture _f = new();
    private readonly SrtpEndpoint _a = new(FromA, ToA);

    public void Dispose() => _a.Dispose();

    private static StreamPlan SideA() => Stream(1, LocalA, RemoteA, 2) with { Decrypt = FromA, Encrypt = ToA };

    private static StreamPlan SideB() => Stream(2, LocalB, RemoteB, 1);

    private byte[] AToB(byte[] plain) => Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(plain))).Bytes;

    private byte[] BToA(byte[] plain) => _a.Unprotect(Assert.Single(_f.Receive(LocalB, RemoteB, plain)).Bytes);

    [Fact]
    public void SrtpBecomesRtpAndBack()
    {
        _f.Apply(SideA(), SideB());
        Assert.Equal(Rtp(1), AToB(Rtp(1)));
        Assert.Equal(Rtp(9), BToA(Rtp(9)));
    }

    [Fact]
    public void SrtcpBecomesRtcpAndBack()
    {
        _f.Apply(SideA(), SideB());
        Assert.Equal(Rtcp(), AToB(Rtcp()));
        Assert.Equal(Rtcp(), BToA(Rtcp()));
    }

    [Theory]
    [InlineData(SrtpSuite.AeadAes256Gcm)]
    [InlineData(SrtpSuite.Aes192CmHmacSha1_32)]
    [InlineData(SrtpSuite.F8_128HmacSha1_80)]
    [InlineData(SrtpSuite.NullHmacSha1_32)]
    public void SuitesAreTranslatedIntoEachOther(SrtpSuite suite)
    {
        var fromB = SrtpEndpoint.Keys(3, suite);
        var toB = SrtpEndpoint.Keys(4, suite);
        using var b = new SrtpEndpoint(fromB, toB);
        _f.Apply(SideA(), SideB() with { Decrypt = fromB, Encrypt = toB });
        Assert.Equal(Rtp(1), b.Unprotect(AToB(Rtp(1))));
        Assert.Equal(Rtp(1), _a.Unprotect(Assert.Single(_f.Receive(LocalB, RemoteB, b.Protect(Rtp(1)))).Bytes));
    }

    [Fact]
    public void AForgedPacketTeachesNothingAndCountsAsError()
    {
        _f.Apply(SideA() with { Learning = LearningMode.Immediate }, SideB());
        var forged = _a.Protect(Rtp(1));
        forged[20] ^= 1;
        Assert.Empty(_f.Receive(LocalA, Ep("203.0.113.66:6666"), forged));
        Assert.Equal(new Counters(0, 0, 1), _f.Stats(1).In);
        Assert.Empty(_f.Stats(1).Ssrcs);
        Assert.Equal(1, _f.Engine.Counters.Drops(DropReason.SrtpAuthentication));
        Assert.Equal(RemoteA, Assert.Single(_f.Receive(LocalB, RemoteB, Rtp(1))).Remote);
    }

    [Fact]
    public void AReplayedPacketIsDropped()
    {
        _f.Apply(SideA(), SideB());
        var packet = _a.Protect(Rtp(1));
        Assert.Single(_f.Receive(LocalA, RemoteA, packet));
        Assert.Empty(_f.Receive(LocalA, RemoteA, packet));
        Assert.Equal(1, _f.Engine.Counters.Drops(DropReason.SrtpReplay));
    }

    [Fact]
    public void PlainBytesOnAProtectedStreamAreRefusedAndOthersNeverLeaveUnprotected()
    {
        _f.Apply(SideA(), SideB());
        Assert.Empty(_f.Receive(LocalA, RemoteA, [1, 2, 3, 4]));
        Assert.Empty(_f.Receive(LocalB, RemoteB, [1, 2, 3, 4]));
        Assert.Equal(2, _f.Engine.Counters.Drops(DropReason.NotRtp));
    }

    [Fact]
    public void TheSamePlanAgainKeepsTheRolloverCounter()
    {
        _f.Apply(SideA(), SideB());
        Across(65534, 65535, 0, 1);
        _f.Apply(SideA(), SideB());
        Across(2, 3);
    }

    [Fact]
    public void NewKeysStartAnew()
    {
        _f.Apply(SideA(), SideB());
        Across(65535, 0);
        var (from, to) = (SrtpEndpoint.Keys(7), SrtpEndpoint.Keys(8));
        _f.Apply(SideA() with { Decrypt = from, Encrypt = to }, SideB());
        using var a = new SrtpEndpoint(from, to);
        Assert.Equal(Rtp(5), Assert.Single(_f.Receive(LocalA, RemoteA, a.Protect(Rtp(5)))).Bytes);
        Assert.Equal(Rtp(5), a.Unprotect(Assert.Single(_f.Receive(LocalB, RemoteB, Rtp(5))).Bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32767)]
    [InlineData(32768)]
    [InlineData(65535)]
    public void StreamsWrapWhereverTheyBegin(int start)
    {
        _f.Apply(SideA(), SideB());
        for (int i = 0; i < 70_000; i += 997)
        {
            Across((start + i) & 0xffff);
        }
    }

    [Fact]
    public void OnePacketNeverLeavesTwiceUnderOneKey()
    {
        _f.Apply(SideA(), SideB());
        BToA(Rtp(1));
        Assert.Empty(_f.Receive(LocalB, RemoteB, Rtp(1, fill: 99)));
        Assert.Equal(1, _f.Engine.Counters.Drops(DropReason.ProtectFailed));
    }

    [Theory]
    [InlineData(1000, 20_000)]
    [InlineData(1000, 40_000)]
    [InlineData(60_000, 50_000)]
    [InlineData(60_000, 140_000)]
    public void MediaHeldBackForALongTimeGoesOnAtOnce(int start, int gap)
    {
        _f.Apply(SideA(), SideB());
        BToA(Rtp(start));
        _f.Apply(SideA() with { Flags = StreamFlags.MaySend }, SideB());
        for (int i = 1; i < gap; i++)
        {
            Assert.Empty(_f.Receive(LocalB, RemoteB, Rtp((start + i) & 0xffff)));
        }

        _f.Apply(SideA(), SideB());
        for (int i = 0; i < 3; i++)
        {
            Assert.Single(_f.Receive(LocalB, RemoteB, Rtp((start + gap + i) & 0xffff)));
        }
    }

    [Fact]
    public void MuxedAndSeparateRtcpShareOneSrtcpIndexPerKey()
    {
        var localRtcp = Ep("192.0.2.1:30001");
        var rtp = SideA() with { Sibling = new StreamId(3), RtcpOutputs = [] };
        var rtcp = SideA() with { Id = new StreamId(3), Kind = StreamKind.Rtcp, Locals = [localRtcp], Sibling = new StreamId(1), RtpOutputs = [] };
        var b = SideB() with { Kind = StreamKind.RtpMux, RtcpOutputs = [new OutputPlan { To = new StreamId(3) }] };
        _f.Apply(rtp, rtcp, b);
        BToA(Rtcp());
        _f.Apply(SideA() with { Kind = StreamKind.RtpMux }, SideB() with { Kind = StreamKind.RtpMux });
        BToA(Rtcp());
        Assert.Equal(2u, _a.ReceivedRtcpIndex(0x11223344));
    }

    private void Across(params int[] sequences)
    {
        foreach (int sequence in sequences)
        {
            Assert.Equal(Rtp(sequence), AToB(Rtp(sequence)));
            Assert.Equal(Rtp(sequence), BToA(Rtp(sequence)));
        }
    }
}
