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

    [Fact]
    public Task A_fail_over_under_load() => Drill.RunAsync("Sentinel fail-over", s_limits, async drill =>
    {
        drill.Lab.Redis.Kill();
        await drill.ControlAsync(Stopwatch.StartNew(), 0, 1, 2);
        await Drill.TalkAsync(2);
    }, new() { Sentinels = true, Ready = lab => lab.Redis.ReplicatedAsync() });

    [Fact]
    public Task An_emptied_Redis_is_filled_again() => Drill.RunAsync("FLUSHALL with 2000 calls", s_limits, async drill =>
    {
        var silent = new List<WatchedCall>();
        while (silent.Count + drill.Calls.Count < ManyCalls)
        {
            WatchedCall[] some = [.. Enumerable.Range(0, AtOnce).Select(i => new WatchedCall(drill.Proxy, null, null, $"silent-{i}-{Guid.NewGuid():N}", null))];
            bool[] placed = await Task.WhenAll(some.Select((call, i) => call.PlaceAsync([i % 3, (i + 1) % 3], [(i + 1) % 3, i % 3])));
            drill.Demand(placed.All(p => p), "a call could not be placed");
            silent.AddRange(some);
        }

        drill.StoreForgot = true;
        drill.Lab.Redis.Cli(0, "FLUSHALL");
        var watch = Stopwatch.StartNew();
        await drill.ControlAsync(watch, 0, 1, 2);
        foreach (var some in silent.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select((call, i) => call.QueryAsync(i % 3, (i + 1) % 3)));
        }

        await drill.ControlAsync(watch, 0, 1, 2);
        await Task.WhenAll(silent.Select((call, i) => call.DeleteAsync(i % 3, (i + 1) % 3)));
    });
}
