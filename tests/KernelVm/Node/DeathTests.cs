using RtpCluster.TestKit;

namespace RtpCluster.KernelNode;

/// <summary>Every process of a node is killed while the kernel relays its calls.</summary>
public sealed class DeathTests
{
    [Fact]
    public async Task A_killed_node_loses_no_packet_and_its_successor_takes_the_call_over()
    {
        await using var node = await KernelNode.StartAsync();
        var call = new SecureCall(node, "death", callerSequence: 65400);
        call.Talk(10);
        await node.ArrivedAsync(call.Ways);
        await node.OffloadedAsync(2);

        // The rollover comes while nobody is there.
        call.Talk(500);
        await Eventually.HoldsAsync(() => call.Callee.Received > 60, TimeSpan.FromSeconds(10), () => "no media");
        node.Kill();
        await Eventually.HoldsAsync(() => call.Callee.Received > 200, TimeSpan.FromSeconds(10), () => "no media while the node is dead\n" + node.Rows);
        await node.RestartAsync();
        await Eventually.HoldsAsync(() => node.Log.Contains("media adopted: 0 calls kept, 1 pushed", StringComparison.Ordinal), TimeSpan.FromSeconds(10), () => node.Log);
        await node.ArrivedAsync(call.Ways);
        Assert.Equal(2, node.MediaRows);
        Assert.Equal(1020, call.Caller.Sent + call.Callee.Sent);
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
        Assert.Equal([0xaaaa0001u], call.Callee.SsrcsReceived);
        Assert.Equal([0xbbbb0002u], call.Caller.SsrcsReceived);
        await Eventually.HoldsAsync(() => node.Packets("death") >= 1000, TimeSpan.FromSeconds(5), () => $"{node.Packets("death")} packets\n{node.Rows}");

        // A new offer brings it back to the new process, under the rollover that only the kernel saw.
        call.Talk(150);
        call.Signal();
        await node.OffloadedAsync(2);
        await node.ArrivedAsync(call.Ways);
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
    }

    [Fact]
    public async Task Rows_of_calls_that_nobody_knows_any_more_end_after_30_seconds()
    {
        await using var node = await KernelNode.StartAsync();
        var call = new SecureCall(node, "forgotten");
        call.Talk(10);
        await node.OffloadedAsync(2);
        node.Kill();
        await node.RestartAsync(forget: true);
        Assert.Equal(2, node.MediaRows);
        await Eventually.HoldsAsync(() => node.RowCount == 0, TimeSpan.FromSeconds(40), () => node.Rows + node.Log);
    }
}
