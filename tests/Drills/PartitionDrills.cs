using System.Diagnostics;

namespace RtpCluster.Drills;

/// <summary>Nodes that are there and are not: stopped, or heard by some only. What was acknowledged stays, and they heal by themselves.</summary>
public sealed class PartitionDrills
{
    private const double Long = 10, Short = 6;

    [Fact]
    public Task A_node_that_stands_still_is_fenced_off_and_heals() => Drill.RunAsync("SIGSTOP of 10 s", new(Failed: null), async drill =>
    {
        drill.Lab.Signal(1, "STOP");
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 2);
        await Drill.TalkAsync(Long);
        drill.Lab.Signal(1, "CONT");
        await HealedAsync(drill);
    }, new() { Interface = ClusterLab.PublicInterface });

    [Fact]
    public Task A_node_that_hears_but_is_not_heard_loses_nothing() => Drill.RunAsync("asymmetric partition", new(Failed: null), async drill =>
    {
        drill.Lab.Cut(1, ClusterLab.Address(0), ClusterLab.Address(2));
        await Drill.TalkAsync(Short);
        drill.Lab.Heal(1);
        await HealedAsync(drill);
    });

    [Fact]
    public Task A_node_without_Redis_loses_nothing() => Drill.RunAsync("node cut from Redis", new(Failed: null), async drill =>
    {
        drill.Lab.Cut(1, [.. LabRedis.Hosts]);
        await Drill.TalkAsync(Short);
        drill.Lab.Heal(1);
        await HealedAsync(drill);
    });

    private static async Task HealedAsync(Drill drill)
    {
        await drill.ReadyAsync();
        int failed = await drill.EachAsync((call, i) => call.ReofferAsync(i % 3));
        drill.Demand(failed == 0, $"{failed} calls are not controlled after the healing");
        await Drill.TalkAsync(1);
    }
}
