using System.Net.Sockets;
using System.Text;
using RtpCluster.Control;
using RtpCluster.Ng;

namespace RtpCluster.Unit.Control.Listeners;

public class StreamListenerTests
{
    private static readonly ControlOptions Tcp = new() { ListenTcpNg = [TestServer.Loopback] };
    private static readonly ControlOptions Cli = new() { ListenCli = [TestServer.Loopback] };

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_sent_back_to_back_over_tcp_are_all_answered()
    {
        await using var server = await TestServer.StartAsync(Tcp);
        var replies = await ExchangeAsync(server, "a d7:command4:pingeb d7:command4:pinge\r\nc d7:command4:pinge");
        Assert.Equal("a d6:result4:pongeb d6:result4:pongec d6:result4:ponge", replies);
    }

    [Fact]
    public async Task A_request_in_pieces_is_put_together()
    {
        await using var server = await TestServer.StartAsync(Tcp);
        using var client = await ConnectAsync(server);
        foreach (char piece in "a d7:command4:pinge")
        {
            await client.GetStream().WriteAsync(new[] { (byte)piece }, _cancel);
        }

        var reply = new byte[18];
        await client.GetStream().ReadExactlyAsync(reply, _cancel);
        Assert.Equal("a d6:result4:ponge", Encoding.ASCII.GetString(reply));
    }

    [Fact]
    public async Task A_command_larger_than_the_first_buffer_arrives_whole()
    {
        var handler = new ScriptedHandler();
        await using var server = await TestServer.StartAsync(Tcp, handler);
        string sdp = new('x', 100_000);
        var reply = await ExchangeAsync(server, $"a d7:command5:offer3:sdp{sdp.Length}:{sdp}e");
        Assert.StartsWith("a d6:result2:ok", reply);
        Assert.Equal(sdp, Assert.Single(handler.Commands).Sdp);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("a ")]
    [InlineData("a d3:")]
    public async Task More_than_a_kilobyte_of_garbage_closes_the_connection_and_is_counted(string start)
    {
        await using var server = await TestServer.StartAsync(Tcp);
        Assert.Equal(string.Empty, await ExchangeAsync(server, start + new string('~', 1100), keepOpen: true));
        Assert.Equal(1, server.Statistics.Malformed);
    }

    [Fact]
    public async Task A_message_over_the_limit_closes_the_connection()
    {
        await using var server = await TestServer.StartAsync(Tcp with { MaxMessageBytes = 4096 });
        Assert.Equal(string.Empty, await ExchangeAsync(server, "a d3:sdp9999:" + new string('x', 5000), keepOpen: true));
    }

    [Fact]
    public async Task Connections_over_the_limit_are_closed_and_counted()
    {
        await using var server = await TestServer.StartAsync(Tcp with { MaxConnections = 1 });
        using var first = await ConnectAsync(server);
        await first.GetStream().WriteAsync("a d7:command4:pinge"u8.ToArray(), _cancel);
        await first.GetStream().ReadExactlyAsync(new byte[18], _cancel);
        using var second = await ConnectAsync(server);
        Assert.Equal(0, await second.GetStream().ReadAsync(new byte[1], _cancel));
        Assert.Equal(1, server.Statistics.RefusedConnections);
    }

    [Fact]
    public async Task A_running_request_is_answered_before_a_stop_ends()
    {
        var answer = new TaskCompletionSource<NgDictionary>();
        var started = new TaskCompletionSource();
        var handler = new ScriptedHandler(_ =>
        {
            started.SetResult();
            return new ValueTask<NgDictionary>(answer.Task);
        });
        await using var server = await TestServer.StartAsync(Tcp, handler);
        using var client = await ConnectAsync(server);
        await client.GetStream().WriteAsync("a d7:command5:offere"u8.ToArray(), _cancel);
        await started.Task;
        var stopping = server.StopAsync();
        answer.SetResult(NgReplies.Ok());
        await stopping;
        var reply = new byte[16];
        await client.GetStream().ReadExactlyAsync(reply, _cancel);
        Assert.Equal("a d6:result2:oke", Encoding.ASCII.GetString(reply));
    }

    [Theory]
    [InlineData("list numsessions\n", "ran list numsessions\n")]
    [InlineData("list numsessions\r\nmore", "ran list numsessions\n")]
    [InlineData("list numsessions", "ran list numsessions\n")]
    public async Task The_command_line_takes_a_line_answers_and_closes(string sent, string expected)
    {
        await using var server = await TestServer.StartAsync(Cli);
        Assert.Equal(expected, await ExchangeAsync(server, sent));
    }

    [Fact]
    public async Task An_endless_command_line_is_cut_off()
    {
        await using var server = await TestServer.StartAsync(Cli);
        Assert.Equal(string.Empty, await ExchangeAsync(server, new string('x', 5000), keepOpen: true));
    }

    private static async Task<TcpClient> ConnectAsync(TestServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Address);
        return client;
    }

    /// <summary>Sends, closes the sending half unless told otherwise, and reads to the end; a reset counts as an end.</summary>
    private async Task<string> ExchangeAsync(TestServer server, string request, bool keepOpen = false)
    {
        using var client = await ConnectAsync(server);
        var reply = new MemoryStream();
        try
        {
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), _cancel);
            if (!keepOpen)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await stream.CopyToAsync(reply, _cancel);
        }
        catch (IOException)
        {
            Assert.True(keepOpen);
        }

        return Encoding.Latin1.GetString(reply.ToArray());
    }
}
