using RtpCluster.Contracts;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class IdleTests
{
    private static StreamPlan Silent(StreamPlan plan, int seconds, IdleReason reason) => plan with
    {
        Flags = plan.Flags & ~StreamFlags.CountsAsReceiving,
        IdleSeconds = seconds,
        IdleReason = reason,
    };

    private static CallIdle? After(EngineFixture f, double seconds)
    {
        f.Now = f.Now.AddSeconds(seconds);
        return f.Tick().OfType<CallIdle>().SingleOrDefault();
    }

    [Fact]
    public void ACallWithoutMediaIsIdleAfterItsLimitAndSaysSoOncePerEpoch()
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        Assert.Null(After(f, 60));
        Assert.Equal(new CallIdle(Call, 1, IdleReason.Timeout), After(f, 1));
        Assert.Null(After(f, 1));
        f.Apply(TwoWay());
        Assert.Equal(new CallIdle(Call, 2, IdleReason.Timeout), After(f, 61));
    }

    [Fact]
    public void OneReceivingStreamKeepsTheCallAlive()
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        Assert.Null(After(f, 59));
        f.Receive(LocalA, RemoteA, Rtp(1));
        Assert.Null(After(f, 59));
        Assert.NotNull(After(f, 2));
    }

    [Fact]
    public void ASilentStreamDoesNotCountWhileAnotherReceives()
    {
        var f = new EngineFixture();
        f.Apply(Stream(1, LocalA, RemoteA, 2), Silent(Stream(2, LocalB, RemoteB, 1), 3600, IdleReason.SilentTimeout));
        Assert.Equal(IdleReason.Timeout, After(f, 61)?.Reason);
    }

    [Fact]
    public void WhenNobodyReceivesAnySilentStreamKeepsTheCall()
    {
        var f = new EngineFixture();
        f.Apply(Silent(Stream(1, LocalA, RemoteA, 2), 100, IdleReason.OfferTimeout), Silent(Stream(2, LocalB, RemoteB, 1), 200, IdleReason.SilentTimeout));
        Assert.Null(After(f, 150));
        Assert.NotNull(After(f, 51));
    }

    [Fact]
    public void RefusedPacketsKeepNothingAlive()
    {
        var f = new EngineFixture();
        var a = Stream(1, LocalA, RemoteA, 2);
        f.Apply(a with { Learning = LearningMode.Off, Flags = a.Flags | StreamFlags.StrictSource }, Stream(2, LocalB, RemoteB, 1));
        f.Now = f.Now.AddSeconds(30);
        f.Receive(LocalA, Ep("203.0.113.9:9"), Rtp(1));
        Assert.NotNull(After(f, 31));
    }

    [Fact]
    public void StreamsWithoutALimitNeverEndACall()
    {
        var f = new EngineFixture();
        f.Apply(Stream(1, LocalA, RemoteA) with { IdleSeconds = 0 });
        Assert.Null(After(f, 1_000_000));
    }

    [Fact]
    public void ResumingFromALongHoldHasTheWholeLimitAgain()
    {
        var f = new EngineFixture();
        f.Apply(Silent(Stream(1, LocalA, RemoteA), 3600, IdleReason.SilentTimeout));
        Assert.Null(After(f, 600));
        var plan = f.Plan(Stream(1, LocalA, RemoteA)) with { Created = new Instant(f.Now.Micros - 600_000_000) };
        f.Engine.Apply(f.Now, plan, f.Batch);
        Assert.Null(After(f, 59));
        Assert.NotNull(After(f, 2));
    }
}
