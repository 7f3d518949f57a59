using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Contracts;
using RtpCluster.Control;
using RtpCluster.Control.Listeners;
using RtpCluster.Ng;

namespace RtpCluster.Unit.Control.Listeners;

public sealed class UdpNgListenerTests : IAsyncDisposable
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly List<ControlServer> _servers = [];

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1")]
    [InlineData("0.0.0.0:0", "127.0.0.2")]
    [InlineData("[::]:0", "::1")]
    public async Task A_reply_comes_from_the_address_that_was_asked(string listen, string ask)
    {
        var (server, port) = await StartAsync(new ScriptedHandler(), listen);
        // A connected socket takes datagrams of that address only.
        using var client = new UdpClient(ask, port);
        await client.SendAsync(Encoding.ASCII.GetBytes("5_1_1 d7:command4:pinge"), _cancel);
        var reply = await client.ReceiveAsync(_cancel);
        Assert.Equal("5_1_1 d6:result4:ponge", Encoding.ASCII.GetString(reply.Buffer));
        Assert.Equal(1, Assert.Single(Assert.Single(server.Statistics.Clients()).Verbs).Count);
    }

    [Fact]
    public async Task A_retry_of_a_running_command_never_runs_twice_and_both_get_the_answer()
    {
        var answer = new TaskCompletionSource<NgDictionary>();
        var handler = new ScriptedHandler(_ => new ValueTask<NgDictionary>(answer.Task));
        var (server, port) = await StartAsync(handler, "127.0.0.1:0");
        using var client = new UdpClient("127.0.0.1", port);
        var offer = Encoding.ASCII.GetBytes("c1 d7:command5:offer7:call-id1:xe");
        await client.SendAsync(offer, _cancel);
        await client.SendAsync(offer, _cancel);
        // The listener takes datagrams in order: once this is answered, both offers have been seen.
        await client.SendAsync(Encoding.ASCII.GetBytes("c2 d7:command4:pinge"), _cancel);
        Assert.StartsWith("c2 ", Encoding.ASCII.GetString((await client.ReceiveAsync(_cancel)).Buffer));
        answer.SetResult(NgReplies.Ok());
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("c1 d6:result2:oke", Encoding.ASCII.GetString((await client.ReceiveAsync(_cancel)).Buffer));
        }

        Assert.Single(handler.Commands);
        Assert.Equal(1, server.Statistics.Duplicates);
    }

    [Fact]
    public async Task A_datagram_without_cookie_is_dropped_and_counted_and_the_next_is_served()
    {
        var (server, port) = await StartAsync(new ScriptedHandler(), "127.0.0.1:0");
        using var client = new UdpClient("127.0.0.1", port);
        await client.SendAsync(Encoding.ASCII.GetBytes("d7:command4:pinge"), _cancel);
        await client.SendAsync(Encoding.ASCII.GetBytes("c {\"command\":\"ping\"}"), _cancel);
        Assert.Equal("c {\"result\":\"pong\"}", Encoding.ASCII.GetString((await client.ReceiveAsync(_cancel)).Buffer));
        Assert.Equal(1, server.Statistics.Malformed);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_its_option_and_a_remedy()
    {
        var (_, port) = await StartAsync(new ScriptedHandler(), "127.0.0.1:0");
        var error = await Assert.ThrowsAsync<ListenException>(() => StartAsync(new ScriptedHandler(), $"127.0.0.1:{port}"));
        Assert.Equal($"listen-ng=127.0.0.1:{port}: cannot listen: another process uses it; stop that one or choose another port", error.Message);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task<(ControlServer Server, int Port)> StartAsync(INgHandler handler, string listen)
    {
        var options = new ControlOptions { ListenNg = [NetEndpoint.Parse(listen)] };
        var server = new ControlServer(options, handler, new EchoCli(), () => string.Empty, NullLoggerFactory.Instance);
        _servers.Add(server);
        await server.StartAsync();
        return (server, ((UdpNgListener)server.Listeners[0]).LocalEndPoint.Port);
    }
}
