using System.Diagnostics;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.Drills;

/// <summary>Things that go wrong, with real processes, a real Redis and RTP running; each prints what it saw.</summary>
public sealed class ClusterDrills : IAsyncLifetime
{
    private static readonly int[] s_all = [0, 1, 2];
    private readonly int _calls = int.TryParse(Environment.GetEnvironmentVariable("RTPCLUSTER_DRILL_CALLS"), out int calls) ? calls : 30;
    private readonly ClusterLab _lab = new();
    private readonly RtpPacer _pacer = new();
    private readonly List<DrillCall> _open = [];
    private readonly Proxy _proxy;

    public ClusterDrills() => _proxy = new Proxy(_lab.Phones);

    public async ValueTask InitializeAsync() => await _lab.ReadyAsync(s_all);

    [Fact]
    public async Task Any_node_answers_any_command()
    {
        Place(_calls);
        await TalkAsync(2);
        Assert.All(_open, (call, i) => Assert.True(DrillCall.IsOk(call.Reoffer((i + 2) % 3))));
        Assert.All(_open, (call, i) => Assert.Contains("6:totals", call.Query(i % 3)));
        Assert.All(_open, (call, i) => Assert.True(DrillCall.IsOk(call.Delete((i + 2) % 3))));
        Report("any node answers", _open);
        Assert.All(_open, call => Assert.Equal(0, call.Lost));
    }

    [Fact]
    public async Task A_killed_node_without_the_media_costs_no_packet_and_its_calls_are_controlled_soon()
    {
        Place(_calls, ClusterLab.PublicInterface);
        var watched = _open;
        Assert.All(watched, call => Assert.NotEqual(ClusterLab.Address(2), call.Media));
        watched.ForEach(call => call.Talk(6));
        _lab.KillHost(2);
        var watch = Stopwatch.StartNew();
        foreach (var call in watched)
        {
            Assert.True(DrillCall.IsOk(call.Reoffer(0, 1)));
        }

        var back = watch.Elapsed;
        await Eventually.HoldsAsync(() => watched.TrueForAll(call => call.Idle), TimeSpan.FromSeconds(30), () => "the phones still send");
        await SettleAsync(watched);
        Report($"node killed, every call controlled after {back.TotalSeconds:0.00} s, slowest command {_proxy.Slowest.TotalSeconds:0.00} s", watched);
        Assert.All(watched, call => Assert.Equal(0, call.Lost));
    }

    [Fact]
    public async Task A_killed_control_process_costs_no_packet_and_its_successor_carries_on()
    {
        Place(_calls);
        _open.ForEach(call => call.Talk(10));
        _lab.Signal(1, "KILL");
        _lab.WaitForExit(1);
        _lab.Start(1);
        await _lab.ReadyAsync(s_all);
        await Eventually.HoldsAsync(() => _open.TrueForAll(call => call.Idle), TimeSpan.FromSeconds(40), () => "the phones still send");
        await SettleAsync(_open);
        Report("control process killed", _open);
        Assert.All(_open, call => Assert.Equal(0, call.Lost));
        Assert.All(_open, (call, i) => Assert.Equal(call.TowardCallee, DrillCall.EndpointOf(call.Reoffer(i % 3) ?? string.Empty)));
        Assert.All(_open, (call, i) => Assert.Equal(call.TowardCaller, DrillCall.EndpointOf(call.Answer((i + 1) % 3) ?? string.Empty)));
        await TalkAsync(1);
        Assert.All(_open, call => Assert.Equal(0, call.Lost));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Redis_that_dies_or_is_emptied_costs_no_packet_and_no_call(bool empty)
    {
        Place(_calls);
        _open.ForEach(call => call.Talk(8));
        if (empty)
        {
            _lab.RedisCli("FLUSHALL");
        }
        else
        {
            _lab.KillRedis();
            _lab.StartRedis();
        }

        var watch = Stopwatch.StartNew();
        Assert.All(_open, (call, i) => Assert.True(DrillCall.IsOk(call.Reoffer(i % 3, (i + 1) % 3))));
        var back = watch.Elapsed;
        await Eventually.HoldsAsync(() => _open.TrueForAll(call => call.Idle), TimeSpan.FromSeconds(30), () => "the phones still send");
        await SettleAsync(_open);
        Report($"Redis {(empty ? "emptied" : "killed and restarted")}, every call controlled after {back.TotalSeconds:0.00} s, slowest command {_proxy.Slowest.TotalSeconds:0.00} s", _open);
        Assert.All(_open, call => Assert.Equal(0, call.Lost));
        Assert.True(back < TimeSpan.FromSeconds(10), $"took {back}");
        Assert.All(_open, (call, i) => Assert.True(DrillCall.IsOk(call.Delete(i % 3))));
    }

    [Fact]
    public async Task A_rolling_restart_drops_no_call_and_fails_no_command()
    {
        Place(_calls);
        foreach (int node in s_all)
        {
            _open.ForEach(call => call.Talk(8));
            _lab.Signal(node, "TERM");
            int[] others = [.. s_all.Where(n => n != node)];
            Assert.All(_open, (call, i) => Assert.Contains("6:totals", call.Query(others[i % 2], others[(i + 1) % 2])));
            _lab.WaitForExit(node);
            _lab.Start(node);
            await _lab.ReadyAsync(s_all);
            await Eventually.HoldsAsync(() => _open.TrueForAll(call => call.Idle), TimeSpan.FromSeconds(40), () => "the phones still send");
        }

        await SettleAsync(_open);
        Report($"rolling restart, slowest command {_proxy.Slowest.TotalSeconds:0.00} s", _open);
        Assert.All(_open, call => Assert.Equal(0, call.Lost));
        Assert.All(_open, (call, i) => Assert.True(DrillCall.IsOk(call.Reoffer(i % 3))));
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        _open.ForEach(call => call.Dispose());
        _proxy.Dispose();
        _lab.Dispose();
    }

    private void Place(int count, string? mediaInterface = null)
    {
        for (int i = 0; i < count; i++)
        {
            _open.Add(new DrillCall(_lab, _proxy, _pacer, $"drill-{i}-{Guid.NewGuid():N}", 20_000 + (i * 4), [i % 3], [(i + 1) % 3], mediaInterface));
        }
    }

    private async Task TalkAsync(double seconds)
    {
        _open.ForEach(call => call.Talk(seconds));
        await Eventually.HoldsAsync(() => _open.TrueForAll(call => call.Idle), TimeSpan.FromSeconds(30), () => "the phones still send");
        await SettleAsync(_open);
    }

    // The last packets are on their way; a lost one stays lost, which the caller then says.
    private static async Task SettleAsync(List<DrillCall> calls)
    {
        try
        {
            await Eventually.HoldsAsync(() => calls.TrueForAll(call => call.Lost == 0), TimeSpan.FromSeconds(3), () => string.Empty);
        }
        catch (TimeoutException)
        {
        }
    }

    private static void Report(string what, List<DrillCall> calls) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{what}: {calls.Count} calls, {calls.Sum(c => c.Sent)} packets sent, {calls.Sum(c => c.Lost)} lost");
}
