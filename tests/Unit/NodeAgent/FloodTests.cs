using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.NodeAgent;

/// <summary>A short flood on one port: the others lose nothing, and the flooded one is back at once.</summary>
public class FloodTests
{
    private const int FloodPackets = 100_000;
    private const int CallPackets = 100;

    [Theory]
    [InlineData("sockets")]
    [InlineData("sk_lookup")]
    public async Task A_flood_on_one_port_harms_no_other_call_and_the_port_recovers(string tier)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var harness = await MediaNodeHarness.StartAsync(tier);
        var victim = await harness.CallAsync("victim", MediaNodeHarness.V4, MediaNodeHarness.V4);
        var other = await harness.CallAsync("other", MediaNodeHarness.V4, MediaNodeHarness.V4);
        await victim.TalkAsync(1);
        await other.TalkAsync(1);

        using var done = new CancellationTokenSource();
        var flood = Task.Factory.StartNew(() => Flood(victim.LeftPort, done.Token), TaskCreationOptions.LongRunning);
        for (ushort i = 2; i < CallPackets; i++)
        {
            await other.TalkAsync(i);
        }

        await done.CancelAsync();
        await flood;

        var totals = await harness.Node.ReadTotalsAsync(cancel);
        Assert.True(totals.Drops.GetValueOrDefault("RateLimited") > 0, "the flood was not limited");
        await RecoverAsync(victim);
    }

    private static void Flood(NetEndpoint port, CancellationToken done)
    {
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(IPEndPoint.Parse(port.ToString()));
        byte[] packet = TestPlans.Rtp(1, ssrc: 99);
        var limit = Stopwatch.StartNew();
        for (int i = 0; i < FloodPackets || !done.IsCancellationRequested; i++)
        {
            sender.Send(packet);
            if (limit.ElapsedMilliseconds > 500)
            {
                return;
            }
        }
    }

    /// <summary>Sends until one comes through; muted for good would end in the time limit.</summary>
    private static async Task RecoverAsync(TestCall call)
    {
        while (true)
        {
            call.SendRight(TestPlans.Rtp(500, ssrc: 2));
            call.SendLeft(TestPlans.Rtp(500, ssrc: 1));
            for (int i = 0; i < 5000; i++)
            {
                var (packet, _) = await TestCall.ReceiveAsync(call.Right);
                if (packet[11] == 1)
                {
                    return;
                }

                if (call.Right.Available == 0)
                {
                    break;
                }
            }
        }
    }
}
