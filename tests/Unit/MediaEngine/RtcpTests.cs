using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class RtcpTests
{
    private const uint SsrcA = 0xaaaa0001;
    private const uint SsrcB = 0xbbbb0002;

    private static readonly NetEndpoint RtcpLocalA = Ep("192.0.2.1:30001");
    private static readonly NetEndpoint RtcpLocalB = Ep("192.0.2.1:30011");
    private static readonly NetEndpoint RtcpRemoteA = Ep("198.51.100.1:4001");
    private static readonly NetEndpoint RtcpRemoteB = Ep("198.51.100.2:5001");

    private readonly EngineFixture _f = new();

    /// <summary>Two RTP streams (1, 2) with an RTCP stream each (3, 4).</summary>
    private static StreamPlan[] Separate()
    {
        OutputPlan[] toA = [new OutputPlan { To = new StreamId(3) }];
        OutputPlan[] toB = [new OutputPlan { To = new StreamId(4) }];
        return
        [
            Stream(1, LocalA, RemoteA, 2) with { Sibling = new StreamId(3), RtcpOutputs = toB },
            Stream(2, LocalB, RemoteB, 1) with { Sibling = new StreamId(4), RtcpOutputs = [] },
            Stream(3, RtcpLocalA, RtcpRemoteA) with { Kind = StreamKind.Rtcp, Sibling = new StreamId(1), RtcpOutputs = toB },
            Stream(4, RtcpLocalB, RtcpRemoteB) with { Kind = StreamKind.Rtcp, Sibling = new StreamId(2), RtcpOutputs = toA },
        ];
    }

    private static byte[] Words(params uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), words[i]);
        }

        return bytes;
    }

    /// <summary>An SR with one report block.</summary>
    private static byte[] SenderReport(uint sender, uint ntpMiddle, uint about, uint lastReport, uint delay, byte lost = 0, uint jitter = 0)
    {
        var packet = Rtcp(200, sender, Words(
            ntpMiddle >> 16, ntpMiddle << 16, 0, 0, 0, about, (uint)lost << 24, 0, jitter, lastReport, delay));
        packet[0] = 0x81;
        return packet;
    }

    [Fact]
    public void RtcpGoesToTheRtcpPort()
    {
        _f.Apply(Separate());
        var sent = Assert.Single(_f.Receive(RtcpLocalA, RtcpRemoteA, Rtcp()));
        Assert.Equal((RtcpLocalB, RtcpRemoteB), (sent.Local, sent.Remote));
    }

    [Theory]
    [InlineData("192.0.2.1:30000", "198.51.100.1:4000", "198.51.100.2:5001")]
    [InlineData("192.0.2.1:30010", "198.51.100.2:5000", "198.51.100.1:4001")]
    public void RtcpOnAnRtpPortGoesToTheRtcpPortToo(string local, string from, string to)
    {
        _f.Apply(Separate());
        Assert.Equal(Ep(to), Assert.Single(_f.Receive(Ep(local), Ep(from), Rtcp())).Remote);
    }

    [Fact]
    public void MuxedRtcpIsToldFromRtpByItsType()
    {
        var to = new OutputPlan { To = new StreamId(2) };
        _f.Apply(Stream(1, LocalA, RemoteA) with { Kind = StreamKind.RtpMux, RtpOutputs = [], RtcpOutputs = [to] }, Stream(2, LocalB, RemoteB));
        Assert.Empty(_f.Receive(LocalA, RemoteA, Rtp(1)));
        Assert.Single(_f.Receive(LocalA, RemoteA, Rtcp(200, 1, new byte[20])));
    }

    [Fact]
    public void FeedbackIsTakenOutForAnAvpReceiver()
    {
        OutputPlan[] strip = [new OutputPlan { To = new StreamId(2), Flags = OutputFlags.StripFeedback }];
        _f.Apply(Stream(1, LocalA, RemoteA) with { Kind = StreamKind.RtpMux, RtcpOutputs = strip }, Stream(2, LocalB, RemoteB));
        byte[] pli = [.. Rtcp(206, 1, 0, 0, 0, 2)];
        byte[] report = Rtcp();
        Assert.Equal(report, Assert.Single(_f.Receive(LocalA, RemoteA, [.. report, .. pli])).Bytes);
        Assert.Empty(_f.Receive(LocalA, RemoteA, pli));
        Assert.Equal(1, _f.Engine.Counters.Drops(DropReason.FeedbackStripped));
    }

    /// <summary>Both legs take 20 ms: B answers 30 ms after the report passed and held it 10 ms, A 4.97 s after and held it 4.95 s.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MosComesFromBothLegsRoundTripsAndIsBookedOnTheReporter(bool muxed)
    {
        _f.Apply(muxed
            ? [.. TwoWay().Select(s => s with { Kind = StreamKind.RtpMux })]
            : Separate());
        var (localA, remoteA) = muxed ? (LocalA, RemoteA) : (RtcpLocalA, RtcpRemoteA);
        var (localB, remoteB) = muxed ? (LocalB, RemoteB) : (RtcpLocalB, RtcpRemoteB);
        const uint TenMillis = 655;
        for (uint round = 1; round <= 3; round++)
        {
            _f.Now = _f.Now.AddSeconds(5);
            _f.Receive(LocalA, RemoteA, Rtp((int)round, ssrc: SsrcA));
            _f.Receive(LocalB, RemoteB, Rtp((int)round, ssrc: SsrcB));
            _f.Receive(localA, remoteA, SenderReport(SsrcA, 1000 + round, SsrcB, round == 1 ? 0 : 2000 + round - 1, (uint)(4.95 * 65536)));
            _f.Now = _f.Now.AddMillis(30);
            _f.Receive(localB, remoteB, SenderReport(SsrcB, 2000 + round, SsrcA, 1000 + round, TenMillis, lost: 26, jitter: 80));
            _f.Now = _f.Now.AddMillis(-30);
        }

        var a = Assert.Single(_f.Stats(1).Ssrcs);
        var b = Assert.Single(_f.Stats(2).Ssrcs);
        Assert.Equal(SsrcB, b.Ssrc);
        var sample = b.Lowest!;
        Assert.InRange(sample.RttLegMicros, 19_500, 20_500);
        Assert.Equal((10, 10), (sample.LossPercent, sample.JitterMillis));
        Assert.InRange(sample.Mos, 10, 45);
        Assert.True(a.Lowest is { LossPercent: 0, JitterMillis: 0 });
        Assert.True(a.Lowest.Mos > sample.Mos);
    }

    [Theory]
    [InlineData("80C8")]
    [InlineData("81C90001AAAA0001")]
    [InlineData("9FC8FFFFAAAA0001")]
    [InlineData("80CF0003AAAA00010400FFFF00000000")]
    public void DamagedReportsHarmNobody(string hex)
    {
        _f.Apply(Separate());
        _f.Receive(RtcpLocalA, RtcpRemoteA, Convert.FromHexString(hex));
        Assert.Single(_f.Receive(RtcpLocalA, RtcpRemoteA, Rtcp()));
    }
}
