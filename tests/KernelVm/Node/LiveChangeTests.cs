using System.Globalization;
using System.Net;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.KernelNode;

/// <summary>What changes in the middle of an offloaded call.</summary>
public sealed class LiveChangeTests
{
    [Fact]
    public async Task A_rollover_of_the_sequence_number_loses_nothing()
    {
        await using var node = await KernelNode.StartAsync();
        var call = new SecureCall(node, "rollover", callerSequence: 65480);
        call.Talk(10);
        await node.ArrivedAsync(call.Ways);
        await node.OffloadedAsync(2);
        call.Talk(100);
        await node.ArrivedAsync(call.Ways);
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
    }

    [Fact]
    public async Task A_sender_that_takes_another_SSRC_loses_nothing()
    {
        await using var node = await KernelNode.StartAsync();
        var call = new SecureCall(node, "ssrc");
        call.Talk(10);
        await node.ArrivedAsync(call.Ways);
        await node.OffloadedAsync(2);
        call.Caller.Ssrc = 0xcccc0003;
        call.Callee.Ssrc = 0xdddd0004;
        call.Talk(100);
        await node.ArrivedAsync(call.Ways);
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
        Assert.Equal([0xaaaa0001u, 0xcccc0003u], call.Callee.SsrcsReceived.Order());
    }

    [Fact]
    public async Task Payload_types_that_no_SDP_named_are_relayed_too()
    {
        await using var node = await KernelNode.StartAsync();
        var call = new SecureCall(node, "type");
        call.Talk(10);
        await node.ArrivedAsync(call.Ways);
        await node.OffloadedAsync(2);
        call.Caller.PayloadType = 13;
        call.Talk(100);
        await node.ArrivedAsync(call.Ways);
        Assert.Equal([(byte)8, (byte)13], call.Callee.PayloadTypesReceived.Order());
    }

    [Fact]
    public async Task Another_route_is_followed_at_once()
    {
        await using var node = await KernelNode.StartAsync();
        NetworkNamespace.Join(node.Lab.Node, "c0", ["192.0.2.1/24"], node.Lab.Callee, "e1", ["192.0.2.2/24"]);
        var call = new SecureCall(node, "route");
        call.Talk(10);
        await node.ArrivedAsync(call.Ways);
        await node.OffloadedAsync(2);
        long before = SentBy(node, "c0");
        call.Talk(150);
        await Eventually.HoldsAsync(() => call.Callee.Received > 60, TimeSpan.FromSeconds(10), () => "no media");
        node.Lab.Node.Ip("route", "add", Lab.CalleeV4 + "/32", "via", "192.0.2.2", "dev", "c0");
        await node.ArrivedAsync(call.Ways);
        Assert.InRange(SentBy(node, "c0") - before, 50, 120);
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
    }

    [Fact]
    public async Task A_handover_is_followed_and_costs_a_few_packets()
    {
        await using var node = await KernelNode.StartAsync();
        string offer = node.Ng.Send("offer", ("call-id", "moved"), ("from-tag", "a"), ("rtpp-flags", "media-handover"), ("sdp", NgClient.Sdp(Lab.CallerV4, 6000))) ?? "";
        string answer = node.Ng.Send("answer", ("call-id", "moved"), ("from-tag", "a"), ("to-tag", "b"), ("rtpp-flags", "media-handover"), ("sdp", NgClient.Sdp(Lab.CalleeV4, 6000))) ?? "";
        var caller = node.Phone(callee: false, 6000, NgClient.PortOf(answer), 1);
        var callee = node.Phone(callee: true, 6000, NgClient.PortOf(offer), 2);
        caller.Send(10);
        callee.Send(10);
        await node.ArrivedAsync((caller, callee), (callee, caller));
        await node.OffloadedAsync(2);
        var moved = node.Phone(callee: false, 6100, NgClient.PortOf(answer), 1);
        moved.Sequence = 10;
        moved.Send(100);
        callee.Send(100);
        await Eventually.HoldsAsync(() => moved.Idle && callee.Idle && callee.Received >= 100 && moved.Received >= 80, TimeSpan.FromSeconds(20),
            () => $"{callee.Received} from the new place, {moved.Received} to it\n{node.Rows}\n{node.Log}");
        await node.OffloadedAsync(2);
        Assert.Contains("6100", node.Rows);
        Assert.Equal(110, callee.Received);
    }

    private static long SentBy(KernelNode node, string device) => long.Parse(
        ChildProcess.Run("ip", "netns", "exec", node.Lab.Node.Name, "cat", $"/sys/class/net/{device}/statistics/tx_packets"), CultureInfo.InvariantCulture);
}
