using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class MediaControlTests
{
    private static EngineFixture Start(OutputFlags output, Func<OutputPlan, OutputPlan>? change = null, StreamFlags from = 0, StreamFlags to = 0)
    {
        var f = new EngineFixture();
        var a = Stream(1, LocalA, RemoteA, 2);
        var b = Stream(2, LocalB, RemoteB, 1);
        var plan = new OutputPlan { To = new StreamId(2), Flags = output };
        a = a with { RtpOutputs = [change is null ? plan : change(plan)], Flags = a.Flags ^ from };
        f.Apply(a, b with { Flags = b.Flags ^ to });
        return f;
    }

    private static Sent[] FromA(EngineFixture f, byte[] packet) => f.Receive(LocalA, RemoteA, packet);

    private static void AssertDropped(EngineFixture f, byte[] packet, DropReason reason)
    {
        Assert.Empty(FromA(f, packet));
        Assert.Equal(1, f.Engine.Counters.Drops(reason));
        Assert.Equal(new Counters(1, packet.Length, 0), f.Stats(1).In);
    }

    [Fact]
    public void BlockedMediaIsCountedAndNotSent() => AssertDropped(Start(OutputFlags.Blocked), Rtp(1), DropReason.Blocked);

    [Fact]
    public void BlockedMediaStillPassesRtcp() => Assert.Single(FromA(Start(OutputFlags.Blocked), Rtcp()));

    [Fact]
    public void WhoMayNotSendIsCountedAndNotForwarded() =>
        AssertDropped(Start(0, from: StreamFlags.MaySend), Rtp(1), DropReason.SendNotAllowed);

    [Fact]
    public void WhoDoesNotReceiveGetsNothing() =>
        AssertDropped(Start(0, to: StreamFlags.MayReceive), Rtp(1), DropReason.ReceiveNotAllowed);

    [Fact]
    public void RtcpFlowsWhateverTheDirection()
    {
        var f = Start(0, from: StreamFlags.MaySend, to: StreamFlags.MayReceive);
        Assert.Single(FromA(f, Rtcp()));
    }

    [Fact]
    public void NatWaitHoldsMediaBackUntilTheReceiverWasHeard()
    {
        var f = Start(0, to: StreamFlags.NatWait);
        AssertDropped(f, Rtp(1), DropReason.NatWait);
        f.Receive(LocalB, RemoteB, Rtp(1));
        Assert.Single(FromA(f, Rtp(2)));
    }

    [Fact]
    public void PierceNatSendsASmallPacketOnEachSignal()
    {
        var f = Start(0, to: StreamFlags.PierceNat);
        var sent = Assert.Single(f.Batch.Take());
        Assert.Equal((LocalB, RemoteB), (sent.Local, sent.Remote));
        Assert.Equal("807FFFFFFFFFFFFFFFFFFFFF", Convert.ToHexString(sent.Bytes));
    }

    [Theory]
    [InlineData(0, 0xff)]
    [InlineData(8, 0xd5)]
    public void SilencedAudioKeepsItsHeaderAndGetsTheCodecsSilence(byte type, byte silence)
    {
        var packet = Rtp(1, type);
        var sent = Assert.Single(FromA(Start(OutputFlags.Silenced), packet));
        Assert.Equal(packet[..12], sent.Bytes[..12]);
        Assert.All(sent.Bytes[12..], b => Assert.Equal(silence, b));
    }

    [Fact]
    public void SilencingLeavesPaddingAlone()
    {
        var packet = Rtp(1);
        packet[0] |= 0x20;
        packet[^1] = 4;
        var sent = Assert.Single(FromA(Start(OutputFlags.Silenced), packet));
        Assert.Equal(packet[^4..], sent.Bytes[^4..]);
        Assert.Equal(0xff, sent.Bytes[^5]);
    }

    [Theory]
    [InlineData(101)]
    [InlineData(96)]
    public void WhatHasNoSilencePatternIsDropped(byte type) => AssertDropped(Start(OutputFlags.Silenced), Rtp(1, type), DropReason.Silenced);

    [Fact]
    public void BlockDtmfDropsTelephoneEventsOnly()
    {
        var f = Start(OutputFlags.BlockDtmf);
        AssertDropped(f, Rtp(1, 101, payload: 4), DropReason.DtmfBlocked);
        Assert.Single(FromA(f, Rtp(2)));
    }

    [Theory]
    [InlineData(0, 159, false)]
    [InlineData(0, 160, true)]
    [InlineData(101, 4, true)]
    [InlineData(97, 1, true)]
    public void ShortPacketsOfFixedSizeCodecsAreDroppedOnRequest(byte type, int payload, bool passes)
    {
        var f = Start(0, from: StreamFlags.BlockShort);
        Assert.Equal(passes ? 1 : 0, FromA(f, Rtp(1, type, payload: payload)).Length);
    }

    [Fact]
    public void PayloadTypesAreRenamedAndTheMarkerStays()
    {
        var f = Start(0, o => o with { PayloadTypeMaps = [new(0, 96), new(101, 0)] });
        Assert.Equal(96 | 0x80, FromA(f, Rtp(1, 0x80))[0].Bytes[1]);
        Assert.Equal(0, FromA(f, Rtp(2, 101))[0].Bytes[1]);
        Assert.Equal(8, FromA(f, Rtp(3, 8))[0].Bytes[1]);
    }

    [Fact]
    public void DropTrafficDropsEverything()
    {
        var f = new EngineFixture();
        f.Engine.Apply(f.Now, f.Plan(TwoWay()) with { DropTraffic = true }, f.Batch);
        Assert.Empty(FromA(f, Rtp(1)));
        Assert.Empty(FromA(f, Rtcp()));
        Assert.Equal(2, f.Engine.Counters.Drops(DropReason.DropTraffic));
        f.Apply(TwoWay());
        Assert.Single(FromA(f, Rtp(2)));
    }

    [Fact]
    public void ALoopedPacketIsDropped()
    {
        var f = Start(0, from: StreamFlags.LoopCheck);
        Assert.Single(FromA(f, Rtp(1)));
        Assert.Single(FromA(f, Rtp(2)));
        Assert.Empty(FromA(f, Rtp(1)));
        Assert.Equal(1, f.Engine.Counters.Drops(DropReason.Loop));
        f.Apply(TwoWay());
        Assert.Single(FromA(f, Rtp(1)));
    }

    [Fact]
    public void NothingIsSentToAHeldAddress()
    {
        var f = new EngineFixture();
        f.Apply(Stream(1, LocalA, RemoteA, 2), Stream(2, LocalB, Ep("0.0.0.0:5000"), 1));
        AssertDropped(f, Rtp(1), DropReason.NoEndpoint);
    }

    [Fact]
    public void AStreamWithoutSubscribersIsCounted()
    {
        var f = new EngineFixture();
        f.Apply(Stream(1, LocalA, RemoteA));
        AssertDropped(f, Rtp(1), DropReason.NoOutput);
    }

    [Fact]
    public void APacketLongerThanASlotIsDropped()
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        Assert.True(f.Engine.TryFindPort(LocalA, out var port));
        f.Engine.Receive(f.Now, port, RemoteA, Rtp(1, payload: 4000), 4012, f.Batch);
        Assert.Empty(f.Batch.Take());
        Assert.Equal(1, f.Engine.Counters.Drops(DropReason.TooLarge));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0D0A")]
    [InlineData("80")]
    [InlineData("8F0000010000000000000000")]
    public void OddBytesHarmNobody(string hex)
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        FromA(f, Convert.FromHexString(hex));
        Assert.Single(FromA(f, Rtp(1)));
    }
}
