using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>Media for A always comes from B; where it is sent shows what was learned about A.</summary>
public class EndpointLearningTests
{
    private static readonly NetEndpoint SamePort = Ep("198.51.100.9:4000");
    private static readonly NetEndpoint SameAddress = Ep("198.51.100.1:4444");
    private static readonly NetEndpoint Other = Ep("203.0.113.5:6666");

    private int _sequence;

    private static EngineFixture Start(LearningMode mode, StreamFlags flags = StreamFlags.None, Func<StreamPlan, StreamPlan>? change = null)
    {
        var f = new EngineFixture();
        f.Apply(SideA(mode, flags, change), Stream(2, LocalB, RemoteB, 1));
        return f;
    }

    private static StreamPlan SideA(LearningMode mode, StreamFlags flags = StreamFlags.None, Func<StreamPlan, StreamPlan>? change = null)
    {
        var a = Stream(1, LocalA, RemoteA, 2);
        a = a with { Learning = mode, Flags = a.Flags | flags };
        return change is null ? a : change(a);
    }

    private NetEndpoint Target(EngineFixture f) => Assert.Single(f.Receive(LocalB, RemoteB, Rtp(++_sequence))).Remote;

    private int From(EngineFixture f, NetEndpoint source) => f.Receive(LocalA, source, Rtp(++_sequence)).Length;

    [Theory]
    [InlineData(LearningMode.Off, false)]
    [InlineData(LearningMode.Immediate, true)]
    [InlineData(LearningMode.Delayed, true)]
    [InlineData(LearningMode.Heuristic, true)]
    public void TheFirstPacketsSourceIsFollowedUnlessLearningIsOff(LearningMode mode, bool follows)
    {
        var f = Start(mode);
        Assert.Equal(RemoteA, Target(f));
        Assert.Equal(1, From(f, Other));
        Assert.Equal(follows ? Other : RemoteA, Target(f));
    }

    [Theory]
    [InlineData(LearningMode.Off, true)]
    [InlineData(LearningMode.Immediate, true)]
    [InlineData(LearningMode.Delayed, false)]
    [InlineData(LearningMode.Heuristic, false)]
    public void OffAndImmediateConfirmAtOnceTheOthersWait(LearningMode mode, bool confirmed)
    {
        var f = Start(mode);
        From(f, Other);
        Assert.Equal(confirmed, f.Stats(1).Confirmed);
        f.Now = f.Now.AddSeconds(3).AddMillis(1);
        From(f, Other);
        Assert.True(f.Stats(1).Confirmed);
    }

    [Fact]
    public void ThreeSecondsAreStillWithinTheWindow()
    {
        var f = Start(LearningMode.Delayed);
        f.Now = f.Now.AddSeconds(3);
        From(f, Other);
        Assert.False(f.Stats(1).Confirmed);
    }

    [Fact]
    public void DelayedFollowsEveryPacketAndConfirmsTheFirstOneAfterTheWindow()
    {
        var f = Start(LearningMode.Delayed);
        From(f, Other);
        From(f, SamePort);
        Assert.Equal(SamePort, Target(f));
        f.Now = f.Now.AddSeconds(4);
        From(f, SameAddress);
        Assert.Equal(SameAddress, Target(f));
        From(f, Other);
        Assert.Equal(SameAddress, Target(f));
    }

    [Fact]
    public void HeuristicPrefersAddressThenPortThenAnything()
    {
        var f = Start(LearningMode.Heuristic);
        foreach (var (source, expected) in new[] { (Other, Other), (SamePort, SamePort), (Other, SamePort), (SameAddress, SameAddress), (SamePort, SameAddress) })
        {
            From(f, source);
            Assert.Equal(expected, Target(f));
        }

        Assert.False(f.Stats(1).Confirmed);
        From(f, RemoteA);
        Assert.True(f.Stats(1).Confirmed);
        Assert.Equal(RemoteA, Target(f));
    }

