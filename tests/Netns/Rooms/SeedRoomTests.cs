using System.Net;
using System.Text;
using System.Text.Json;
using RtpCluster.Contracts;
using RtpCluster.Sdp;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.Netns.Rooms;

/// <summary>The deck's "room 1": Bert publishes RTP, Ernie SRTP, three subscribers take both as RTP, as SRTP and under another payload type.</summary>
public sealed class SeedRoomTests : IAsyncLifetime
{
    private const string ErnieKey = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private readonly Lab _lab = new();
    private readonly NodeProcess _node;
    private readonly RtpPacer _pacer = new();
    private readonly List<RtpPeer> _phones = [];
    private string _transport = "";

    public SeedRoomTests() => _node = new NodeProcess(_lab, peer: false, "-L", "6", "--listen-http=127.0.0.1:2225");

    public async ValueTask InitializeAsync() => await _node.ReadyAsync();

    [Theory]
    [InlineData("http")]
    [InlineData("udp")]
    public async Task Everybody_hears_Bert_and_Ernie(string transport)
    {
        _transport = transport;
        var bert = await PublishAsync("Bert", """
            "sdp": "v=0
                    o=x 1 1 IN IP4 CALLER
                    s=-
                    c=IN IP4 CALLER
                    t=0 0
                    m=audio 49120 RTP/AVP 96 8 0
                    a=sendonly
                    a=rtpmap:96 opus/48000
                    a=rtpmap:8 PCMA/8000
                    a=rtpmap:0 PCMU/8000"
            """, 49120, ["m=audio PORT RTP/AVP 96", "c=IN IP4 NODE", "a=rtpmap:96 opus/48000", "a=recvonly", "a=rtcp:NEXT"]);
        var ernie = await PublishAsync("Ernie", $$"""
            "codec": { "accept": [ "opus", "speex", "PCMA", "PCMU" ] },
            "sdp": "v=0
            o=x 1 1 IN IP4 CALLER
            s=-
            c=IN IP4 CALLER
            t=0 0
            m=audio 49140 RTP/SAVP 8 0 96
            a=sendonly
            a=rtpmap:8 PCMA/8000
            a=rtpmap:0 PCMU/8000
            a=rtpmap:96 opus/48000
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{{ErnieKey}}
            a=crypto:2 F8_128_HMAC_SHA1_80 inline:{{ErnieKey}}"
            """, 49140, ["m=audio PORT RTP/SAVP 96", "c=IN IP4 NODE", "a=rtpmap:96 opus/48000", "a=recvonly", "a=rtcp:NEXT"],
            "a=crypto:1 AES_CM_128_HMAC_");
        ernie.UseSrtp(Keys(ErnieKey), null);

        var plain = await SubscribeAsync("RTP/AVP", 33344, 96);
        var secure = await SubscribeAsync("RTP/SAVP", 33444, 96);
        var renamed = await SubscribeAsync("RTP/AVP", 33544, 111);

        bert.Send(50);
        ernie.Send(50);
        RtpPeer[] subscribers = [.. plain, .. secure, .. renamed];
        await Eventually.HoldsAsync(() => subscribers.All(s => s.Received == 50), TimeSpan.FromSeconds(5),
            () => string.Join(", ", subscribers.Select(s => $"{s.Port}: {s.Received} of 50, {s.Refused} refused")));
        Assert.All(subscribers, s => Assert.Equal((0, 0), (s.Duplicates, s.Refused)));
        for (int i = 0; i < subscribers.Length; i++)
        {
            Assert.Equal([i % 2 == 0 ? ernie.Ssrc : bert.Ssrc], subscribers[i].SsrcsReceived);
            Assert.Equal([(byte)(i < 4 ? 96 : 111)], subscribers[i].PayloadTypesReceived);
        }
    }

