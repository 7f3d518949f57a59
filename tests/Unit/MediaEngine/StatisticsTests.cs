using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using static RtpCluster.Unit.MediaEngine.EngineFixture;

namespace RtpCluster.Unit.MediaEngine;

public class StatisticsTests
{
    private readonly EngineFixture _f = new();

    public StatisticsTests() => _f.Apply(TwoWay());

    private void FromA(byte[] packet) => _f.Receive(LocalA, RemoteA, packet);

    [Fact]
    public void PayloadTypesAreCounted()
    {
        FromA(Rtp(1));
        FromA(Rtp(2));
        FromA(Rtp(3, 101, payload: 4));
        FromA(Rtp(4, 77));
        Assert.Equal([new(0, 2, 344), new(101, 1, 16), new(77, 1, 172)], _f.Stats(1).PayloadTypes);
    }

    [Fact]
    public void ReplannedPayloadTypesKeepTheirCounters()
    {
        FromA(Rtp(1));
        _f.Apply(Stream(1, LocalA, RemoteA, 2) with { PayloadTypes = [new(8, "PCMA", 8000)] }, Stream(2, LocalB, RemoteB, 1));
        FromA(Rtp(2, 8));
        Assert.Equal([new(0, 1, 172), new(8, 1, 172)], _f.Stats(1).PayloadTypes);
    }

    [Fact]
    public void SsrcsAreListedTheMostRecentFirstAndAtMostTwenty()
    {
        for (uint ssrc = 1; ssrc <= 25; ssrc++)
        {
            FromA(Rtp(1, ssrc: ssrc));
        }

        FromA(Rtp(2, ssrc: 10));
        var ssrcs = _f.Stats(1).Ssrcs;
        uint[] expected = [10, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 9, 8, 7, 6];
        Assert.Equal(expected, ssrcs.Select(s => s.Ssrc));
        Assert.Equal(2, ssrcs[0].Packets);
        Assert.Equal(expected, _f.Stats(2).EgressSsrcs);
    }

    [Fact]
    public void AnSsrcRemembersItsLastPacket()
    {
        FromA(Rtp(65535));
        FromA(Rtp(0, 8));
        var ssrc = Assert.Single(_f.Stats(1).Ssrcs);
        Assert.Equal((2, 344, (ushort)0, (byte)8), (ssrc.Packets, ssrc.Bytes, ssrc.LastSequence, ssrc.PayloadType));
    }

    [Fact]
    public void LossDuplicatesAndReorderingAreMeasuredPerSsrc()
    {
        foreach (int sequence in new[] { 65533, 65534, 0, 65535, 2, 2 })
        {
            FromA(Rtp(sequence));
        }

        var ssrc = Assert.Single(_f.Stats(1).Ssrcs);
        Assert.Equal((0, 1, 1), (ssrc.Lost, ssrc.Duplicates, ssrc.Reordered));
    }

    [Fact]
    public void JitterFollowsRfc3550()
    {
        for (int i = 0; i < 200; i++)
        {
            _f.Now = _f.Now.AddMillis(i % 2 == 0 ? 15 : 25);
            FromA(Rtp(i));
        }

        // Every packet is 5 ms off: the estimate settles there.
        Assert.InRange(Assert.Single(_f.Stats(1).Ssrcs).JitterMicros, 4500, 5500);
    }

    [Fact]
    public void CountersAreKeptPerLocalAddressAndInTotal()
    {
        FromA(Rtp(1));
        FromA([]);
        var address = _f.Engine.Counters.Interfaces[LocalA.Address];
        Assert.Equal((new Counters(1, 172, 0), new Counters(1, 172, 0)), (address.Ingress, address.Egress));
        Assert.Equal((1, 172, 1, 172), (_f.Engine.Counters.InPackets, _f.Engine.Counters.InBytes, _f.Engine.Counters.OutPackets, _f.Engine.Counters.OutBytes));
        Assert.Equal(1, _f.Engine.Counters.Drops(DropReason.TooShort));
    }

    [Fact]
    public void RemovingACallReturnsItsLastStatistics()
    {
        FromA(Rtp(1));
        Assert.Equal(1, _f.Engine.Remove(_f.Now, Call)!.Streams[0].In.Packets);
        Assert.Null(_f.Engine.Remove(_f.Now, Call));
        Assert.Null(_f.Engine.Read(Call));
        Assert.Equal((0, 0), (_f.Engine.CallCount, _f.Engine.StreamCount));
    }

    [Fact]
    public void AStreamKeepsItsCountersOverPlansAndAPortMovesWithItsPlan()
    {
        FromA(Rtp(1));
        _f.Apply(Stream(1, Ep("192.0.2.1:30100"), RemoteA, 2), Stream(2, LocalB, RemoteB, 1), Stream(3, LocalA, RemoteA, 2));
        FromA(Rtp(2));
        Assert.Equal((1, 1), (_f.Stats(1).In.Packets, _f.Stats(3).In.Packets));
        Assert.True(_f.Engine.TryFindPort(Ep("192.0.2.1:30100"), out _));
    }

    [Fact]
    public void AnOutputToAStreamThatThePlanLacksIsLeftOutAndCounted()
    {
        _f.Apply(Stream(1, LocalA, RemoteA, 2, 9), Stream(2, LocalB, RemoteB, 1));
        Assert.Single(_f.Receive(LocalA, RemoteA, Rtp(1)));
        Assert.Equal(2, _f.Engine.Counters.PlanFaults);
    }
}