    /// <summary>Whatever comes within the window, media goes to the newest source of the best rank seen.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void HeuristicAlwaysHoldsTheNewestOfTheBestRank(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 50; round++)
        {
            var f = Start(LearningMode.Heuristic);
            var best = (Rank: 4, Source: RemoteA);
            for (int i = 0; i < 20; i++)
            {
                var source = Ep($"198.51.100.{random.Next(11, 14)}:{(random.Next(4) == 0 ? 4000 : random.Next(4001, 4004))}");
                source = random.Next(20) == 0 ? new NetEndpoint(RemoteA.Address, source.Port) : source;
                int rank = (source.Port == RemoteA.Port ? 0 : 1) + (source.Address == RemoteA.Address ? 0 : 2);
                bool exactBefore = best.Rank == 0;
                best = !exactBefore && rank <= best.Rank ? (rank, source) : best;
                From(f, source);
                Assert.Equal(best.Source, Target(f));
            }
        }
    }

    [Fact]
    public void HeuristicConfirmsTheBestSourceWhenTheWindowEndsWithoutAPacket()
    {
        var f = Start(LearningMode.Heuristic);
        From(f, SamePort);
        From(f, Other);
        f.Now = f.Now.AddSeconds(4);
        Assert.Equal(new EndpointLearned(Call, new StreamId(1), SamePort), Assert.Single(f.Tick()));
        Assert.Empty(f.Tick());
    }

    [Fact]
    public void HeuristicWithoutASignalledAddressTakesWhatComesAfterTheWindow()
    {
        var f = Start(LearningMode.Heuristic, change: a => a with { Remote = default });
        Assert.Empty(f.Receive(LocalB, RemoteB, Rtp(1)));
        From(f, Other);
        Assert.Equal(Other, Target(f));
        f.Now = f.Now.AddSeconds(4);
        From(f, SamePort);
        Assert.Equal(SamePort, Target(f));
        Assert.True(f.Stats(1).Confirmed);
    }

    [Fact]
    public void AConfirmedStreamAcceptsAnySourceButKeepsSendingToTheFirst()
    {
        var f = Start(LearningMode.Immediate);
        From(f, Other);
        Assert.Equal(1, From(f, SamePort));
        Assert.Equal(Other, Target(f));
    }

    [Theory]
    [InlineData(LearningMode.Off, "198.51.100.1:4000")]
    [InlineData(LearningMode.Immediate, "203.0.113.5:6666")]
    public void StrictSourceRefusesOthersAfterConfirmation(LearningMode mode, string allowed)
    {
        var f = Start(mode, StreamFlags.StrictSource);
        Assert.Equal(1, From(f, Ep(allowed)));
        Assert.Equal(0, From(f, SamePort));
        Assert.Equal(1, f.Engine.Counters.Drops(DropReason.StrictSource));
        Assert.Equal((1, 1), (f.Stats(1).In.Packets, f.Stats(1).In.Errors));
        Assert.Equal(1, From(f, Ep(allowed)));
    }

    [Fact]
    public void StrictSourceRefusesAWorseSourceWhileLearning()
    {
        var f = Start(LearningMode.Heuristic, StreamFlags.StrictSource);
        Assert.Equal(1, From(f, SamePort));
        Assert.Equal(0, From(f, Other));
        Assert.Equal(1, From(f, SameAddress));
        Assert.Equal(0, From(f, SamePort));
    }

    [Fact]
    public void MediaHandoverFollowsANewSourceAfterConfirmation()
    {
        var f = Start(LearningMode.Immediate, StreamFlags.MediaHandover | StreamFlags.StrictSource);
        From(f, Other);
        f.Facts();
        f.Now = f.Now.AddSeconds(2);
        Assert.Equal(1, From(f, SamePort));
        Assert.Equal(new EndpointLearned(Call, new StreamId(1), SamePort), Assert.Single(f.Facts()));
        Assert.Equal(SamePort, Target(f));
    }

    [Fact]
    public void AFlappingHandoverMakesOneFactPerSecond()
    {
        var f = Start(LearningMode.Immediate, StreamFlags.MediaHandover);
        for (int i = 0; i < 100; i++)
        {
            From(f, i % 2 == 0 ? Other : SamePort);
        }

        Assert.Single(f.Facts());
        f.Now = f.Now.AddSeconds(1);
        Assert.Equal(SamePort, Assert.IsType<EndpointLearned>(Assert.Single(f.Tick())).Endpoint);
    }

    [Fact]
    public void AsymmetricStreamsAreSentToWhereTheySignalled()
    {
        var f = Start(LearningMode.Immediate, StreamFlags.Asymmetric | StreamFlags.StrictSource);
        Assert.Equal(1, From(f, Other));
        Assert.Equal(RemoteA, Target(f));
        Assert.Equal(0, From(f, SamePort));
        Assert.Equal(1, From(f, Other));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void NothingIsLearnedBeforeBothSidesAreSignalled(bool filled, bool isPublic)
    {
        var f = Start(LearningMode.Immediate, change: a => a with { Filled = filled, Public = isPublic });
        Assert.Equal(1, From(f, Other));
        Assert.Equal(RemoteA, Target(f));
        Assert.False(f.Stats(1).Confirmed);
    }

    [Fact]
    public void ANewSignalLearnsAgainButMediaStaysWhereItWas()
    {
        var f = Start(LearningMode.Delayed);
        f.Now = f.Now.AddSeconds(4);
        From(f, Other);
        f.Apply(SideA(LearningMode.Delayed), Stream(2, LocalB, RemoteB, 1));
        Assert.False(f.Stats(1).Confirmed);
        Assert.Equal(Other, Target(f));
        From(f, SamePort);
        Assert.Equal(SamePort, Target(f));
    }

    [Fact]
    public void AChangedSignalledAddressIsTakenAtOnce()
    {
        var f = Start(LearningMode.Immediate);
        From(f, Other);
        f.Now = f.Now.AddSeconds(1);
        f.Apply(SideA(LearningMode.Immediate, change: a => a with { Remote = SamePort }), Stream(2, LocalB, RemoteB, 1));
        Assert.Equal(SamePort, Target(f));
    }

    [Fact]
    public void ARepeatedPlanWithoutANewSignalKeepsTheConfirmation()
    {
        var f = Start(LearningMode.Immediate);
        From(f, Other);
        var plan = f.Plan(SideA(LearningMode.Immediate), Stream(2, LocalB, RemoteB, 1));
        f.Engine.Apply(f.Now, plan, f.Batch);
        Assert.True(f.Stats(1).Confirmed);
        Assert.Equal(Other, Target(f));
    }

    [Fact]
    public void AnEndpointOfAnEarlierLifeIsConfirmedFromTheStart()
    {
        var f = Start(LearningMode.Heuristic, StreamFlags.StrictSource, a => a with { Learned = Other });
        Assert.Equal(Other, Target(f));
        Assert.Equal(0, From(f, RemoteA));
        Assert.Equal(1, From(f, Other));
    }

    [Fact]
    public void StrayRtcpOnAnUnconfirmedRtpPortTeachesNothingButApp()
    {
        var f = Start(LearningMode.Immediate);
        Assert.Single(f.Receive(LocalA, Other, Rtcp(201)));
        Assert.Equal(RemoteA, Target(f));
        Assert.Single(f.Receive(LocalA, SamePort, Rtcp(204, 1, 1, 2, 3, 4)));
        Assert.Equal(SamePort, Target(f));
    }

    [Fact]
    public void RtcpOnAMuxedPortTeaches()
    {
        var f = Start(LearningMode.Immediate, change: a => a with { Kind = StreamKind.RtpMux });
        f.Receive(LocalA, Other, Rtcp(201));
        Assert.Equal(Other, Target(f));
    }

    [Fact]
    public void UnidirectionalMediaConfirmsItsReceiver()
    {
        var f = Start(LearningMode.Heuristic, StreamFlags.Unidirectional);
        From(f, RemoteA);
        Assert.True(f.Stats(2).Confirmed);
        Assert.Contains(new EndpointLearned(Call, new StreamId(2), RemoteB), f.Facts());
    }

    [Fact]
    public void APacketOnAnotherLocalPortMovesOurSendingPort()
    {
        var second = Ep("192.0.2.2:31000");
        var f = Start(LearningMode.Immediate, change: a => a with { Locals = [LocalA, second] });
        f.Receive(second, Other, Rtp(1));
        Assert.Equal(second, Assert.Single(f.Receive(LocalB, RemoteB, Rtp(2))).Local);
    }

    [Fact]
    public void UdptlIsLearnedAndForwardedUntouched()
    {
        var f = new EngineFixture();
        f.Apply(SideA(LearningMode.Immediate, change: a => a with { Kind = StreamKind.Raw }),
            Stream(2, LocalB, RemoteB, 1) with { Kind = StreamKind.Raw, Learning = LearningMode.Immediate });
        byte[] bytes = [0, 1, 2, 3];
        Assert.Equal(bytes, Assert.Single(f.Receive(LocalA, Other, bytes)).Bytes);
        Assert.Equal(Other, Assert.Single(f.Receive(LocalB, RemoteB, bytes)).Remote);
    }
}
