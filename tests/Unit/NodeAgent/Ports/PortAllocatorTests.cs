using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ports;

namespace RtpCluster.Unit.NodeAgent.Ports;

public class PortAllocatorTests
{
    private static readonly Instant s_now = new(1_000_000_000);
    private static readonly IpAddress s_first = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress s_second = IpAddress.Parse("2001:db8::1");

    [Fact]
    public void Ports_are_handed_out_once_they_are_held()
    {
        var allocator = Make(100, 103);
        Assert.False(allocator.TryTake(Pair, out _));

        var chosen = allocator.BeginRefill(s_now, Pair, 1);
        Assert.False(allocator.TryTake(Pair, out _));
        Assert.Empty(allocator.EndRefill(s_now, Pair, chosen, []));

        Assert.True(allocator.TryTake(Pair, out ushort first));
        Assert.Equal(0, first % 2);
        Assert.Equal([2, 0], allocator.Status.Select(s => s.Used));
        Assert.False(allocator.TryTake(Pair, out _));
    }

    [Fact]
    public void Stocked_ports_count_as_not_used_and_belong_to_no_call()
    {
        var allocator = Make(1000, 1999);

        var chosen = Refill(allocator, Pair, 1);

        Assert.Equal(PortShelf.Batch, chosen.Count);
        Assert.Equal(0, allocator.Status[0].Used);
        Assert.Equal(2 * PortShelf.Batch, allocator.Stocked.Distinct().Count());
    }

    [Fact]
    public void A_stocked_port_that_a_call_brings_from_another_node_is_not_given_out()
    {
        var allocator = Make(1000, 1999);
        ushort next = Refill(allocator, Pair, 1)[0];

        var mates = allocator.Adopt([new NetEndpoint(s_first, next)]);

        Assert.Equal([new NetEndpoint(s_first, (ushort)(next + 1))], mates);
        Assert.DoesNotContain(allocator.Stocked, port => port.Port == next);
        Assert.True(allocator.TryTake(Pair, out ushort other));
        Assert.NotEqual(next, other);
    }

    [Fact]
    public void A_port_that_a_call_brings_while_it_is_being_opened_is_not_given_out()
    {
        var allocator = Make(1000, 1999);
        var chosen = allocator.BeginRefill(s_now, Pair, 1);
        NetEndpoint[] brought = PortAllocator.Expand(Pair, chosen[3]);
        var half = new NetEndpoint(s_first, chosen[5]);

        Assert.Empty(allocator.Adopt([.. brought, half]));
        var mates = allocator.EndRefill(s_now, Pair, chosen, []);

        Assert.Equal([new NetEndpoint(s_first, (ushort)(chosen[5] + 1))], mates);
        Assert.Empty(allocator.Stocked.Intersect([.. brought, half, .. mates]));
        Assert.Equal(2 * (PortShelf.Batch - 2), allocator.Stocked.Length);
        allocator.Free(s_now, mates);
        Assert.Equal(3, allocator.Status[0].Used);
    }

    [Fact]
    public void A_call_keeps_the_port_it_brought_when_nobody_could_be_asked_to_open_it()
    {
        var allocator = Make(1000, 1999);
        var chosen = allocator.BeginRefill(s_now, Pair, 1);

        allocator.Adopt([new NetEndpoint(s_first, chosen[0])]);
        allocator.AbortRefill(s_now, Pair, chosen);

        Assert.Equal(1, allocator.Status[0].Used);
        Assert.DoesNotContain(chosen[0], allocator.BeginRefill(s_now.AddSeconds(60), Pair, 500));
    }

    [Fact]
    public void A_shelf_that_was_asked_is_refilled_in_batches_until_it_is_full()
    {
        var allocator = Make(1000, 3999);
        Assert.False(allocator.TryFindLow(out _));
        allocator.TryTake(Pair, out _);

        int batches = 0;
        while (allocator.TryFindLow(out var low))
        {
            Assert.Equal(Pair, low);
            Assert.False(allocator.TryFindLow(out _));
            Refill(allocator, low, 0);
            batches++;
        }

        Assert.Equal(4, batches);
        Assert.Equal(128, allocator.Stocked.Length);
    }

