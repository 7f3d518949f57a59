using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ports;

namespace RtpCluster.Unit.NodeAgent.Ports;

public class PortPoolTests
{
    private static readonly Instant s_now = new(1_000_000_000);

    [Fact]
    public void A_pair_starts_on_an_even_port()
    {
        var pool = new PortPool(30001, 30010, start: 0);

        Assert.True(pool.TryTake(s_now, 2, out ushort first));

        Assert.Equal(30002, first);
        Assert.Equal(2, pool.Used);
    }

    [Fact]
    public void The_search_goes_on_from_the_last_port_and_wraps_round()
    {
        var pool = new PortPool(100, 103, start: 2);

        ushort[] taken = [.. Enumerable.Range(0, 4).Select(_ => Take(pool, 1))];

        Assert.Equal([102, 103, 100, 101], taken);
        Assert.False(pool.TryTake(s_now, 1, out _));
    }

    [Theory]
    [InlineData(100, 150)]
    [InlineData(160, 110)]
    [InlineData(99, 150)]
    [InlineData(50000, 150)]
    public void Ports_after_one_that_a_missing_call_may_have_come_last(ushort port, int next)
    {
        var pool = new PortPool(100, 199, start: 0);

        pool.StartFarFrom(port);

        Assert.Equal(next, Take(pool, 2));
    }

    [Fact]
    public void A_pair_never_crosses_the_end_of_the_range()
    {
        var pool = new PortPool(101, 104, start: 3);

        Assert.Equal(102, Take(pool, 2));
        Assert.False(pool.TryTake(s_now, 2, out _));
        Assert.Equal(104, Take(pool, 1));
        Assert.Equal(101, Take(pool, 1));
    }

    [Fact]
    public void The_last_port_of_all_can_be_used()
    {
        var pool = new PortPool(65534, 65535, start: 0);

        Assert.Equal(65534, Take(pool, 2));
        pool.Free(s_now, 65534);
        pool.Free(s_now, 65535);
        Assert.Equal(0, pool.Used);
    }

    [Fact]
    public void A_freed_port_rests_before_it_is_handed_out_again()
    {
        var pool = new PortPool(100, 100, start: 0, restSeconds: 2);
        ushort port = Take(pool, 1);

        pool.Free(s_now, port);

        Assert.Equal(0, pool.Used);
        Assert.False(pool.TryTake(s_now.AddSeconds(1.9), 1, out _));
        Assert.True(pool.TryTake(s_now.AddSeconds(2), 1, out _));
    }

    [Fact]
    public void A_port_that_another_program_holds_rests_for_a_minute()
    {
        var pool = new PortPool(100, 101, start: 0, restSeconds: 2);
        pool.Foreign(s_now, Take(pool, 1));
        pool.Free(s_now, Take(pool, 1));

        Assert.True(pool.TryTake(s_now.AddSeconds(3), 1, out ushort rested));
        Assert.Equal(101, rested);
        Assert.False(pool.TryTake(s_now.AddSeconds(59), 1, out _));
        Assert.True(pool.TryTake(s_now.AddSeconds(60), 1, out ushort foreign));
        Assert.Equal(100, foreign);
    }

    [Fact]
    public void An_adopted_port_is_not_handed_out()
    {
        var pool = new PortPool(100, 101, start: 0);
        pool.TryAdopt(100);
        pool.TryAdopt(100);
        pool.TryAdopt(50000);

        Assert.Equal(2, pool.Used);
        Assert.Equal(101, Take(pool, 1));
        Assert.False(pool.TryTake(s_now, 1, out _));
    }

    [Fact]
    public void Freeing_an_unknown_port_changes_nothing()
    {
        var pool = new PortPool(100, 101, start: 0);

        pool.Free(s_now, 100);

        Assert.Equal(0, pool.Used);
        Assert.Equal(100, Take(pool, 1));
    }

    private static ushort Take(PortPool pool, int count)
    {
        Assert.True(pool.TryTake(s_now, count, out ushort first));
        return first;
    }
}
