using System.Diagnostics;
using System.Net;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.Netns.Relay;

/// <summary>Routes, neighbours and packet filters change while a call talks: its packets go the way that the kernel would send them.</summary>
public sealed class RouteChangeTests : IAsyncLifetime
{
    private const int Batch = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private readonly Lab _lab = new();
    private readonly NodeProcess _node;
    private readonly RtpPacer _pacer = new();
    private readonly RtpPeer _caller;
    private readonly RtpPeer _callee;

    public RouteChangeTests()
    {
        _node = new NodeProcess(_lab, peer: false, "-L", "7");
        _caller = RtpPeer.Open(_lab.Caller, IPAddress.Parse(Lab.CallerV4), 20000, 1);
        _callee = RtpPeer.Open(_lab.Callee, IPAddress.Parse(Lab.CalleeV4), 20000, 2);
    }

    public async ValueTask InitializeAsync()
    {
        await _node.ReadyAsync();
        var (towardCaller, towardCallee) = _node.Ng.Call("routes", Lab.CallerV4, 20000, Lab.CalleeV4, 20000);
        _caller.Remote = new IPEndPoint(IPAddress.Parse(Lab.NodeV4), towardCaller);
        _callee.Remote = new IPEndPoint(IPAddress.Parse(Lab.NodeV4), towardCallee);
        _pacer.Add(_caller);
        _pacer.Add(_callee);

        // Long enough for the way to be known.
        for (int i = 0; i < 5; i++)
        {
            Assert.True(await TalkAsync());
        }
    }

    [Fact]
    public async Task A_phone_that_changes_its_link_address_gets_its_media()
    {
        _lab.Callee.Ip("link", "set", "e0", "address", "02:00:00:00:00:99");
        _lab.Callee.Ip("neigh", "flush", "all");
        await EventuallyAsync(() => TalkAsync(), "media did not come back");
    }

    [Fact]
    public async Task A_phone_that_moves_behind_another_link_gets_its_media()
    {
        NetworkNamespace.Join(_lab.Node, "c0", ["198.51.100.200/25"], _lab.Callee, "e1", []);
        _lab.Node.Ip("link", "set", "b0", "down");
        _lab.Callee.Ip("link", "set", "e0", "down");
        _lab.Callee.Up("e1", Lab.CalleeV4 + "/25");
        _lab.Callee.Ip("route", "replace", "default", "via", "198.51.100.200");
        await EventuallyAsync(() => TalkAsync(), "media did not come back");
    }

    [Fact]
    public async Task A_packet_filter_that_is_put_in_meanwhile_sees_the_media()
    {
        string table = "table inet guard { chain out { type filter hook output priority 0; ip daddr " + Lab.CalleeV4 + " udp dport 20000 drop; }; }";
        ChildProcess.Run("ip", "netns", "exec", _lab.Node.Name, "nft", table);
        await EventuallyAsync(() => TalkAsync(wanted: 0), "the filter is passed by");
        ChildProcess.Run("ip", "netns", "exec", _lab.Node.Name, "nft", "delete table inet guard");
        await EventuallyAsync(() => TalkAsync(), "media did not come back");
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        _caller.Dispose();
        _callee.Dispose();
        _node.Dispose();
        _lab.Dispose();
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition, string otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < s_patience, otherwise);
        }
    }

    /// <summary>Both send a few packets; true when the caller gets all of them and the callee as many as wanted.</summary>
    private async Task<bool> TalkAsync(int wanted = Batch)
    {
        int caller = _caller.Received, callee = _callee.Received;
        _caller.Send(Batch);
        _callee.Send(Batch);
        try
        {
            await Eventually.HoldsAsync(
                () => _caller.Received >= caller + Batch && _callee.Received >= callee + wanted, TimeSpan.FromSeconds(1), () => "lost");
        }
        catch (TimeoutException)
        {
            return false;
        }

        return _callee.Received == callee + wanted;
    }
}
