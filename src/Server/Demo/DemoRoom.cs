using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RtpCluster.Sdp;

namespace RtpCluster.Server.Demo;

/// <summary>"room 1": Bert and Ernie publish, three listeners subscribe to both.</summary>
internal sealed class DemoRoom(DemoNg ng, IPAddress address) : IDisposable
{
    private readonly string _callId = $"room 1 demo {Environment.ProcessId}";

    /// <summary>Who speaks.</summary>
    public List<DemoPhone> Publishers { get; } = [];

    /// <summary>One row per subscriber and publisher, in that order.</summary>
    public List<DemoPhone> Listeners { get; } = [];

    /// <summary>Sets the room up.</summary>
    public async Task OpenAsync()
    {
        await PublishAsync("Bert", 110).ConfigureAwait(false);
        await PublishAsync("Ernie", 180).ConfigureAwait(false);
        foreach (string name in new[] { "Kermit", "Piggy", "Grover" })
        {
            await SubscribeAsync(name).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the call.</summary>
    public Task CloseAsync() => ng.SendAsync(new JsonObject { ["command"] = "delete", ["call-id"] = _callId, ["delete delay"] = 0 });

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var phone in Publishers.Concat(Listeners))
        {
            phone.Dispose();
        }
    }

    private async Task PublishAsync(string name, double pitch)
    {
        var phone = new DemoPhone(name, address, new SyntheticSpeech(pitch));
        Publishers.Add(phone);
        var reply = await ng.SendAsync(new JsonObject
        {
            ["command"] = "publish",
            ["call-id"] = _callId,
            ["from-tag"] = name,
            ["sdp"] = Body([phone], "sendonly"),
        }).ConfigureAwait(false);
        phone.Node = Medias(reply)[0];
    }

    private async Task SubscribeAsync(string name)
    {
        var offer = await ng.SendAsync(new JsonObject
        {
            ["command"] = "subscribe request",
            ["call-id"] = _callId,
            ["transport protocol"] = "RTP/AVP",
            ["from-tags"] = new JsonArray([.. Publishers.Select(p => (JsonNode)p.Name)]),
        }).ConfigureAwait(false);
        var medias = Medias(offer);
        DemoPhone[] phones = [.. Publishers.Select(publisher => new DemoPhone($"{publisher.Name} > {name}", address))];
        for (int i = 0; i < phones.Length; i++)
        {
            phones[i].Node = medias[i];
        }

        Listeners.AddRange(phones);
        await ng.SendAsync(new JsonObject
        {
            ["command"] = "subscribe answer",
            ["call-id"] = _callId,
            ["to-tag"] = (string?)offer["to-tag"],
            ["sdp"] = Body(phones, "recvonly"),
        }).ConfigureAwait(false);
    }

    private string Body(DemoPhone[] phones, string direction)
    {
        string family = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IP6" : "IP4";
        var body = new StringBuilder($"v=0\r\no=demo 1 1 IN {family} {address}\r\ns=-\r\nc=IN {family} {address}\r\nt=0 0\r\n");
        foreach (var phone in phones)
        {
            body.Append($"m=audio {phone.Port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na={direction}\r\n");
        }

        return body.ToString();
    }

    private static List<IPEndPoint> Medias(JsonObject reply)
    {
        if (!SdpParser.TryParse((string?)reply["sdp"] ?? "", strict: true, out var sessions, out string error))
        {
            throw new DemoException($"the node answered {reply.ToJsonString()}: {error}");
        }

        return [.. sessions[0].Medias.Select(media =>
            new IPEndPoint(IPAddress.Parse((media.Connection ?? sessions[0].Connection!).Parsed.ToString()), media.Port))];
    }
}
