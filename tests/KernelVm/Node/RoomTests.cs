using System.Text.Json;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.KernelNode;

/// <summary>A room whose media the kernel copies.</summary>
public sealed class RoomTests
{
    private const int Publishers = 3, Subscribers = 10;

    [Fact]
    public async Task Three_publishers_reach_ten_subscribers_through_the_kernel()
    {
        await using var node = await KernelNode.StartAsync();
        var publishers = new List<RtpPeer>();
        for (int i = 0; i < Publishers; i++)
        {
            int port = 7000 + (2 * i);
            string reply = Ask(node, $$"""{"command":"publish","call-id":"room","from-tag":"p{{i}}","sdp":"{{Sdp(Lab.CallerV4, [port], "sendonly")}}"}""", "sdp");
            publishers.Add(node.Phone(callee: false, port, NgClient.PortOf(reply), (uint)(0x100 + i)));
        }

        var subscribers = new List<RtpPeer>();
        for (int i = 0; i < Subscribers; i++)
        {
            string tags = string.Join(',', Enumerable.Range(0, Publishers).Select(p => $"\"p{p}\""));
            string toTag = Ask(node, $$"""{"command":"subscribe request","call-id":"room","from-tags":[{{tags}}]}""", "to-tag");
            int[] ports = [.. Enumerable.Range(0, Publishers).Select(p => 8000 + (i * 20) + (2 * p))];
            Ask(node, $$"""{"command":"subscribe answer","call-id":"room","to-tag":"{{toTag}}","sdp":"{{Sdp(Lab.CalleeV4, ports, "recvonly")}}"}""", "result");
            subscribers.AddRange(ports.Select(port => node.Phone(callee: true, port, 9, 1)));
        }

        publishers.ForEach(p => p.Send(5));
        await node.OffloadedAsync(Publishers, rtcp: Publishers);
        await Eventually.HoldsAsync(() => publishers.TrueForAll(p => p.Idle), TimeSpan.FromSeconds(10), () => "still sending");
        var before = node.Relayed("room");
        publishers.ForEach(p => p.Send(100));
        await Eventually.HoldsAsync(() => subscribers.TrueForAll(s => s.Received == 105), TimeSpan.FromSeconds(30),
            () => string.Join(' ', subscribers.Select(s => s.Received)) + "\n" + node.Rows + node.Log);
        Assert.All(subscribers, s => Assert.Equal(0, s.Duplicates));
        var after = node.Relayed("room");
        Assert.Equal(before.Process, after.Process);
        Assert.InRange(after.Kernel - before.Kernel, 100 * Publishers, (100 * Publishers) + 20);
    }

    private static string Sdp(string address, int[] ports, string direction) =>
        $@"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
        + string.Concat(ports.Select(port => $@"m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na={direction}\r\n"));

    private static string Ask(KernelNode node, string request, string key)
    {
        string reply = node.Ng.TrySend(request) ?? "";
        using var json = JsonDocument.Parse(reply);
        Assert.True(json.RootElement.GetProperty("result").GetString() == "ok", reply);
        return json.RootElement.GetProperty(key).GetString()!;
    }
}
