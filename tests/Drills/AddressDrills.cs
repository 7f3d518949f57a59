using System.Diagnostics;
using System.Globalization;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.Drills;

/// <summary>Hosts that die or are drained while their floating address carries calls: who takes it, and how long the phones hear nothing.</summary>
public sealed class AddressDrills : IAsyncLifetime
{
    private static readonly int[] s_all = [0, 1, 2];
    private readonly int _calls = int.TryParse(Environment.GetEnvironmentVariable("RTPCLUSTER_DRILL_CALLS"), out int calls) ? calls : 30;
    private readonly ClusterLab _lab = new(_ => [.. s_all.Select(home => $"--cluster-address={Floating(home)}@e0,home=n{home}"), "--cluster-address-hand-back=1000"]);
    private readonly RtpPacer _pacer = new();
    private readonly List<DrillCall> _open = [];
    private readonly Proxy _proxy;

    public AddressDrills() => _proxy = new Proxy(_lab.Phones);

    public async ValueTask InitializeAsync()
    {
        await _lab.ReadyAsync(s_all);
        await AtAsync(0, 1, 2);
    }

    [Fact]
    public async Task A_dead_host_costs_each_stream_less_than_a_second_and_its_calls_stay_controlled()
    {
        Place();
        var moved = _open.FindAll(call => call.Media == Floating(0));
        Assert.All(Enum.GetValues<Protection>(), p => Assert.Contains(moved, call => call.Protection == p));
        _open.ForEach(call => call.Talk(7));
        await Eventually.HoldsAsync(() => _open.TrueForAll(call => call.Flows), TimeSpan.FromSeconds(5), () => "no media");
        _open.ForEach(call => call.WatchGaps());
        _lab.Cable(0, plugged: false);
        _lab.KillHost(0);
        var watch = Stopwatch.StartNew();
        string?[] replies = [.. _open.Select(call => call.Reoffer(1, 2))];
        var back = watch.Elapsed;
        await Eventually.HoldsAsync(() => _open.TrueForAll(call => call.Idle), TimeSpan.FromSeconds(30), () => "the phones still send");
        var gap = _open.Max(call => call.LongestGap);
        Report($"host killed and cut off: {moved.Count} of {_open.Count} calls moved ({Kinds(moved)}), longest gap {gap.TotalMilliseconds:0} ms, every call controlled after {back.TotalSeconds:0.00} s");
        Assert.All(replies, reply => Assert.True(DrillCall.IsOk(reply), reply));
        Assert.True(gap <= TimeSpan.FromSeconds(1), $"longest gap {gap}\n{_lab.Log(1)}\n{_lab.Log(2)}");
        Assert.All(_open, call => Assert.Contains("6:totals", call.Query(2, 1)));
        Assert.All(_open, call => Assert.True(DrillCall.IsOk(call.Delete(1, 2)), "delete"));
    }

    [Fact]
    public async Task A_drained_node_hands_its_address_over_within_a_fifth_of_a_second_and_ends()
    {
        Place();
        _open.ForEach(call => call.Talk(8));
        await Eventually.HoldsAsync(() => _open.TrueForAll(call => call.Flows), TimeSpan.FromSeconds(5), () => "no media");
        _open.ForEach(call => call.WatchGaps());
        var moved = _open.FindAll(call => call.Media == Floating(0));
        _lab.Ctl(0, "drain exit");
        await Eventually.HoldsAsync(() => _lab.Ctl(0, "ready").Length == 0, TimeSpan.FromSeconds(20), () => _lab.Log(0));
        await Eventually.HoldsAsync(() => _open.TrueForAll(call => call.Idle), TimeSpan.FromSeconds(30), () => "the phones still send");
        var gap = _open.Max(call => call.LongestGap);
        Report($"node drained: {moved.Count} of {_open.Count} calls moved ({Kinds(moved)}), longest gap {gap.TotalMilliseconds:0} ms, {_open.Sum(c => c.Lost)} of {_open.Sum(c => c.Sent)} packets lost");
        Assert.True(gap <= TimeSpan.FromMilliseconds(200), $"longest gap {gap}\n{_lab.Log(1)}\n{_lab.Log(2)}");
        Assert.All(_open, call => Assert.True(DrillCall.IsOk(call.Reoffer(1, 2)), "re-offer"));
        Assert.All(_open, call => Assert.True(DrillCall.IsOk(call.Delete(1, 2)), "delete"));
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        _open.ForEach(call => call.Dispose());
        _proxy.Dispose();
        _lab.Dispose();
    }

    private static string Floating(int home) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{201 + home}");

    private static string Kinds(List<DrillCall> calls) =>
        string.Join(", ", Enum.GetValues<Protection>().Select(p => $"{calls.Count(c => c.Protection == p)} {(p == Protection.None ? "RTP" : p)}"));

    private static void Report(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    /// <summary>Waits until every address is at its node.</summary>
    private Task AtAsync(params int[] nodes) => Eventually.HoldsAsync(
        () => nodes.Select((node, address) => Holds(node, address)).All(holds => holds), TimeSpan.FromSeconds(30),
        () => string.Join("\n", nodes.Distinct().Select(n => _lab.Ctl(n, "cluster") + _lab.Log(n)[^Math.Min(4000, _lab.Log(n).Length)..])));

    private bool Holds(int node, int address) => _lab.Ctl(node, "cluster").Split('\n')
        .Any(line => line.Contains(Floating(address) + " ", StringComparison.Ordinal) && line.Contains("Holding", StringComparison.Ordinal));

    private void Place()
    {
        for (int i = 0; i < _calls; i++)
        {
            _open.Add(new DrillCall(_lab, _proxy, _pacer, $"drill-{i}-{Guid.NewGuid():N}", 20_000 + (i * 4), [i % 3], [(i + 1) % 3], protection: (Protection)(i / 3 % 3)));
        }
    }
}
