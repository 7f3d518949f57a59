using System.Text.Json;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.KernelNode;

/// <summary>A room whose media the kernel copies.</summary>
public sealed class RoomTests(KernelNode node) : KernelNodeTest(node)
{
    private const int Publishers = 3, Subscribers = 10;

    [Fact]
    public async Task Three_publishers_reach_ten_subscribers_through_the_kernel()
    {
        var publishers = new List<RtpPeer>();
        for (int i = 0; i < Publishers; i++)
        {
            int port = 7000 + (2 * i);
            string reply = Ask($$"""{"command":"publish","call-id":"room","from-tag":"p{{i}}","sdp":"{{Sdp(Lab.CallerV4, [port], "sendonly")}}"}""", "sdp");
            publishers.Add(Node.Phone(callee: false, port, NgClient.PortOf(reply), (uint)(0x100 + i)));
        }

        var subscribers = new List<RtpPeer>();
        for (int i = 0; i < Subscribers; i++)
        {
            string tags = string.Join(',', Enumerable.Range(0, Publishers).Select(p => $"\"p{p}\""));
            string toTag = Ask($$"""{"command":"subscribe request","call-id":"room","from-tags":[{{tags}}]}""", "to-tag");
            int[] ports = [.. Enumerable.Range(0, Publishers).Select(p => 8000 + (i * 20) + (2 * p))];
            Ask($$"""{"command":"subscribe answer","call-id":"room","to-tag":"{{toTag}}","sdp":"{{Sdp(Lab.CalleeV4, ports, "recvonly")}}"}""", "result");
            subscribers.AddRange(ports.Select(port => Node.Phone(callee: true, port, 9, 1)));
        }

        publishers.ForEach(p => p.Send(5));
        await Node.OffloadedAsync(Publishers, rtcp: Publishers);
        await Node.HoldsAsync(() => publishers.TrueForAll(p => p.Idle), "still sending");
        var before = Node.Relayed("room");
        publishers.ForEach(p => p.Send(100));
        double busy = await Node.CpuUntilAsync(() => publishers.TrueForAll(p => p.Idle));
        await Node.HoldsAsync(() => subscribers.TrueForAll(s => s.Received == 105), () => string.Join(' ', subscribers.Select(s => s.Received)));
        Assert.All(subscribers, s => Assert.Equal(0, s.Duplicates));
        var after = Node.Relayed("room");
        Say($"the node's processes used {busy:0.0} % of the CPU while the kernel made 3,000 copies");
        Assert.Equal(before.Process, after.Process);
        Assert.InRange(after.Kernel - before.Kernel, 100 * Publishers, (100 * Publishers) + 20);
    }

    private static string Sdp(string address, int[] ports, string direction) =>
        $@"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
        + string.Concat(ports.Select(port => $@"m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na={direction}\r\n"));

    private string Ask(string request, string key)
    {
        string reply = Node.Ng.TrySend(request) ?? "";
        using var json = JsonDocument.Parse(reply);
        Assert.True(json.RootElement.GetProperty("result").GetString() == "ok", reply);
        return json.RootElement.GetProperty(key).GetString()!;
    }
}
