using System.Diagnostics;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.NodeAgent;

/// <summary>The node with a real media process and real sockets, on each packet tier.</summary>
public class MediaNodeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sockets", "127.0.0.1", "127.0.0.1")]
    [InlineData("sockets", "::1", "::1")]
    [InlineData("sockets", "127.0.0.1", "::1")]
    [InlineData("sk_lookup", "127.0.0.1", "127.0.0.1")]
    [InlineData("sk_lookup", "::1", "::1")]
    [InlineData("sk_lookup", "127.0.0.1", "::1")]
    public async Task Packets_of_a_plan_are_relayed_both_ways_from_the_planned_ports(string tier, string left, string right)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier);
        var call = await harness.CallAsync("relay", IpAddress.Parse(left), IpAddress.Parse(right));

        await call.TalkAsync(1);
        await call.TalkAsync(2);

        var totals = await harness.Node.ReadTotalsAsync(Cancel);
        Assert.Equal(tier, totals.Tier);
        Assert.Equal(2, totals.Reactors);
        Assert.Equal(1, totals.Calls);
        Assert.Equal(4, totals.Relayed.Packets);
        var statistics = await harness.Node.ReadAsync(call.Plan.CallId, Cancel);
        Assert.Equal([2L, 2L], statistics!.Streams.Select(s => s.In.Packets));
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task Removing_a_call_gives_its_last_statistics_and_frees_its_ports(string tier)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier);
        var call = await harness.CallAsync("remove", MediaNodeHarness.V4, MediaNodeHarness.V4);
        await call.TalkAsync(1);
        Assert.Equal(2, harness.Node.PortPools[0].Used);

        var statistics = await harness.Node.RemoveAsync(call.Plan.CallId, Cancel);

        Assert.Equal(1, statistics!.Streams[0].Out.Packets);
        Assert.Equal(0, harness.Node.PortPools[0].Used);
        Assert.Null(await harness.Node.RemoveAsync(call.Plan.CallId, Cancel));
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task A_plan_closes_the_ports_it_no_longer_names_and_an_older_one_is_refused(string tier)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier);
        var call = await harness.CallAsync("epochs", MediaNodeHarness.V4, MediaNodeHarness.V4);

        await harness.Node.ApplyAsync(call.Plan with { Epoch = 3 }, Cancel);
        await harness.Node.ApplyAsync(call.Plan with { Epoch = 3 }, Cancel);

        Assert.Equal(2, harness.Node.PortPools[0].Used);
        await Assert.ThrowsAsync<MediaNodeException>(async () => await harness.Node.ApplyAsync(call.Plan with { Epoch = 2 }, Cancel));
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task A_media_process_that_is_killed_comes_back_with_the_same_calls_on_the_same_ports(string tier)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier);
        var call = await harness.CallAsync("killed", MediaNodeHarness.V4, MediaNodeHarness.V6);
        await call.TalkAsync(1);

        var totals = await harness.KillMediaAsync();

        Assert.Equal(1, totals.Calls);
        Assert.Equal(1, harness.Node.MediaProcessRestarts);
        await call.TalkAsync(2);
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task After_a_restart_of_the_control_side_calls_go_on_and_are_adopted(string tier)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier, o => o with { OrphanCallSeconds = 0 });
        var known = await harness.CallAsync("known", MediaNodeHarness.V4, MediaNodeHarness.V4);
        var newer = await harness.CallAsync("newer", MediaNodeHarness.V4, MediaNodeHarness.V4);
        await harness.CallAsync("orphan", MediaNodeHarness.V4, MediaNodeHarness.V4);
        int process = harness.Node.MediaProcessId;

        await harness.RestartControlAsync(between: () => known.TalkAsync(1));
        await harness.Node.AdoptAsync([known.Plan, newer.Plan with { Epoch = 5 }], Cancel);

        Assert.Equal(process, harness.Node.MediaProcessId);
        await known.TalkAsync(2);
        await newer.TalkAsync(1);
        Assert.Equal(2, (await harness.Node.ReadAsync(known.Plan.CallId, Cancel))!.Streams[0].In.Packets);
        await Assert.ThrowsAsync<MediaNodeException>(async () => await harness.Node.ApplyAsync(newer.Plan with { Epoch = 4 }, Cancel));
        await harness.Node.OrphansEnded;
        Assert.Null(await harness.Node.ReadAsync(new CallId("orphan"), Cancel));
        Assert.Equal(4, harness.Node.PortPools[0].Used);
    }

    [Fact]
    public async Task A_media_process_that_dies_while_the_node_stops_is_not_replaced()
    {
        var harness = await MediaNodeHarness.StartAsync("sockets");
        using (var media = Process.GetProcessById(harness.Node.MediaProcessId))
        {
            media.Kill();
            await media.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await harness.DisposeAsync();

        Assert.Empty(ProcessesNaming(harness.Options.StateDirectory));
    }

    [Fact]
    public async Task Call_ids_of_any_bytes_survive_the_way_to_the_media_process()
    {
        await using var harness = await MediaNodeHarness.StartAsync("sockets");
        string odd = "\"ü\\\u0001\u00ff\t \u0080";

        var call = await harness.CallAsync(odd, MediaNodeHarness.V4, MediaNodeHarness.V4);

        Assert.Equal(odd, (await harness.Node.ReadAsync(call.Plan.CallId, Cancel))!.CallId.Value);
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task No_other_program_can_bind_a_port_while_a_call_has_it(string tier)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier);
        var call = await harness.CallAsync("held", MediaNodeHarness.V4, MediaNodeHarness.V4);
        var port = System.Net.IPEndPoint.Parse(call.LeftPort.ToString());

        Assert.Throws<System.Net.Sockets.SocketException>(() => new System.Net.Sockets.UdpClient(port));
        await harness.Node.RemoveAsync(call.Plan.CallId, Cancel);
        new System.Net.Sockets.UdpClient(port).Dispose();
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task Ports_can_be_had_at_once_after_the_first_call_and_survive_the_death_of_the_media_process(string tier)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier);
        await harness.CallAsync("first", MediaNodeHarness.V4, MediaNodeHarness.V4);
        var request = new PortRequest(MediaNodeHarness.V4, 2);

        Assert.True(harness.Node.TryTake(new CallId("second"), request, out ushort before));
        await harness.KillMediaAsync();
        Assert.True(harness.Node.TryTake(new CallId("second"), request, out ushort after));

        Assert.Equal(6, harness.Node.PortPools[0].Used);
        foreach (ushort port in new[] { before, after })
        {
            Assert.Throws<System.Net.Sockets.SocketException>(() => new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port)));
        }

        await harness.Node.RemoveAsync(new CallId("second"), Cancel);
        Assert.Equal(2, harness.Node.PortPools[0].Used);
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task Ports_that_a_control_side_had_in_stock_when_it_died_are_free_for_the_next(string tier)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier, o => o with { PortMax = 20003 });
        var call = await harness.CallAsync("known", MediaNodeHarness.V4, MediaNodeHarness.V6);
        Assert.NotNull(await harness.Node.ReserveAsync(new CallId("lost"), [new PortRequest(MediaNodeHarness.V4, 2)], Cancel));

        await harness.RestartControlAsync();
        await harness.Node.AdoptAsync([call.Plan], Cancel);

        Assert.NotNull(await harness.Node.ReserveAsync(new CallId("next"), [new PortRequest(MediaNodeHarness.V4, 2)], Cancel));
        Assert.Null(await harness.Node.ReserveAsync(new CallId("more"), [new PortRequest(MediaNodeHarness.V4, 2)], Cancel));
        await call.TalkAsync(1);
    }

    [Fact]
    public async Task A_plan_gives_up_the_reserved_ports_that_it_does_not_name()
    {
        await using var harness = await MediaNodeHarness.StartAsync("sockets");
        var call = await harness.CallAsync("spare", MediaNodeHarness.V4, MediaNodeHarness.V4);
        Assert.True(harness.Node.TryTake(call.Plan.CallId, new PortRequest(MediaNodeHarness.V4, 2), out ushort spare));

        await harness.Node.ApplyAsync(call.Plan with { Epoch = 9 }, Cancel);

        Assert.Equal(2, harness.Node.PortPools[0].Used);
        new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, spare)).Dispose();
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task An_endpoint_learned_before_the_control_side_restarted_is_kept_when_the_media_process_dies_after(string tier)
    {
        await using var harness = await MediaNodeHarness.StartAsync(tier);
        var call = await harness.CallAsync("moved", MediaNodeHarness.V4, MediaNodeHarness.V4, NatBehind);
        call.SendRight(TestPlans.Rtp(1, ssrc: 2));
        await TestCall.ReceiveAsync(call.Left);

        await harness.RestartControlAsync();
        await harness.Node.AdoptAsync([call.Plan], Cancel);
        await harness.KillMediaAsync();

        // The right remote is behind a NAT and has not sent anything to the new process yet.
        call.SendLeft(TestPlans.Rtp(2, ssrc: 1));
        Assert.Equal(TestPlans.Rtp(2, ssrc: 1), (await TestCall.ReceiveAsync(call.Right)).Packet);

        static MediaPlan NatBehind(MediaPlan plan) => plan with
        {
            Streams = [plan.Streams[0], plan.Streams[1] with { Remote = NetEndpoint.Parse("127.0.0.1:9") }],
        };
    }

    private static string[] ProcessesNaming(string text) =>
        [.. Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)).Select(CommandLine).Where(c => c.Contains(text, StringComparison.Ordinal))];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return ""; // gone meanwhile
        }
    }
}
