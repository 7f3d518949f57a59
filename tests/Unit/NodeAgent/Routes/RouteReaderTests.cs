using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Routes;

namespace RtpCluster.Unit.NodeAgent.Routes;

public class RouteReaderTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void What_stays_on_this_host_is_left_to_the_kernel(string address)
    {
        var local = IpAddress.Parse(address);
        var entry = new NextHopEntry(new RouteKey(local, local, 0));
        using var reader = new RouteReader();
        reader.Refresh();
        reader.Route(entry);
        reader.Complete(entry);

        Assert.Equal(0, entry.RouteInterface);
        Assert.Null(entry.Hop);
    }
}