    [Fact]
    public void The_browser_subscription_says_what_is_missing()
    {
        _transport = "http";
        using var reply = Request("""
            { "command": "subscribe request", "call-id": "room 1", "from-tag": "Ernie", "transport protocol": "RTP/SAVPF", "ICE": "force",
              "SDES": [ "off" ], "rtcp-mux": [ "require" ], "codec": { "transcode": [ "PCMA", "PCMU" ] } }
            """);
        Assert.Equal("error", reply.RootElement.GetProperty("result").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        _phones.ForEach(phone => phone.Dispose());
        _node.Dispose();
        _lab.Dispose();
    }

    private static SrtpKeys Keys(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        return new SrtpKeys { Suite = SrtpSuite.AesCm128HmacSha1_80, MasterKey = bytes[..16], MasterSalt = bytes[16..] };
    }

    private Task<RtpPeer> PublishAsync(string tag, string rest, int port, string[] wanted, string? wantedStart = null)
    {
        using var reply = Request($$"""{ "command": "publish", "call-id": "room 1 {{_transport}}", "from-tag": "{{tag}}", {{rest}} }""");
        string[] sdp = SdpOf(reply);
        int own = PortOf(sdp.First(line => line.StartsWith("m=", StringComparison.Ordinal)));
        Assert.Equal(wanted.Select(line => line.Replace("PORT", $"{own}").Replace("NEXT", $"{own + 1}").Replace("NODE", Lab.NodeV4)),
            sdp.SkipWhile(line => line[0] != 'm').Take(wanted.Length));
        Assert.True(wantedStart is null ? sdp[^1] == $"a=rtcp:{own + 1}" : sdp[^1].StartsWith(wantedStart, StringComparison.Ordinal), sdp[^1]);
        return Task.FromResult(Open(_lab.Caller, Lab.CallerV4, port, own, 96));
    }

    private Task<RtpPeer[]> SubscribeAsync(string protocol, int port, byte payloadType)
    {
        using var offer = Request($$"""{ "command": "subscribe request", "call-id": "room 1 {{_transport}}", "from-tags": [ "Ernie", "Bert" ], "transport protocol": "{{protocol}}" }""");
        Assert.Equal(["Ernie", "Bert"], offer.RootElement.GetProperty("from-tags").EnumerateArray().Select(e => e.GetString()));
        string toTag = offer.RootElement.GetProperty("to-tag").GetString()!;
        string[] sdp = SdpOf(offer);
        string[] medias = [.. sdp.Where(line => line.StartsWith("m=", StringComparison.Ordinal))];
        Assert.Equal(2, medias.Length);
        Assert.All(medias, m => Assert.Matches($"^m=audio [0-9]+ {protocol} 96$", m));
        Assert.Equal(2, sdp.Count(line => line == "a=sendonly"));
        Assert.Equal(2, sdp.Count(line => line == "a=rtpmap:96 opus/48000"));

        // The answerer takes the first crypto line of each media.
        string[] cryptos = [.. sdp.Where(line => line.StartsWith("a=crypto:", StringComparison.Ordinal) && line.Contains("AES_CM_128_HMAC_SHA1_80", StringComparison.Ordinal))];
        var body = new StringBuilder($"v=0\no=- 1234 1234 IN IP4 {Lab.CalleeV4}\ns=-\nt=0 0");
        for (int i = 0; i < 2; i++)
        {
            body.Append($"\nm=audio {port + (22 * i)} {protocol} {payloadType}\nc=IN IP4 {Lab.CalleeV4}\na=rtpmap:{payloadType} opus/48000\na=recvonly");
            if (cryptos.Length > 0)
            {
                Assert.True(SdpCrypto.TryParse(cryptos[i].AsSpan(9), out var crypto, out _));
                body.Append($"\na=crypto:{crypto!.Tag} AES_CM_128_HMAC_SHA1_80 inline:{ErnieKey}");
            }
        }

        using var answer = Request($$"""{ "command": "subscribe answer", "call-id": "room 1 {{_transport}}", "to-tag": "{{toTag}}", "sdp": "{{body}}" }""");
        Assert.Equal("ok", answer.RootElement.GetProperty("result").GetString());
        var phones = new RtpPeer[2];
        for (int i = 0; i < 2; i++)
        {
            phones[i] = Open(_lab.Callee, Lab.CalleeV4, port + (22 * i), PortOf(medias[i]), payloadType);
            if (cryptos.Length > 0 && SdpCrypto.TryParse(cryptos[i].AsSpan(9), out var crypto, out _))
            {
                phones[i].UseSrtp(null, crypto!.Keys);
            }
        }

        return Task.FromResult(phones);
    }

    private RtpPeer Open(NetworkNamespace host, string address, int port, int remotePort, byte payloadType)
    {
        var phone = RtpPeer.Open(host, IPAddress.Parse(address), port, (uint)(100 + _phones.Count), payloadType);
        phone.Remote = new IPEndPoint(IPAddress.Parse(Lab.NodeV4), remotePort);
        _phones.Add(phone);
        _pacer.Add(phone);
        return phone;
    }

    private JsonDocument Request(string json)
    {
        json = json.Replace("CALLER", Lab.CallerV4, StringComparison.Ordinal);
        string reply = _transport == "http"
            ? _lab.Node.Curl("-H", "Content-Type: application/json", "--data-binary", json, "http://127.0.0.1:2225/ng-plain")
            : _node.Ng.TrySend(json) ?? "";
        try
        {
            return JsonDocument.Parse(reply);
        }
        catch (JsonException e)
        {
            throw new FormatException($"no JSON in reply '{reply}' to {json}", e);
        }
    }

    private static string[] SdpOf(JsonDocument reply)
    {
        Assert.True(reply.RootElement.GetProperty("result").GetString() == "ok", reply.RootElement.ToString());
        return reply.RootElement.GetProperty("sdp").GetString()!.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private static int PortOf(string line) => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
