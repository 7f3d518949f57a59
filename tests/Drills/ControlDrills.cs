using System.Diagnostics;

namespace RtpCluster.Drills;

/// <summary>Nodes and processes that go, with RTP running and new calls coming.</summary>
public sealed class ControlDrills
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    [Fact]
    public Task Any_node_answers_any_command() => Drill.RunAsync("any node answers", new(), async drill =>
    {
        await drill.EachAsync((call, i) => call.ReofferAsync((i + 1) % 3));
        await drill.EachAsync((call, i) => call.AnswerAsync((i + 2) % 3));
        await Drill.TalkAsync(2);
    });

    [Fact]
    public Task A_killed_node_without_the_media_costs_nothing() => Drill.RunAsync("owner killed", new(s_soon), async drill =>
    {
        drill.Demand(drill.Calls.TrueForAll(c => c.Media != ClusterLab.Address(2)), "media is on the node that is to die");
        drill.Lab.KillHost(2);
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 1);
        await Drill.TalkAsync(3);
    }, new() { Interface = ClusterLab.PublicInterface });

    [Fact]
    public Task A_killed_control_process_costs_no_packet() => Drill.RunAsync("control process killed", new(Failed: null), async drill =>
    {
        drill.Lab.Signal(1, "KILL");
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 2, 1);
        await Drill.TalkAsync(2);
        await drill.ReadyAsync();
        await drill.EachAsync((call, i) => call.ReofferAsync(i % 3));
        await drill.EachAsync((call, i) => call.AnswerAsync((i + 1) % 3));
        await Drill.TalkAsync(2);
    });

    [Fact]
    public Task A_killed_media_process_is_back_on_its_ports() => Drill.RunAsync(
        "media process killed", new(Lost: null, Gap: TimeSpan.FromSeconds(1)), async drill =>
        {
            drill.Lab.KillMedia(1);
            await Drill.TalkAsync(3);
            await drill.EachAsync((call, i) => call.ReofferAsync(i % 3));
            await Drill.TalkAsync(1);
        });

    [Fact]
    public Task A_rolling_restart_drops_nothing() => Drill.RunAsync("rolling restart", new(), async drill =>
    {
        await drill.RestartAllAsync();
        await Drill.TalkAsync(1);
    });
}
