using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent;

namespace RtpCluster.Unit.NodeAgent;

/// <summary>A node with a media process of its own in a directory of its own, on both loopback addresses.</summary>
internal sealed class MediaNodeHarness : IAsyncDisposable
{
    public static readonly IpAddress V4 = IpAddress.Parse("127.0.0.1");
    public static readonly IpAddress V6 = IpAddress.Parse("::1");

    private readonly List<UdpClient> _clients = [];

    private MediaNodeHarness(NodeAgentOptions options, MediaNode node)
    {
        Options = options;
        Node = node;
    }

    public NodeAgentOptions Options { get; }

    public MediaNode Node { get; private set; }

    public static async Task<MediaNodeHarness> StartAsync(string tier, Func<NodeAgentOptions, NodeAgentOptions>? change = null)
    {
        var options = new NodeAgentOptions
        {
            Interfaces = [new("default", V4, V4), new("default", V6, V6)],
            StateDirectory = Directory.CreateTempSubdirectory("rtpcluster-").FullName,
            PortMin = 20000,
            PortMax = 29999,
            PacketTier = tier,
            Reactors = 2,
            PinReactors = false,
            MediaCommand = [Path.Combine(AppContext.BaseDirectory, "RtpCluster.Unit.NodeAgent"), "media"],
        };
        options = change?.Invoke(options) ?? options;
        return new MediaNodeHarness(options, await MediaNode.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
    }

    /// <summary>Ends the control side only and starts it again, as after a crash.</summary>
    public async Task RestartControlAsync(Func<Task>? between = null)
    {
        await Node.AbandonAsync();
        if (between is not null)
        {
            await between();
        }

        Node = await MediaNode.StartAsync(Options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
    }

    /// <summary>Kills the media process and waits until the next one has everything back; returns its totals.</summary>
    public async Task<MediaTotals> KillMediaAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        using (var media = Process.GetProcessById(Node.MediaProcessId))
        {
            media.Kill();
            await media.WaitForExitAsync(cancel);
        }

        // A request waits for the new process.
        return await Node.ReadTotalsAsync(cancel);
    }

    /// <summary>Sets up a call between two fresh remotes.</summary>
    public async Task<TestCall> CallAsync(string callId, IpAddress left, IpAddress right, Func<MediaPlan, MediaPlan>? change = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        ushort[]? ports = await Node.ReserveAsync(new CallId(callId), [new PortRequest(left, 2), new PortRequest(right, 2)], cancel);
        Assert.NotNull(ports);
        var call = new TestCall(
            Remote(left), Remote(right), new NetEndpoint(left, ports[0]), new NetEndpoint(right, ports[1]));
        call.Plan = TestPlans.TwoWay(callId, call.LeftPort, call.RightPort, EndpointOf(call.Left), EndpointOf(call.Right));
        call.Plan = change?.Invoke(call.Plan) ?? call.Plan;
        await Node.ApplyAsync(call.Plan, cancel);
        return call;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _clients.ForEach(c => c.Dispose());
        Directory.Delete(Options.StateDirectory, recursive: true);
    }

    private UdpClient Remote(IpAddress address)
    {
        var client = new UdpClient(new IPEndPoint(IPAddress.Parse(address.ToString()), 0));
        client.Client.ReceiveBufferSize = 4 * 1024 * 1024;
        _clients.Add(client);
        return client;
    }

    private static NetEndpoint EndpointOf(UdpClient client) => NetEndpoint.Parse(client.Client.LocalEndPoint!.ToString()!);
}

/// <summary>A call under test: two remotes and the two ports of ours that face them.</summary>
internal sealed class TestCall(UdpClient left, UdpClient right, NetEndpoint leftPort, NetEndpoint rightPort)
{
    public UdpClient Left { get; } = left;

    public UdpClient Right { get; } = right;

    public NetEndpoint LeftPort { get; } = leftPort;

    public NetEndpoint RightPort { get; } = rightPort;

    public MediaPlan Plan { get; set; } = null!;

    public void SendLeft(byte[] packet) => Left.Send(packet, IPEndPoint.Parse(LeftPort.ToString()));

    public void SendRight(byte[] packet) => Right.Send(packet, IPEndPoint.Parse(RightPort.ToString()));

    /// <summary>Receives one packet and says where it came from.</summary>
    public static async Task<(byte[] Packet, NetEndpoint Source)> ReceiveAsync(UdpClient client)
    {
        var result = await client.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        return (result.Buffer, NetEndpoint.Parse(result.RemoteEndPoint.ToString()));
    }

    /// <summary>Sends a packet each way and checks that it arrives, from the right port.</summary>
    public async Task TalkAsync(ushort sequence)
    {
        SendLeft(TestPlans.Rtp(sequence, ssrc: 1));
        var (packet, source) = await ReceiveAsync(Right);
        Assert.Equal(TestPlans.Rtp(sequence, ssrc: 1), packet);
        Assert.Equal(RightPort, source);

        SendRight(TestPlans.Rtp(sequence, ssrc: 2));
        (packet, source) = await ReceiveAsync(Left);
        Assert.Equal(TestPlans.Rtp(sequence, ssrc: 2), packet);
        Assert.Equal(LeftPort, source);
    }
}
