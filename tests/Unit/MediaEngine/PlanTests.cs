using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class PlanTests
{
    public static TheoryData<string> Faults => ["same stream", "same port", "short key", "no suite"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void APlanThatContradictsItselfIsRefusedAndTheOldOneStays(string fault)
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        var keys = SrtpEndpoint.Keys(1);
        StreamPlan[] streams = fault switch
        {
            "same stream" => [Stream(1, LocalA, RemoteA), Stream(1, LocalB, RemoteB)],
            "same port" => [Stream(1, LocalA, RemoteA), Stream(2, LocalA, RemoteB)],
            "short key" => [Stream(1, LocalA, RemoteA) with { Encrypt = keys with { MasterKey = [1] } }],
            _ => [Stream(1, LocalA, RemoteA) with { Decrypt = keys with { Suite = SrtpSuite.None } }],
        };
        Assert.Throws<ArgumentException>(() => f.Apply(streams));
        Assert.Single(f.Receive(LocalA, RemoteA, Rtp(1)));
        Assert.Equal(1, Assert.Single(f.Engine.Inventory).Epoch);
    }

    [Fact]
    public void ARefusedFirstPlanLeavesNoCall()
    {
        var f = new EngineFixture();
        Assert.Throws<ArgumentException>(() => f.Apply(Stream(1, LocalA, RemoteA), Stream(1, LocalB, RemoteB)));
        Assert.Empty(f.Engine.Inventory);
    }

    [Fact]
    public void AStreamThatLeavesThePlanFreesItsPort()
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        f.Apply(Stream(1, LocalA, RemoteA));
        Assert.False(f.Engine.TryFindPort(LocalB, out _));
        Assert.Equal(1, f.Engine.StreamCount);
    }

    [Fact]
    public void APortTakenOverByANewerCallIsNotFreedByTheOlderOne()
    {
        var f = new EngineFixture();
        f.Apply(TwoWay());
        f.Engine.Apply(f.Now, f.Plan(TwoWay()) with { CallId = new CallId("call-2") }, f.Batch);
        f.Engine.Remove(f.Now, Call);
        Assert.Single(f.Receive(LocalA, RemoteA, Rtp(1)));
    }

    /// <summary>Random bytes on every kind of stream under random flags: nothing throws, and every packet is accounted for.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void AnyBytesAreForwardedOrCounted(int seed)
    {
        var random = new Random(seed);
        var f = new EngineFixture();
        f.Batch.Counting = true;
        var buffer = new byte[2048];
        for (int round = 0; round < 200; round++)
        {
            var keys = SrtpEndpoint.Keys(seed);
            var output = new OutputPlan { To = new StreamId(2), Flags = (OutputFlags)random.Next(64), StripExtensions = [1, 2] };
            f.Apply(
                Stream(1, LocalA, RemoteA) with
                {
                    Kind = (StreamKind)random.Next(4),
                    Flags = (StreamFlags)random.Next(2048) & ~StreamFlags.PierceNat,
                    Learning = (LearningMode)random.Next(4),
                    Decrypt = random.Next(3) == 0 ? keys : null,
                    RtpOutputs = [output],
                    RtcpOutputs = [output],
                },
                Stream(2, LocalB, RemoteB) with { Encrypt = random.Next(3) == 0 ? keys : null });
            Assert.True(f.Engine.TryFindPort(LocalA, out var port));
            for (int i = 0; i < 100; i++)
            {
                int length = random.Next(200);
                random.NextBytes(buffer.AsSpan(0, length));
                buffer[0] = random.Next(4) > 0 ? (byte)(0x80 | (buffer[0] & 0x3f)) : buffer[0];
                buffer[1] = random.Next(3) == 0 ? (byte)random.Next(192, 224) : buffer[1];
                buffer[3] = random.Next(2) == 0 ? (byte)random.Next(8) : buffer[3];
                f.Engine.Receive(f.Now, port, random.Next(2) == 0 ? RemoteA : RemoteB, buffer, length, f.Batch);
            }

            f.Now = f.Now.AddMillis(random.Next(2000));
            f.Facts();
        }

        long dropped = Enum.GetValues<DropReason>().Sum(f.Engine.Counters.Drops);
        Assert.Equal(200 * 100, dropped + f.Engine.Counters.OutPackets);
    }
}
