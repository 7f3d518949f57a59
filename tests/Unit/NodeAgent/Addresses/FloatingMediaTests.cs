using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Addresses;

namespace RtpCluster.Unit.NodeAgent.Addresses;

public class FloatingMediaTests
{
    [Fact]
    public async Task A_new_call_does_not_get_the_ports_after_those_of_the_newest_call_that_was_taken_over()
    {
        await using var node = await MediaNodeHarness.StartAsync("sockets", o => o with { PortMin = 20000, PortMax = 20999 });
        using var floating = new FloatingMedia(node.Node);
        MediaPlan[] plans = [Plan("newest", 20600, created: 3), Plan("oldest", 20100, created: 1), Plan("older", 20104, created: 2)];

        Assert.Equal(0, await floating.InstallAsync(plans));

        ushort[]? ports = await node.Node.ReserveAsync(new CallId("new"), [new PortRequest(MediaNodeHarness.V4, 2)], TestContext.Current.CancellationToken);
        Assert.Equal<ushort>([20102], ports!);
    }

    private static MediaPlan Plan(string callId, ushort port, long created)
    {
        var remote = new NetEndpoint(MediaNodeHarness.V4, 9);
        var plan = TestPlans.TwoWay(callId, new(MediaNodeHarness.V4, port), new(MediaNodeHarness.V4, (ushort)(port + 1)), remote, remote);
        return plan with { Created = new Instant(created) };
    }
}
