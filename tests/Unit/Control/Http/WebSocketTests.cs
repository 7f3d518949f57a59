using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RtpCluster.Control;

namespace RtpCluster.Unit.Control.Http;

public class WebSocketTests
{
    private static readonly ControlOptions Http = new() { ListenHttp = [TestServer.Loopback], MaxMessageBytes = 10_000 };

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ng.rtpengine.com", "c d7:command4:pinge", "c d6:result4:ponge")]
    [InlineData("ng.rtpengine.com", "c {\"command\":\"ping\"}", "c {\"result\":\"pong\"}")]
    [InlineData("ng-plain.rtpengine.com", "{\"command\":\"ping\"}", "{\"result\":\"pong\"}")]
    [InlineData("cli.rtpengine.com", "list totals", "ran list totals\n")]
    [InlineData("echo.rtpengine.com", "hello", "hello")]
    public async Task Every_subprotocol_answers_text_with_text_and_binary_with_binary(string protocol, string request, string reply)
    {
        await using var server = await TestServer.StartAsync(Http);
        using var socket = await ConnectAsync($"ws://127.0.0.1:{server.Port}/", protocol);
        Assert.Equal(protocol, socket.SubProtocol);
        foreach (var type in (WebSocketMessageType[])[WebSocketMessageType.Text, WebSocketMessageType.Binary])
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(request), type, true, _cancel);
            var buffer = new byte[200];
            var result = await socket.ReceiveAsync(buffer, _cancel);
            Assert.Equal(type, result.MessageType);
            Assert.Equal(reply, Encoding.UTF8.GetString(buffer, 0, result.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, _cancel);
    }

    [Fact]
    public async Task An_unknown_subprotocol_is_not_found()
    {
        await using var server = await TestServer.StartAsync(Http);
        var error = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync($"ws://127.0.0.1:{server.Port}/", "janus-protocol"));
        Assert.Contains("404", error.Message);
    }

    [Fact]
    public async Task A_message_over_the_limit_ends_the_session_with_its_reason()
    {
        await using var server = await TestServer.StartAsync(Http);
        using var socket = await ConnectAsync($"ws://127.0.0.1:{server.Port}/", "echo.rtpengine.com");
        await socket.SendAsync(new byte[20_000], WebSocketMessageType.Binary, true, _cancel);
        var result = await socket.ReceiveAsync(new byte[10], _cancel);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, result.CloseStatus);
    }

    [Fact]
    public async Task A_stop_ends_idle_sessions_with_a_close_frame()
    {
        await using var server = await TestServer.StartAsync(Http);
        using var socket = await ConnectAsync($"ws://127.0.0.1:{server.Port}/", "ng.rtpengine.com");
        var stopping = server.StopAsync();
        var result = await socket.ReceiveAsync(new byte[10], _cancel);
        Assert.Equal(WebSocketMessageType.Close, result.MessageType);
        await stopping;
    }

    [Fact]
    public async Task The_same_works_over_tls()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var (cert, key) = WriteCertificate(directory.FullName);
            var options = new ControlOptions { ListenHttps = [TestServer.Loopback], HttpsCert = cert, HttpsKey = key };
            await using var server = await TestServer.StartAsync(options);
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
            using var client = new HttpClient(handler);
            Assert.Equal("pong\n", await client.GetStringAsync($"https://127.0.0.1:{server.Port}/ping", _cancel));
            using var socket = await ConnectAsync($"wss://127.0.0.1:{server.Port}/", "ng.rtpengine.com");
            Assert.Equal(WebSocketState.Open, socket.State);
        }
        finally
        {
            directory.Delete(true);
        }
    }

    [Fact]
    public async Task A_missing_certificate_is_named()
    {
        var options = new ControlOptions { ListenHttps = [TestServer.Loopback], HttpsCert = "/nowhere/cert.pem" };
        var error = await Assert.ThrowsAsync<ListenException>(() => TestServer.StartAsync(options));
        Assert.StartsWith("listen-https=127.0.0.1:0: cannot listen: ", error.Message);
        Assert.EndsWith("check https-cert and https-key", error.Message);
    }

    private static (string Cert, string Key) WriteCertificate(string directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        string certFile = Path.Combine(directory, "cert.pem");
        string keyFile = Path.Combine(directory, "key.pem");
        File.WriteAllText(certFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certFile, keyFile);
    }

    private async Task<ClientWebSocket> ConnectAsync(string url, string protocol)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        // The test's own certificate is the only one there is.
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=test";
        await socket.ConnectAsync(new Uri(url), _cancel);
        return socket;
    }
}
