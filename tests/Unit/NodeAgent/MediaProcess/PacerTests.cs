using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.Unit.NodeAgent.MediaProcess;

public class PacerTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void A_quiet_reactor_never_sleeps_before_a_packet()
    {
        var pacer = new Pacer(200);

        // 1,000 packets per second: one every millisecond.
        Assert.All(Enumerable.Range(1, 100), ms => Assert.Equal(0, pacer.AfterRound(1, ms * Millisecond)));
        Assert.Equal(0, pacer.BeforeRound);
    }

    [Fact]
    public void A_busy_reactor_lets_packets_gather_and_looks_again_unless_a_round_was_short_or_full()
    {
        var pacer = new Pacer(200);
        for (int ms = 1; ms <= 11; ms++)
        {
            pacer.AfterRound(20, ms * Millisecond);
        }

        Assert.Equal(200, pacer.BeforeRound);
        Assert.Equal(200, pacer.AfterRound(12, 12 * Millisecond));
        Assert.Equal(0, pacer.AfterRound(3, 12 * Millisecond));
        Assert.Equal(0, pacer.AfterRound(64, 12 * Millisecond));
    }

    [Fact]
    public void It_stops_sleeping_when_the_load_goes()
    {
        var pacer = new Pacer(200);
        for (int ms = 1; ms <= 11; ms++)
        {
            pacer.AfterRound(20, ms * Millisecond);
        }

        Assert.Equal(0, Enumerable.Range(12, 30).Select(ms => pacer.AfterRound(0, ms * Millisecond)).Last());
        Assert.Equal(0, pacer.BeforeRound);
    }

    [Fact]
    public void Zero_switches_it_off()
    {
        var pacer = new Pacer(0);

        Assert.All(Enumerable.Range(1, 100), ms => Assert.Equal(0, pacer.AfterRound(20, ms * Millisecond)));
    }
}
