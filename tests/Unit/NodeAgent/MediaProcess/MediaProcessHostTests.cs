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
    public async Task Binding_is_all_or_nothing_and_names_the_refused_port()
    {
        var host = Start(orphanSeconds: 3600);
        using var link = await ConnectAsync();
        using var foreign = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var taken = NetEndpoint.Parse(foreign.Client.LocalEndPoint!.ToString()!);
        using var other = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var free = NetEndpoint.Parse(other.Client.LocalEndPoint!.ToString()!);
        other.Close();

        var refused = await BindAsync(link, "c", free, taken);
        var hello = await HelloAsync(link, Protocol.Version);

        Assert.Equal([taken], refused.Refused);
        Assert.Empty(hello.Calls);
        Assert.Empty((await BindAsync(link, "c", free)).Refused);
        Assert.Equal([free], (await HelloAsync(link, Protocol.Version)).Calls.Single().Ports);
        await ShutdownAsync(link, host);
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

    private static Task<BindReply> BindAsync(MediaLink link, string callId, params NetEndpoint[] ports) =>
        link.RequestAsync(MessageKind.Bind, new PortsRequest(new CallId(callId), ports), Protocol.Default.PortsRequest, Protocol.Default.BindReply);

    private static async Task ShutdownAsync(MediaLink link, Task host)
    {
        await link.RequestAsync<ErrorReply, ErrorReply>(MessageKind.Shutdown, null, null, null);
        await host;
    }
}
