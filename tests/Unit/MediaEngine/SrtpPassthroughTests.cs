using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>A and B use the same keys: what A sends may reach B as it is.</summary>
public sealed class SrtpPassthroughTests : IDisposable
{
    private static readonly SrtpKeys Shared = SrtpEndpoint.Keys(1);
    private static readonly NetEndpoint LocalC = Ep("192.0.2.1:30020");
    private static readonly NetEndpoint RemoteC = Ep("198.51.100.3:6000");

    private readonly EngineFixture _f = new();
    private readonly SrtpEndpoint _a = new(Shared, Shared);
    private readonly SrtpEndpoint _b = new(Shared, Shared);

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    private static StreamPlan SideA(OutputFlags flags = OutputFlags.SrtpPassthrough, params int[] to)
    {
        var a = Stream(1, LocalA, RemoteA);
        OutputPlan[] outputs = [.. (to.Length == 0 ? [2] : to).Select(t => new OutputPlan { To = new StreamId(t), Flags = flags })];
        return a with { Decrypt = Shared, Encrypt = Shared, RtpOutputs = outputs, RtcpOutputs = outputs };
    }

    private static StreamPlan SideB() => Stream(2, LocalB, RemoteB) with { Encrypt = Shared, Decrypt = Shared };

    [Fact]
    public void ProtectedBytesPassUntouchedAndAreCounted()
    {
        _f.Apply(SideA(), SideB());
        var packet = _a.Protect(Rtp(1));
        Assert.Equal(packet, Assert.Single(_f.Receive(LocalA, RemoteA, packet)).Bytes);
        var rtcp = _a.Protect(Rtcp());
        Assert.Equal(rtcp, Assert.Single(_f.Receive(LocalA, RemoteA, rtcp)).Bytes);
        Assert.Equal(2, _f.Stats(1).In.Packets);
        Assert.Equal(1, Assert.Single(_f.Stats(1).Ssrcs).Packets);
    }

    [Fact]
    public void ForgedRtcpDoesNotPass()
    {
        _f.Apply(SideA(), SideB());
        var rtcp = _a.Protect(Rtcp(200, 1, new byte[20]));
        rtcp[12] ^= 1;
        Assert.Empty(_f.Receive(LocalA, RemoteA, rtcp));
    }

    [Fact]
    public void DifferentKeysAreNeverPassedThrough()
    {
        var keys = SrtpEndpoint.Keys(9);
        using var b = new SrtpEndpoint(keys, keys);
        _f.Apply(SideA(), SideB() with { Encrypt = keys });
        Assert.Equal(Rtp(1), b.Unprotect(Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtp(1)))).Bytes));
    }

    [Fact]
    public void APlainSubscriberBesideAPassingOneGetsPlainRtp()
    {
        _f.Apply(SideA(OutputFlags.SrtpPassthrough, 2, 3), SideB(), Stream(3, LocalC, RemoteC));
        var packet = _a.Protect(Rtp(1));
        var sent = _f.Receive(LocalA, RemoteA, packet);
        Assert.Equal(packet, sent.Single(s => s.Remote == RemoteB).Bytes);
        Assert.Equal(Rtp(1), sent.Single(s => s.Remote == RemoteC).Bytes);
    }

    [Theory]
    [InlineData(65000)]
    [InlineData(0)]
    public void WhenPassingEndsDecryptionAndEncryptionGoOnWithTheRightRollover(int start)
    {
        _f.Apply(SideA(), SideB());
        int sequence = start;
        for (int i = 0; i < 200_000; i += 20_000, sequence = (sequence + 20_000) & 0xffff)
        {
            var packet = Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtp(sequence)))).Bytes;
            Assert.Equal(Rtp(sequence), _b.Unprotect(packet));
        }

        _f.Apply(SideA(OutputFlags.None), SideB());
        var last = Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtp(sequence)))).Bytes;
        Assert.Equal(Rtp(sequence), _b.Unprotect(last));
    }

    [Fact]
    public void WhenPassingEndsOurSrtcpIndexIsAboveTheSendersOne()
    {
        _f.Apply(SideA(), SideB());
        for (int i = 0; i < 5; i++)
        {
            _b.Unprotect(Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtcp()))).Bytes);
        }

        _f.Apply(SideA(OutputFlags.None), SideB());
        Assert.Equal(Rtcp(), _b.Unprotect(Assert.Single(_f.Receive(LocalA, RemoteA, _a.Protect(Rtcp()))).Bytes));
        Assert.Equal(6u, _b.ReceivedRtcpIndex(0x11223344));
    }
}
