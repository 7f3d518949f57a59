using System.Net;
using System.Net.WebSockets;
using System.Text;
using RtpCluster.Control;
using RtpCluster.Ng;

namespace RtpCluster.Unit.Control.Http;

public sealed class DemoPageTests
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_may_run_its_own_script_and_talk_to_its_own_node_only()
    {
        await using var server = await TestServer.StartAsync(new ControlOptions { ListenHttp = [TestServer.Loopback], DemoPage = true });
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };

        using var response = await client.GetAsync(new Uri("/demo", UriKind.Relative), _cancel);
        string page = await response.Content.ReadAsStringAsync(_cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Matches("^default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; style-src 'sha256-[A-Za-z0-9+/]{43}='; connect-src 'self'; ", policy);
        Assert.DoesNotContain("://", page.Replace("://${location.host}/", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_page_bequeaths_is_done_when_its_connection_ends(bool says)
    {
        var handler = new ScriptedHandler();
        await using var server = await TestServer.StartAsync(new ControlOptions { ListenHttp = [TestServer.Loopback], DemoPage = true }, handler);
        using var page = await ConnectAsync(server);
        await SendAsync(page, Will("forgotten"));
        await SendAsync(page, Will("bert>ernie") + "\n{\"command\":\"delete\",\"call-id\":\"room\",\"from-tag\":\"bert\"}");
        await SendAsync(page, "1 {\"command\":\"query\",\"call-id\":\"room\"}");
        var reply = await page.ReceiveAsync(new byte[1000], _cancel);
        Assert.True(reply.EndOfMessage);
        Assert.Equal([NgVerb.Query], Verbs(handler));

        if (says)
        {
            await page.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _cancel);
        }
        else
        {
            page.Abort();
        }

        while (handler.Commands.Count < 3)
        {
            _cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal([NgVerb.Query, NgVerb.Unsubscribe, NgVerb.Delete], Verbs(handler));
        Assert.Equal("bert>ernie", handler.Commands.ElementAt(1).ToTag);
    }

    [Fact]
    public async Task A_node_that_stops_ends_nobodys_calls()
    {
        var handler = new ScriptedHandler();
        await using var server = await TestServer.StartAsync(new ControlOptions { ListenHttp = [TestServer.Loopback], DemoPage = true }, handler);
        using var page = await ConnectAsync(server);
        await SendAsync(page, Will("bert>ernie"));
        await SendAsync(page, "1 {\"command\":\"query\",\"call-id\":\"room\"}");
        await page.ReceiveAsync(new byte[1000], _cancel);

        await server.StopAsync();

        Assert.Equal([NgVerb.Query], Verbs(handler));
    }

    [Fact]
    public async Task Without_the_page_there_are_no_such_connections()
    {
        await using var server = await TestServer.StartAsync(new ControlOptions { ListenHttp = [TestServer.Loopback] });
        var error = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(server));
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
    }

    private static string Will(string tag) => $"when-gone\n{{\"command\":\"unsubscribe\",\"call-id\":\"room\",\"to-tag\":\"{tag}\"}}";

    private static IEnumerable<NgVerb> Verbs(ScriptedHandler handler) => handler.Commands.Select(c => c.Verb);

    private Task SendAsync(ClientWebSocket page, string message) =>
        page.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, _cancel);

    private async Task<ClientWebSocket> ConnectAsync(TestServer server)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("demo.rtpcluster");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/"), _cancel);
        return socket;
    }
}
