using System.Diagnostics;
using RtpCluster.Drills.Load;

namespace RtpCluster.Drills;

/// <summary>Redis that dies, moves or forgets. Media is never touched; nothing that was acknowledged is lost.</summary>
public sealed class RedisDrills
{
    private const int ManyCalls = 2000, AtOnce = 50;
    private static readonly DrillLimits s_limits = new(TimeSpan.FromSeconds(10));

    [Fact]
    public Task Redis_that_is_killed_and_started_again() => Drill.RunAsync("Redis killed and restarted", s_limits, async drill =>
    {
        drill.Lab.Redis.Kill();
        drill.Lab.Redis.Start();
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 1, 2);
        await Drill.TalkAsync(2);
    });

    // Sentinels whose votes were split wait longer than a client does: commands may fail until there is a master again.
    [Fact]
    public Task A_fail_over_under_load() => Drill.RunAsync("Sentinel fail-over", s_limits with { Failed = null }, async drill =>
    {
        drill.Lab.Redis.Kill();
        await drill.Lab.Redis.FailedOverAsync();
        drill.Demand(await drill.ControlAsync(Stopwatch.StartNew(), 0, 1, 2) == 0, "calls are not controlled");
        await Drill.TalkAsync(2);
    }, new() { Sentinels = true, Ready = lab => lab.Redis.ReplicatedAsync() });

    [Fact]
    public Task An_emptied_Redis_is_filled_again() => Drill.RunAsync("FLUSHALL with 2000 calls", s_limits, async drill =>
    {
        WatchedCall[] silent = [.. Enumerable.Range(0, ManyCalls - drill.Calls.Count).Select(i => new WatchedCall(drill.Proxy, null, null, $"silent-{i}-{Guid.NewGuid():N}", null))];
        await SomeAtOnceAsync(silent, async (call, i) => drill.Demand(await call.PlaceAsync([i % 3, (i + 1) % 3], [(i + 1) % 3, i % 3]), "a call could not be placed"));
        drill.StoreForgot = true;
        drill.Lab.Redis.Cli(0, "FLUSHALL");
        var watch = Stopwatch.StartNew();
        var queried = SomeAtOnceAsync(silent, (call, i) => call.QueryAsync(i % 3, (i + 1) % 3));
        await drill.ControlAsync(watch, 0, 1, 2);
        await queried;
        drill.NoteControl(watch);
        await drill.EachAsync((call, i) => call.ReofferAsync(i % 3, (i + 1) % 3));
        await SomeAtOnceAsync(silent, (call, i) => call.DeleteAsync(i % 3, (i + 1) % 3));
    });

    private static Task SomeAtOnceAsync(IEnumerable<WatchedCall> calls, Func<WatchedCall, int, Task> act) => Parallel.ForEachAsync(
        calls.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (call, _) => await act(call.Item, call.Index));
}
