using System.Diagnostics;
using System.Globalization;
using RtpCluster.Drills.Load;
using RtpCluster.TestKit;

namespace RtpCluster.Drills;

/// <summary>Floating addresses that carry calls and move: RTP, SDES and DTLS callers, who hear nothing while nobody has their address.</summary>
public sealed class AddressDrills
{
    private static readonly TimeSpan s_blink = TimeSpan.FromMilliseconds(200), s_second = TimeSpan.FromSeconds(1), s_moved = TimeSpan.FromSeconds(20);
    private static readonly DrillLimits s_death = new(TimeSpan.FromSeconds(5), Lost: null, s_second, Failed: null);
    private static readonly DrillLimits s_planned = new(Lost: null, Gap: s_blink, Failed: null);
    /// <summary>The nodes' pools overlap: a port that is given twice shows.</summary>
    private static readonly string[] s_fewPorts = ["--port-min=30000", "--port-max=31999"];

    private static readonly DrillSetup s_v4 = Setup(home => $"10.77.0.{201 + home}", "@e0,home=n");
    private static readonly DrillSetup s_v6 = Setup(home => $"fd77::{201 + home}", "@e0,home=n") with { IsV6 = true };

    [Fact]
    public Task A_dead_host_costs_each_stream_less_than_a_second() => Drill.RunAsync("host killed and cut off", s_death, KillHostAsync, s_v4);

    [Fact]
    public Task A_dead_host_costs_no_more_with_IPv6() => Drill.RunAsync("host killed, IPv6", s_death, KillHostAsync, s_v6);

    [Fact]
    public Task A_drained_node_hands_its_address_over_and_ends() => Drill.RunAsync("node drained", s_planned, async drill =>
    {
        await DrainAsync(drill);
        drill.Demand(await drill.EachAsync((call, i) => call.ReofferAsync(1 + (i % 2), 2 - (i % 2))) == 0, "calls are not controlled");
    }, s_v4);

    [Fact]
    public Task A_home_node_that_returns_gets_its_address_back() => Drill.RunAsync("home node back", s_planned, async drill =>
    {
        await DrainAsync(drill);
        drill.Lab.Start(0);
        await AtAsync(drill.Lab, drill.Calls.Find(OnFirst)!.Media, 0);
        await Drill.TalkAsync(1);
        drill.Demand(await drill.EachAsync((call, i) => call.ReofferAsync(i % 3)) == 0, "calls are not controlled");
    }, s_v4);

    [Fact]
    public Task An_address_that_the_network_moves_is_followed() => Drill.RunAsync("watched address moved", new(Lost: null, Gap: s_second, Failed: null), async drill =>
    {
        const string moved = "10.77.0.201";
        drill.Lab.Cable(0, plugged: false);
        drill.Lab.KillHost(0);
        drill.Lab.Put(moved, 1, there: true);
        await AtAsync(drill.Lab, moved, 1);
        await Drill.TalkAsync(2);
        drill.Demand(await drill.EachAsync((call, i) => call.ReofferAsync(1 + (i % 2), 2 - (i % 2))) == 0, "calls are not controlled");
    }, Setup(home => $"10.77.0.{201 + home}", ",home=n") with
    {
        Ready = async lab =>
        {
            for (int i = 0; i < ClusterLab.Nodes; i++)
            {
                lab.Put($"10.77.0.{201 + i}", i, there: true);
                await AtAsync(lab, $"10.77.0.{201 + i}", i);
            }
        },
    });

    private static DrillSetup Setup(Func<int, string> address, string where) => new()
    {
        Protection = i => (Protection)(i / 3 % 3),
        Options = _ => [.. Enumerable.Range(0, ClusterLab.Nodes).Select(i => string.Create(CultureInfo.InvariantCulture, $"--cluster-address={address(i)}{where}{i}")), "--cluster-address-hand-back=1000", .. s_fewPorts],
        Ready = async lab =>
        {
            for (int i = 0; i < ClusterLab.Nodes; i++)
            {
                await AtAsync(lab, address(i), i);
            }
        },
    };

    private static async Task KillHostAsync(Drill drill)
    {
        DemandAllKinds(drill);
        drill.Lab.Cable(0, plugged: false);
        drill.Lab.KillHost(0);
        drill.Demand(await drill.ControlAsync(Stopwatch.StartNew(), 1, 2) == 0, "calls are not controlled");
        await Drill.TalkAsync(3);
    }

    private static async Task DrainAsync(Drill drill)
    {
        DemandAllKinds(drill);
        drill.Lab.LetEnd(0);
        drill.Lab.Ctl(0, "drain exit");
        await Eventually.HoldsAsync(() => drill.Lab.HasEnded(0), s_moved, () => "the drained node has not ended");
        await Drill.TalkAsync(1);
    }

    // Of each kind some calls move.
    private static void DemandAllKinds(Drill drill)
    {
        foreach (var protection in Enum.GetValues<Protection>())
        {
            drill.Demand(drill.Calls.Exists(c => OnFirst(c) && c.Keying.Protection == protection), $"no {protection} call on the address that moves");
        }
    }

    private static bool OnFirst(WatchedCall call) => call.Media.EndsWith("201", StringComparison.Ordinal);

    private static Task AtAsync(ClusterLab lab, string address, int node) => Eventually.HoldsAsync(
        () => lab.Ctl(node, "cluster").Split('\n').Any(
            line => line.Contains(address + " ", StringComparison.Ordinal) && line.Contains("Holding", StringComparison.Ordinal)),
        s_moved, () => $"{address} is not at n{node}");
}
