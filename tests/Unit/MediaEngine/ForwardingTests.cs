using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class ForwardingTests
{
    [Fact]
    public void RtpGoesToTheOtherSideUnchanged()
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        var packet = Rtp(1);
        var sent = Assert.Single(f.Receive(LocalA, RemoteA, packet));
        Assert.Equal((LocalB, RemoteB), (sent.Local, sent.Remote));
        Assert.Equal(packet, sent.Bytes);
        Assert.Equal(new Counters(1, 172, 0), f.Stats(1).In);
        Assert.Equal(new Counters(1, 172, 0), f.Stats(2).Out);
    }

    [Fact]
    public void PacketsLeaveWithTheReceivingStreamsTos()
    {
        var f = new EngineFixture();
        f.Apply(Stream(1, LocalA, RemoteA, 2), Stream(2, LocalB, RemoteB, 1) with { Tos = 184 });
        Assert.Equal(184, f.Receive(LocalA, RemoteA, Rtp(1))[0].Tos);
    }

    [Fact]
    public void AHandleOutlivesNoPort()
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        Assert.True(f.Engine.TryFindPort(LocalA, out var handle));
        f.Engine.Remove(f.Now, Call);
        Assert.False(f.Engine.TryFindPort(LocalA, out _));
        f.Engine.Receive(f.Now, handle, RemoteA, Rtp(1), 172, f.Batch);
        Assert.Equal(1, f.Engine.Counters.Drops(DropReason.UnknownPort));
    }

    [Fact]
    public void TheSameEpochIsANoOpAndAnOlderOneIsRefused()
    {
        var f = new EngineFixture();
        var first = f.Plan(TwoWay());
        var second = f.Plan(TwoWay());
        Assert.Equal(PlanResult.Applied, f.Engine.Apply(f.Now, second, f.Batch));
        Assert.Equal(PlanResult.Duplicate, f.Engine.Apply(f.Now, second, f.Batch));
        Assert.Equal(PlanResult.Stale, f.Engine.Apply(f.Now, first, f.Batch));
        Assert.Equal((Call, 2L), Assert.Single(f.Engine.Inventory));
    }
}
