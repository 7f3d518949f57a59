namespace RtpCluster.KernelNode;

/// <summary>A call whose media the kernel relays.</summary>
public sealed class CallTests
{
    [Fact]
    public async Task A_secure_call_is_relayed_by_the_kernel_and_counted_as_ever()
    {
        await using var node = await KernelNode.StartAsync();
        var call = new SecureCall(node, "kernel-call");
        call.Talk(10);
        await node.ArrivedAsync(call.Ways);

        // The callee reports about once a second; the caller's reports would have to be SRTCP, which this phone does not send.
        await node.OffloadedAsync(2, rtcp: 1);
        var before = node.Relayed("kernel-call");
        double cpu = node.CpuSeconds;
        call.Talk(150);
        await node.ArrivedAsync(call.Ways);
        double busy = node.CpuSeconds - cpu;
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
        Assert.Equal([0xaaaa0001u], call.Callee.SsrcsReceived);
        Assert.Equal([0xbbbb0002u], call.Caller.SsrcsReceived);

        // All went through the kernel, none came to the process.
        var after = node.Relayed("kernel-call");
        Assert.Equal(before.Process, after.Process);
        Assert.InRange(after.Kernel - before.Kernel, 300, 310);
        Assert.Equal(320, node.Packets("kernel-call"));
        TestContext.Current.SendDiagnosticMessage($"CPU of the node during 300 packets: {busy:0.00} s");

        Assert.Contains("6:result2:ok", node.Ng.Send("delete", ("call-id", "kernel-call"), ("delete delay", "0")));
        Assert.Equal(0, node.RowCount);
    }

    [Fact]
    public async Task A_new_offer_brings_the_call_back_for_a_while_and_loses_nothing()
    {
        await using var node = await KernelNode.StartAsync();
        var call = new SecureCall(node, "kernel-again");
        call.Talk(10);
        await node.ArrivedAsync(call.Ways);
        await node.OffloadedAsync(2);
        call.Talk(100);
        call.Signal();
        await node.OffloadedAsync(2);
        await node.ArrivedAsync(call.Ways);
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
        Assert.Equal(220, node.Packets("kernel-again"));
    }
}
