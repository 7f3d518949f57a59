using RtpCluster.Contracts;

namespace RtpCluster.KernelNode;

/// <summary>What the kernel tells of by itself reaches the operator.</summary>
public sealed class EventTests(KernelNode node) : KernelNodeTest(node)
{
    [Fact]
    public async Task Packets_that_fail_authentication_are_counted_and_told_of()
    {
        var call = await OffloadAsync("forged");
        long before = Node.Events("AuthFailed");
        call.Caller.UseSrtp(new SrtpKeys { Suite = SrtpSuite.AesCm128HmacSha1_80, MasterKey = new byte[16], MasterSalt = new byte[14] }, null);
        call.Caller.Send(20);
        await Node.HoldsAsync(() => Node.Events("AuthFailed") == before + 20, () => $"{Node.Events("AuthFailed") - before} are counted");
        Assert.Contains("packets of SSRC aaaa0001 from 198.51.100.10:6000 failed SRTP authentication", Node.Log);
        Assert.Equal(10, call.Callee.Received);
    }

    [Fact]
    public async Task Another_SSRC_is_in_the_statistics_at_once()
    {
        var call = await OffloadAsync("speaker");
        long before = Node.Events("NewSsrc");
        call.Caller.Ssrc = 0xcccc0003;
        call.Caller.Send(5);
        await Node.HoldsAsync(() => Node.Events("NewSsrc") > before, "no event");
        await Node.ArrivedAsync((call.Caller, call.Callee));
        Assert.Contains("3435921411", Node.Ng.TrySend("""{"command":"query","call-id":"speaker"}"""));
    }

    [Fact]
    public async Task A_stranger_who_sends_to_a_strict_port_is_told_of()
    {
        var (caller, callee) = Node.PlainCall("strict", "strict-source");
        caller.Send(10);
        callee.Send(10);
        await Node.ArrivedAsync((caller, callee), (callee, caller));
        await Node.OffloadedAsync(2);
        long before = Node.Events("SourceChanged");
        var stranger = Node.Phone(callee: false, 6100, caller.Remote!.Port, ssrc: 7);
        stranger.Send(10);

        // His reports are counted too.
        await Node.HoldsAsync(() => Node.Events("SourceChanged") >= before + 10, () => $"{Node.Events("SourceChanged") - before} are counted");
        Assert.Contains("which is not where they are expected from", Node.Log);
        Assert.Equal(10, callee.Received);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_told_of_while_its_call_goes_on()
    {
        Node.Ctl("set", "timeout", "3");
        try
        {
            var (caller, callee) = Node.PlainCall("silent");
            caller.Send(10);
            callee.Send(1000);
            await Node.OffloadedAsync(2);
            long before = Node.Events("Idle");
            await Node.HoldsAsync(() => Node.Events("Idle") > before, "no event");
            Assert.False(callee.Idle);
            Assert.Equal(2, Node.MediaRows);
        }
        finally
        {
            Node.Ctl("set", "timeout", "60");
        }
    }
}
