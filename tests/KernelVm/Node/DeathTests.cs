namespace RtpCluster.KernelNode;

/// <summary>Processes of a node are killed while the kernel relays its calls.</summary>
public sealed class DeathTests(KernelNode node) : KernelNodeTest(node)
{
    [Fact]
    public async Task A_killed_node_loses_no_packet_and_its_successor_takes_the_call_over()
    {
        var call = await OffloadAsync("death", callerSequence: 65400);

        // The rollover comes while nobody is there.
        call.Talk(400);
        await Node.HoldsAsync(() => call.Callee.Received > 60, "no media");
        Node.Kill(control: true, media: true);
        await Node.HoldsAsync(() => call.Callee.Received > 200, "no media while the node is dead");
        await Node.RestartAsync();
        await Node.HoldsAsync(() => Node.Log.Contains("media adopted: 0 calls kept, 1 pushed", StringComparison.Ordinal), "nothing is adopted");
        await Node.ArrivedAsync(call.Ways);
        Assert.Equal(2, Node.MediaRows);
        Flawless(call);
        Assert.Equal([0xaaaa0001u], call.Callee.SsrcsReceived);
        Assert.Equal([0xbbbb0002u], call.Caller.SsrcsReceived);
        await Node.HoldsAsync(() => Node.Packets("death") >= 800, () => $"{Node.Packets("death")} packets");

        // A new offer brings it back to the new process, under the rollover that only the kernel saw.
        call.Talk(100);
        call.Signal();
        await Node.OffloadedAsync(2);
        await Node.ArrivedAsync(call.Ways);
        Flawless(call);
    }

    [Fact]
    public async Task A_killed_media_process_loses_no_packet_of_what_the_kernel_relays()
    {
        var call = await OffloadAsync("media-death");
        int was = Node.MediaProcess;
        call.Talk(300);
        Node.Kill(control: false, media: true);
        await Node.AnotherMediaProcessAsync(was);
        await Node.ArrivedAsync(call.Ways);
        Flawless(call);
        Assert.Equal(2, Node.MediaRows);
        await Node.HoldsAsync(() => Node.Packets("media-death") >= 600, () => $"{Node.Packets("media-death")} packets");
    }

    [Fact]
    public async Task A_killed_control_process_loses_no_packet()
    {
        var call = await OffloadAsync("control-death");
        int carrying = Node.MediaProcess;
        call.Talk(300);
        Node.Kill(control: true, media: false);
        await Node.RestartAsync();
        Assert.Equal(carrying, Node.MediaProcess);
        call.Talk(100);
        call.Signal();
        await Node.OffloadedAsync(2);
        await Node.ArrivedAsync(call.Ways);
        Flawless(call);
        await Node.HoldsAsync(() => Node.Packets("control-death") == 820, () => $"{Node.Packets("control-death")} packets");

        // What the old media process logs went to the dead one: the next test gets a new one.
        Node.Kill(control: true, media: true);
        await Node.RestartAsync();
    }

    [Fact]
    public async Task A_browser_goes_on_without_a_handshake_after_the_death_of_the_node()
    {
        var call = await DtlsCall.PlaceAsync(Node, "browser-death");
        call.Talk(10);
        await Node.ArrivedAsync(call.Ways);
        await Node.OffloadedAsync(2);
        call.Talk(300);
        Node.Kill(control: true, media: true);
        await Node.RestartAsync();
        await Node.HoldsAsync(() => Node.Log.Contains("media adopted: 0 calls kept, 1 pushed", StringComparison.Ordinal), "nothing is adopted");
        await Node.ArrivedAsync(call.Ways);

        // A datagram of a handshake would count as refused. When the row is gone the new process has the keys too.
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
        Assert.Equal(2, Node.MediaRows);
        await Node.HoldsAsync(() => Node.Packets("browser-death") >= 600, () => $"{Node.Packets("browser-death")} packets");
    }

    [Fact]
    public async Task Rows_of_calls_that_nobody_knows_any_more_end_after_30_seconds()
    {
        var call = new SecureCall(Node, "forgotten");
        call.Talk(10);
        await Node.OffloadedAsync(2);
        Node.Kill(control: true, media: true);
        await Node.RestartAsync(forget: true);
        Assert.Equal(2, Node.MediaRows);
        await Node.HoldsAsync(() => Node.RowCount == 0, "the rows are still there");
    }
}
