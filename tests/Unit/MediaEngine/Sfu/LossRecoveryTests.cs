namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>Networks that lose packets, both ways on both hops.</summary>
public sealed class LossRecoveryTests
{
    [Theory]
    [InlineData(1, 0.05, 5)]
    [InlineData(2, 0.05, 15)]
    [InlineData(3, 0.05, 25)]
    public void Almost_all_packets_come_within_200_ms(int seed, double loss, int delayMillis)
    {
        const int Packets = 10_000;
        var room = new LossyRoom(seed, loss, delayMillis);

        room.Run(Packets);

        int inTime = room.SentAt.Count(p => room.CameAt.TryGetValue(p.Key, out long at) && at - p.Value <= 200 + (2 * delayMillis));
        TestContext.Current.SendDiagnosticMessage($"{inTime} of {Packets} in time, {room.CameAt.Count} in all; {room.Counters.Recovered} recovered on the first hop");
        Assert.True(inTime >= Packets * 0.995, $"{inTime} of {Packets}");
        Assert.True(room.Counters.Recovered > Packets * 0.04, $"{room.Counters.Recovered}");
    }

    [Fact]
    public void Nothing_is_asked_for_without_loss()
    {
        var room = new LossyRoom(1, 0, 10);

        room.Run(1000);

        Assert.Equal(1000, room.CameAt.Count);
        Assert.Equal(0, room.Counters.NacksSent);
    }
}
