using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ports;

namespace RtpCluster.Unit.NodeAgent.Ports;

public class PortAllocatorTests
{
    private static readonly Instant s_now = new(1_000_000_000);
    private static readonly IpAddress s_first = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress s_second = IpAddress.Parse("2001:db8::1");

    [Fact]
    public void Ports_are_taken_for_all_requests_or_for_none()
    {
        var allocator = Make(100, 103);

        Assert.NotNull(allocator.TryTake(s_now, [new PortRequest(s_first, 2), new PortRequest(s_second, 2)]));
        Assert.Null(allocator.TryTake(s_now, [new PortRequest(s_first, 2), new PortRequest(s_second, 2), new PortRequest(s_first, 1)]));

        Assert.All(allocator.Status, s => Assert.Equal(2, s.Used));
    }

    [Fact]
    public void An_address_that_is_not_ours_has_no_ports() =>
        Assert.Null(Make(100, 103).TryTake(s_now, [new PortRequest(IpAddress.Parse("192.0.2.9"), 1)]));

    [Fact]
    public void Interfaces_that_share_an_address_share_its_ports()
    {
        var allocator = new PortAllocator([new("a", s_first, s_first), new("b", s_first, s_second)], 100, 101);

        Assert.NotNull(allocator.TryTake(s_now, [new PortRequest(s_first, 2)]));

        Assert.Equal([2, 2], allocator.Status.Select(s => s.Used));
    }

    private static PortAllocator Make(int min, int max) =>
        new([new("default", s_first, s_first), new("default", s_second, s_second)], min, max);
}
