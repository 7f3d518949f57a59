using RtpCluster.NodeAgent.Packets;

namespace RtpCluster.Unit.NodeAgent.Packets;

public class RateLimitTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void A_burst_passes_then_the_rate_holds()
    {
        var limit = new RateLimit(packetsPerSecond: 100, burst: 10);
        long arrival = 0;

        Assert.Equal(11, Offer(limit, ref arrival, 1000, Second));
        Assert.Equal(100, Enumerable.Range(1, 1000).Sum(ms => Offer(limit, ref arrival, 5, Second + (ms * 1_000_000L))));
    }

    [Fact]
    public void After_a_flood_the_port_recovers_within_the_burst()
    {
        var limit = new RateLimit(packetsPerSecond: 100, burst: 10);
        long arrival = 0;
        Offer(limit, ref arrival, 100_000, Second);

        Assert.Equal(1, Offer(limit, ref arrival, 1, Second + 10_000_000));
        Assert.Equal(11, Offer(limit, ref arrival, 100, 2 * Second));
    }

    private static int Offer(RateLimit limit, ref long arrival, int packets, long now)
    {
        int passed = 0;
        for (int i = 0; i < packets; i++)
        {
            passed += limit.TryCharge(ref arrival, now) ? 1 : 0;
        }

        return passed;
    }
}
