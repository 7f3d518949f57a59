using System.Net;
using RtpCluster.Control;

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
}