    [Fact]
    public void A_small_pool_is_not_stocked()
    {
        var allocator = Make(100, 199);

        Assert.Equal(3, Refill(allocator, Pair, 3).Count);

        Assert.False(allocator.TryFindLow(out _));
    }

    [Fact]
    public void Ports_that_another_program_has_are_left_alone_and_their_mates_dropped()
    {
        var allocator = Make(100, 101);
        var chosen = allocator.BeginRefill(s_now, Pair, 1);

        var mates = allocator.EndRefill(s_now, Pair, chosen, [new NetEndpoint(s_first, 101)]);

        Assert.Equal([new NetEndpoint(s_first, 100)], mates);
        Assert.Empty(allocator.BeginRefill(s_now.AddSeconds(10), Pair, 1));
        Assert.Equal([100], allocator.BeginRefill(s_now.AddSeconds(61), Pair, 1));
    }

    [Fact]
    public void Ports_that_a_fresh_media_process_cannot_hold_are_taken_off_the_shelf()
    {
        var allocator = Make(100, 103);
        Refill(allocator, Pair, 2);

        var mates = allocator.Lose(s_now, [new NetEndpoint(s_first, 102)]);

        Assert.Equal([new NetEndpoint(s_first, 103)], mates);
        Assert.True(allocator.TryTake(Pair, out ushort first));
        Assert.Equal(100, first);
        Assert.False(allocator.TryTake(Pair, out _));
    }

    [Fact]
    public void A_refill_that_came_to_nothing_gives_the_ports_back()
    {
        var allocator = Make(100, 101);

        allocator.AbortRefill(s_now, Pair, allocator.BeginRefill(s_now, Pair, 1));

        Assert.Equal([100], allocator.BeginRefill(s_now.AddSeconds(3), Pair, 1));
    }

    [Fact]
    public void The_last_stocked_pair_serves_two_single_requests()
    {
        var allocator = Make(100, 101);
        var single = new PortRequest(s_first, 1);
        Refill(allocator, Pair, 1);
        Assert.Empty(allocator.BeginRefill(s_now, single, 1));

        Assert.True(allocator.TrySplitPair(single));

        Assert.True(allocator.TryTake(single, out _) && allocator.TryTake(single, out _));
        Assert.False(allocator.TrySplitPair(single));
        Assert.Equal(2, allocator.Status[0].Used);
    }

    [Fact]
    public void An_address_that_is_not_ours_has_no_ports()
    {
        var strange = new PortRequest(IpAddress.Parse("192.0.2.9"), 1);

        Assert.False(Make(100, 103).TryTake(strange, out _));
        Assert.Empty(Make(100, 103).BeginRefill(s_now, strange, 1));
        Assert.False(Make(100, 103).TrySplitPair(strange));
    }

    [Fact]
    public void Interfaces_that_share_an_address_share_its_ports()
    {
        var allocator = new PortAllocator([new("a", s_first, s_first), new("b", s_first, s_second)], 100, 101);

        Refill(allocator, Pair, 1);
        Assert.True(allocator.TryTake(Pair, out _));

        Assert.Equal([2, 2], allocator.Status.Select(s => s.Used));
    }

    private static PortRequest Pair => new(s_first, 2);

    private static List<ushort> Refill(PortAllocator allocator, PortRequest request, int needed)
    {
        var chosen = allocator.BeginRefill(s_now, request, needed);
        allocator.EndRefill(s_now, request, chosen, []);
        return chosen;
    }

    private static PortAllocator Make(int min, int max) =>
        new([new("default", s_first, s_first), new("default", s_second, s_second)], min, max);
}
