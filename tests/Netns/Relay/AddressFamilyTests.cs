using System.Net;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.Netns.Relay;

/// <summary>The node as an operator starts it, with an IPv4 and an IPv6 address: calls within and between the families.</summary>
public sealed class AddressFamilyTests : IAsyncLifetime
{
    private readonly Lab _lab = new();
    private readonly NodeProcess _node;

    public AddressFamilyTests() => _node = new NodeProcess(_lab, NodeProcess.PeerWanted, "-L", "7");

    public async ValueTask InitializeAsync() => await _node.ReadyAsync();

    [Theory]
    [InlineData(Lab.CallerV4, Lab.CalleeV4)]
    [InlineData(Lab.CallerV6, Lab.CalleeV6)]
    [InlineData(Lab.CallerV4, Lab.CalleeV6)]
    [InlineData(Lab.CallerV6, Lab.CalleeV4)]
    public async Task Media_flows_both_ways(string callerAddress, string calleeAddress)
    {
        await using var pacer = new RtpPacer();
        using var caller = RtpPeer.Open(_lab.Caller, IPAddress.Parse(callerAddress), 20000, 1);
        using var callee = RtpPeer.Open(_lab.Callee, IPAddress.Parse(calleeAddress), 20000, 2);
        string offer = _node.Ng.Send("offer", ("call-id", "family"), ("from-tag", "a"), ("address family", Family(calleeAddress)), ("sdp", Sdp(callerAddress))) ?? "";
        string answer = _node.Ng.Send("answer", ("call-id", "family"), ("from-tag", "a"), ("to-tag", "b"),
            ("address family", Family(callerAddress)), ("sdp", Sdp(calleeAddress))) ?? "";
        Assert.Contains($"c=IN {Family(calleeAddress)} {Own(calleeAddress)}\r\n", offer);
        Assert.Contains($"c=IN {Family(callerAddress)} {Own(callerAddress)}\r\n", answer);
        caller.Remote = new IPEndPoint(IPAddress.Parse(Own(callerAddress)), NgClient.PortOf(answer));
        callee.Remote = new IPEndPoint(IPAddress.Parse(Own(calleeAddress)), NgClient.PortOf(offer));
        foreach (var phone in new[] { caller, callee })
        {
            pacer.Add(phone);
            phone.Send(25);
        }

        await Eventually.HoldsAsync(() => caller.Received == 25 && callee.Received == 25, TimeSpan.FromSeconds(5),
            () => $"{caller.Received} and {callee.Received} of 25 arrived\n{offer}\n{answer}");
        Assert.Equal([caller.Remote], caller.Sources);
        Assert.Equal([callee.Remote], callee.Sources);
        Assert.Contains("6:result2:ok", _node.Ng.Send("delete", ("call-id", "family"), ("delete delay", "0")));
    }

    public ValueTask DisposeAsync()
    {
        _node.Dispose();
        _lab.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Family(string address) => address.Contains(':') ? "IP6" : "IP4";

    private static string Own(string address) => address.Contains(':') ? Lab.NodeV6 : Lab.NodeV4;

    private static string Sdp(string address) => NgClient.Sdp(address, 20000).Replace("IN IP4", "IN " + Family(address), StringComparison.Ordinal);
}
