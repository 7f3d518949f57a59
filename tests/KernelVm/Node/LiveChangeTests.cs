using System.Globalization;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.KernelNode;

/// <summary>What changes in the middle of an offloaded call.</summary>
public sealed class LiveChangeTests(KernelNode node) : KernelNodeTest(node)
{
    [Fact]
    public async Task A_rollover_of_the_sequence_number_loses_nothing()
    {
        var call = await OffloadAsync("rollover", callerSequence: 65480);
        call.Talk(100);
        await Node.ArrivedAsync(call.Ways);
        Flawless(call);
    }

    [Fact]
    public async Task A_sender_that_takes_another_SSRC_loses_nothing()
    {
        var call = await OffloadAsync("ssrc");
        call.Caller.Ssrc = 0xcccc0003;
        call.Callee.Ssrc = 0xdddd0004;
        call.Talk(100);
        await Node.ArrivedAsync(call.Ways);
        Flawless(call);
        Assert.Equal([0xaaaa0001u, 0xcccc0003u], call.Callee.SsrcsReceived.Order());
    }

    [Fact]
    public async Task Payload_types_that_no_SDP_named_are_relayed_too()
    {
        var call = await OffloadAsync("type");
        call.Caller.PayloadType = 13;
        call.Talk(100);
        await Node.ArrivedAsync(call.Ways);
        Assert.Equal([(byte)8, (byte)13], call.Callee.PayloadTypesReceived.Order());
    }

    /// <summary>More than a row has room for; the last of them is the one that it leaves to the process.</summary>
    private static byte[] ManyTypes => [.. Enumerable.Range(35, 29).Concat(Enumerable.Range(102, 14)).Select(n => (byte)n)];

    [Fact]
    public async Task A_payload_type_that_goes_to_the_process_is_relayed_there_while_the_rest_of_its_stream_stays_in_the_kernel()
    {
        var call = await OffloadAsync("left", 65500, ManyTypes);
        Assert.Contains("unknown payload type: userspace", Node.Rows);
        var before = Node.Relayed("left");
        call.Caller.PayloadTypeOf = n => n % 5 == 0 ? ManyTypes[^1] : (byte)8;
        call.Talk(300);
        await Node.HoldsAsync(() => call.Callee.Received > 200, "no media");
        Assert.Equal(2, Node.MediaRows);
        await Node.ArrivedAsync(call.Ways);
        var after = Node.Relayed("left");
        Say($"{after.Process - before.Process} packets in the process, {after.Kernel - before.Kernel} in the kernel; {call.Callee.Reordered} out of order");
        Flawless(call);
        Assert.InRange(after.Process - before.Process, 60, 65); // and the first RTCP
        Assert.InRange(after.Kernel - before.Kernel, 540, 560); // and the rest of it
        Assert.Equal([(byte)8, ManyTypes[^1]], call.Callee.PayloadTypesReceived.Order());

        // It counts from when the row came: the row has been there all the time.
        Assert.Contains("left to userspace: 60 packets", Node.Rows);
    }

    [Fact]
    public async Task Toward_a_receiver_with_keys_such_a_payload_type_brings_the_stream_back_and_goes_down_with_it()
    {
        var call = await OffloadAsync("keyed", 65500, ManyTypes);
        call.Callee.PayloadTypeOf = n => n % 5 == 0 ? ManyTypes[^1] : (byte)8;
        call.Talk(200);
        await Node.HoldsAsync(() => call.Caller.Received > 150, "no media");
        await Node.OffloadedAsync(2);
        await Node.ArrivedAsync(call.Ways);
        Flawless(call);
        Assert.Equal([(byte)8, ManyTypes[^1]], call.Caller.PayloadTypesReceived.Order());
        Assert.Contains($"payload type {ManyTypes[^1]}:", Node.Rows);
    }

    [Fact]
    public async Task Another_route_is_followed_at_once()
    {
        NetworkNamespace.Join(Node.Lab.Node, "c0", ["192.0.2.1/24"], Node.Lab.Callee, "e1", ["192.0.2.2/24"]);
        var call = await OffloadAsync("route");
        long before = SentBy("c0");
        call.Talk(150);
        await Node.HoldsAsync(() => call.Callee.Received > 60, "no media");
        Node.Lab.Node.Ip("route", "add", Lab.CalleeV4 + "/32", "via", "192.0.2.2", "dev", "c0");
        await Node.ArrivedAsync(call.Ways);
        Assert.InRange(SentBy("c0") - before, 10, 120);
        Flawless(call);
        Node.Lab.Node.Ip("link", "del", "c0");
    }

    [Fact]
    public async Task A_handover_is_followed_and_costs_a_few_packets()
    {
        var (caller, callee) = Node.PlainCall("moved", "media-handover");
        caller.Send(10);
        callee.Send(10);
        await Node.ArrivedAsync((caller, callee), (callee, caller));
        await Node.OffloadedAsync(2);
        var moved = Node.Phone(callee: false, 6100, caller.Remote!.Port, 1);
        moved.Sequence = 10;
        moved.Send(100);
        callee.Send(100);
        await Node.HoldsAsync(() => moved.Idle && callee.Idle && callee.Received == 110 && moved.Received >= 80,
            () => $"{callee.Received} from the new place, {moved.Received} to it");
        await Node.OffloadedAsync(2);
        Assert.Contains("6100", Node.Rows);
    }

    private long SentBy(string device) => long.Parse(
        ChildProcess.Run("ip", "netns", "exec", Node.Lab.Node.Name, "cat", $"/sys/class/net/{device}/statistics/tx_packets"), CultureInfo.InvariantCulture);
}
