using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Contracts;
using RtpCluster.Control;
using RtpCluster.Control.Http;
using RtpCluster.Control.Listeners;
using RtpCluster.Ng;

namespace RtpCluster.Unit.Control;

/// <summary>A control server on loopback ports that the system chooses.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public static readonly NetEndpoint Loopback = NetEndpoint.Parse("127.0.0.1:0");

    private readonly ControlServer _server;

    private TestServer(ControlServer server) => _server = server;

    public ControlStatistics Statistics => _server.Statistics;

    public int Port => _server.Listeners[0] switch
    {
        UdpNgListener udp => udp.LocalEndPoint.Port,
        StreamListener stream => stream.LocalEndPoint.Port,
        HttpListenerHost http => http.Port,
        _ => throw new InvalidOperationException(),
    };

    public IPEndPoint Address => new(IPAddress.Loopback, Port);

    public static async Task<TestServer> StartAsync(ControlOptions options, INgHandler? handler = null)
    {
        var server = new ControlServer(options, handler ?? new ScriptedHandler(), new EchoCli(), () => "rtpengine_sessions 0\n", NullLoggerFactory.Instance);
        await server.StartAsync();
        return new TestServer(server);
    }

    public Task StopAsync() => _server.StopAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
