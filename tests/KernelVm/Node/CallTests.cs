namespace RtpCluster.KernelNode;

/// <summary>A call whose media the kernel relays.</summary>
public sealed class CallTests(KernelNode node) : KernelNodeTest(node)
{
    [Fact]
    public async Task A_secure_call_is_relayed_by_the_kernel_and_counted_as_ever()
    {
        var call = new SecureCall(Node, "kernel-call");
        call.Talk(10);
        await Node.ArrivedAsync(call.Ways);

        // The callee reports about once a second; the caller's reports would have to be SRTCP, which this phone does not send.
        await Node.OffloadedAsync(2, rtcp: 1);
        var before = Node.Relayed("kernel-call");
        call.Talk(150);
        double busy = await Node.CpuUntilAsync(() => call.Callee.Idle && call.Caller.Received == call.Callee.Sent);
        await Node.ArrivedAsync(call.Ways);
        Flawless(call);
        Assert.Equal([0xaaaa0001u], call.Callee.SsrcsReceived);
        Assert.Equal([0xbbbb0002u], call.Caller.SsrcsReceived);

        // All went through the kernel, none came to the process.
        var after = Node.Relayed("kernel-call");
        Assert.Equal(before.Process, after.Process);
        Assert.InRange(after.Kernel - before.Kernel, 300, 310);
        Assert.Equal(320, Node.Packets("kernel-call"));
        double idle = await Node.CpuUntilAsync(() => false, seconds: 3);
        Say($"the node's processes used {busy:0.0} % of the CPU while 300 packets were relayed, {idle:0.0} % without any");

        Assert.Contains("6:result2:ok", Node.Ng.Send("delete", ("call-id", "kernel-call"), ("delete delay", "0")));
        Assert.Equal(0, Node.RowCount);
    }

    [Fact]
    public async Task A_new_offer_brings_the_call_back_for_a_while_and_loses_nothing()
    {
        var call = await OffloadAsync("kernel-again");
        call.Talk(100);
        call.Signal();
        await Node.OffloadedAsync(2);
        await Node.ArrivedAsync(call.Ways);
        Flawless(call);
        Assert.Equal(220, Node.Packets("kernel-again"));
    }

    [Fact]
    public async Task A_browser_whose_keys_came_by_DTLS_is_relayed_by_the_kernel()
    {
        var call = await DtlsCall.PlaceAsync(Node, "browser");
        call.Talk(10);
        await Node.ArrivedAsync(call.Ways);
        await Node.OffloadedAsync(2, rtcp: 1);
        var before = Node.Relayed("browser");
        call.Talk(100);
        await Node.ArrivedAsync(call.Ways);
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
        var after = Node.Relayed("browser");
        Assert.Equal(before.Process, after.Process);
        Assert.InRange(after.Kernel - before.Kernel, 200, 210);
    }
}
