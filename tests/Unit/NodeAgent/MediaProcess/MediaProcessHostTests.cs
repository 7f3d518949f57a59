using System.Net;
using System.Net.Sockets;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.MediaProcess;
using RtpCluster.NodeAgent.Supervision;

namespace RtpCluster.Unit.NodeAgent.MediaProcess;

/// <summary>The media process, run in the test's own process on a socket of its own.</summary>
public sealed class MediaProcessHostTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rtpcluster-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_controller_and_calls_it_ends_by_itself() => await Start(orphanSeconds: 1);

    [Fact]
    public async Task A_new_controller_replaces_the_old_one_and_says_so()
    {
        var host = Start(orphanSeconds: 3600);
        using var first = await ConnectAsync();
        await HelloAsync(first, Protocol.Version);

        using var second = await ConnectAsync();
        await HelloAsync(second, Protocol.Version);
        await first.Ended;

        Assert.True(first.WasReplaced);
        Assert.False(second.WasReplaced);
        await ShutdownAsync(second, host);
    }

    [Fact]
    public async Task Another_protocol_version_is_refused()
    {
        var host = Start(orphanSeconds: 3600);
        using var link = await ConnectAsync();

        var error = await Assert.ThrowsAsync<MediaNodeException>(() => HelloAsync(link, Protocol.Version + 1));

        Assert.Contains("protocol", error.Message, StringComparison.Ordinal);
        await ShutdownAsync(link, host);
    }

    [Fact]
    public async Task Ports_that_another_program_has_are_named_and_the_others_are_held_until_dropped()
    {
        var host = Start(orphanSeconds: 3600);
        using var link = await ConnectAsync();
        using var foreign = Bind(0);
        var taken = EndpointOf(foreign);
        var free = FreePort();

        var refused = await HoldAsync(link, free, taken);

        Assert.Equal([taken], refused.Refused);
        Assert.Throws<SocketException>(() => Bind(free.Port));
        await DropAsync(link, free);
        Bind(free.Port).Dispose();
        await ShutdownAsync(link, host);
    }

    [Fact]
    public async Task Held_ports_of_a_controller_that_is_gone_are_given_up()
    {
        var host = Start(orphanSeconds: 3600);
        using var first = await ConnectAsync();
        await HelloAsync(first, Protocol.Version);
        var port = FreePort();
        Assert.Empty((await HoldAsync(first, port)).Refused);

        using var second = await ConnectAsync();
        await HelloAsync(second, Protocol.Version);

        Bind(port.Port).Dispose();
        await ShutdownAsync(second, host);
    }

    [Fact]
    public async Task A_second_process_on_the_same_socket_is_refused()
    {
        var host = Start(orphanSeconds: 3600);
        using var link = await ConnectAsync();
        await HelloAsync(link, Protocol.Version);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Start(orphanSeconds: 3600));

        await HelloAsync(link, Protocol.Version);
        Assert.False(link.WasReplaced);
        await ShutdownAsync(link, host);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task Start(int orphanSeconds)
    {
        var options = new MediaProcessOptions
        {
            SocketPath = Path.Combine(_directory, "media.sock"),
            Addresses = [MediaNodeHarness.V4],
            Tier = "sockets",
            Reactors = 1,
            PinReactors = false,
            OrphanSeconds = orphanSeconds,
        };
        return Task.Factory.StartNew(
            () => MediaProcessHost.Run(options, TestContext.Current.CancellationToken), Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private async Task<MediaLink> ConnectAsync()
    {
        while (true)
        {
            if (MediaLink.TryConnect(Path.Combine(_directory, "media.sock"), _ => { }) is { } link)
            {
                return link;
            }

            await Task.Delay(5, Cancel);
        }
    }

    private static Task<HelloReply> HelloAsync(MediaLink link, int version) =>
        link.RequestAsync(MessageKind.Hello, new HelloRequest(version), Protocol.Default.HelloRequest, Protocol.Default.HelloReply);

    private static Task<HoldReply> HoldAsync(MediaLink link, params NetEndpoint[] ports) =>
        link.RequestAsync(MessageKind.Hold, new PortsRequest(ports), Protocol.Default.PortsRequest, Protocol.Default.HoldReply);

    private static Task<HoldReply> DropAsync(MediaLink link, params NetEndpoint[] ports) =>
        link.RequestAsync(MessageKind.Drop, new PortsRequest(ports), Protocol.Default.PortsRequest, Protocol.Default.HoldReply);

    private static UdpClient Bind(int port) => new(new IPEndPoint(IPAddress.Loopback, port));

    private static NetEndpoint EndpointOf(UdpClient client) => NetEndpoint.Parse(client.Client.LocalEndPoint!.ToString()!);

    private static NetEndpoint FreePort()
    {
        using var client = Bind(0);
        return EndpointOf(client);
    }

    private static async Task ShutdownAsync(MediaLink link, Task host)
    {
        await link.RequestAsync<ErrorReply, ErrorReply>(MessageKind.Shutdown, null, null, null);
        await host;
    }
}
