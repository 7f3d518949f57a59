using System.Net;
using System.Net.Http.Headers;
using System.Text;
using RtpCluster.Contracts;
using RtpCluster.Control;

namespace RtpCluster.Unit.Control.Http;

public sealed class HttpTests : IAsyncLifetime
{
    private const string NgType = "application/x-rtpengine-ng";

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly ScriptedHandler _handler = new();
    private TestServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(new ControlOptions { ListenHttp = [TestServer.Loopback], MaxMessageBytes = 10_000 }, _handler);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Port}") };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/ping", null, "", 200, "text/plain", "pong\n")]
    [InlineData("GET", "/metrics", null, "", 200, "text/plain", "rtpengine_sessions 0\n")]
    [InlineData("GET", "/cli/list+numsessions", null, "", 200, "text/plain", "ran list numsessions\n")]
    [InlineData("GET", "/cli/list/sessions/room%201", null, "", 200, "text/plain", "ran list sessions room 1\n")]
    [InlineData("POST", "/cli", "text/plain", "list totals\n", 200, "text/plain", "ran list totals\n")]
    [InlineData("POST", "/ng", NgType, "c1 d7:command4:pinge", 200, NgType, "c1 d6:result4:ponge")]
    [InlineData("POST", "/ng-plain", NgType, "d7:command4:pinge", 200, NgType, "d6:result4:ponge")]
    [InlineData("POST", "/ng-plain", "application/json", "{\"command\":\"ping\"}", 200, "application/json", "{\"result\":\"pong\"}")]
    [InlineData("POST", "/ng-plain", "application/json; charset=utf-8", "[]", 200, "application/json", "d6:result5:error12:error-reason22:Invalid NG data formate")]
    [InlineData("POST", "/ng", NgType, "nocookie", 600, "text/plain", "error\n")]
    [InlineData("POST", "/ng", "application/json", "c1 {}", 404, "text/plain", "not found\n")]
    [InlineData("POST", "/ping", "text/plain", "x", 404, "text/plain", "not found\n")]
    [InlineData("GET", "/demo", null, "", 404, "text/plain", "not found\n")]
    [InlineData("GET", "/", null, "", 404, "text/plain", "not found\n")]
    [InlineData("POST", "/janus", "application/json", "{}", 404, "text/plain", "not found\n")]
    [InlineData("POST", "/ng-plain", null, "{}", 600, "text/plain", "error\n")]
    [InlineData("OPTIONS", "/anything", null, "", 200, "text/plain", "")]
    public async Task Every_path_answers_as_the_table_says(
        string method, string path, string? type, string body, int status, string replyType, string reply)
    {
        var response = await SendAsync(method, path, type, body);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(replyType, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(reply, await response.Content.ReadAsStringAsync(_cancel));
    }

    [Fact]
    public async Task Both_wildcard_addresses_share_a_port()
    {
        await using var v4 = await TestServer.StartAsync(new ControlOptions { ListenHttp = [NetEndpoint.Parse("0.0.0.0:0")] }, _handler);
        await using var v6 = await TestServer.StartAsync(new ControlOptions { ListenHttp = [NetEndpoint.Parse($"[::]:{v4.Port}")] }, _handler);
        Assert.Equal("pong\n", await _client.GetStringAsync(new Uri($"http://[::1]:{v6.Port}/ping"), _cancel));
    }

    [Fact]
    public async Task Options_allow_every_origin()
    {
        var response = await SendAsync("OPTIONS", "/ng", null, string.Empty);
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Text_of_any_language_passes_through_json_as_it_came()
    {
        var response = await SendAsync("POST", "/ng-plain", "application/json", "{\"command\":\"query\",\"call-id\":\"Grüße ☎ 電話\"}");
        Assert.Equal("{\"result\":\"ok\",\"call-id\":\"Grüße ☎ 電話\"}", await response.Content.ReadAsStringAsync(_cancel));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var response = await SendAsync("POST", "/ng-plain", "application/json", new string(' ', 10_001));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_retry_over_http_is_answered_from_the_cookie_cache()
    {
        for (int i = 0; i < 2; i++)
        {
            var response = await SendAsync("POST", "/ng", NgType, "same d7:command5:offere");
            Assert.StartsWith("same d6:result2:ok", await response.Content.ReadAsStringAsync(_cancel));
        }

        Assert.Single(_handler.Commands);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? type, string body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }

        return _client.SendAsync(request, _cancel);
    }
}
