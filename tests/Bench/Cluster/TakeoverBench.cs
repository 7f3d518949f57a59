using System.Globalization;
using RtpCluster.Cluster.Sharding;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Load;

namespace RtpCluster.Bench.Cluster;

/// <summary>
/// Many answered calls with ports, placed by commands; then both processes of the node that owns a third of the shards, and carries no media, get
/// SIGKILL: how long until each of its calls answers a query again. And what a call takes in Redis.
/// </summary>
/// <remarks>Media processes open their sockets per address, not per port (packet tier sk_lookup), so the ports are really held.</remarks>
internal static class TakeoverBench
{
    private const int Nodes = 3, Victim = 2, PortsPerCall = 4, PortsPerAddress = 60_000, QueriesPerSecond = 20_000, Sample = 200;

    /// <summary>Runs it once for each number of calls.</summary>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        bool good = true;
        foreach (int calls in options.Calls)
        {
            good &= await MeasureAsync(calls, options.Rates[0], options.NodeOptions).ConfigureAwait(false);
        }

        return good ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(int calls, int rate, string[] nodeOptions)
    {
        // Media is at the other two: calls ask for interfaces that the victim lacks.
        int interfaces = (calls * PortsPerCall / (Nodes - 1) / PortsPerAddress) + 1;
        using var host = new ClusterHost(Nodes, interfaces, nodeOptions);
        await host.ReadyAsync().ConfigureAwait(false);
        long empty = UsedMemory(host);
        await PlaceAsync(host, calls, rate, interfaces).ConfigureAwait(false);
        PrintMemory(host, calls, empty);
        var owned = ShardsOf(host, Victim);
        string[] lost = [.. Enumerable.Range(0, calls).Select(i => $"big-{i}").Where(id => owned.Contains(Placement.ShardOf(id, 256)))];
        var survivors = host.Nodes.Where((_, n) => n != Victim).ToList();
        using var shards = new QueryClient(host.Host, survivors, lost.GroupBy(id => Placement.ShardOf(id, 256)).Select(g => g.First()));
        using var all = new QueryClient(host.Host, survivors, lost);
        double stolen = MachineNoise.StolenSeconds;
        host.Kill(Victim);
        // One call of each shard is asked for again and again; every call is asked for from the first moment on too.
        var perShard = Task.Run(() => shards.Run(QueriesPerSecond, again: 0.25, limit: 60));
        await Task.Run(() => all.Run(QueriesPerSecond, again: 5, limit: 60)).ConfigureAwait(false);
        await perShard.ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  owner of {owned.Count} shards with {lost.Length} calls killed: half of the shards answer after {shards.SecondsUntil(0.5):F2} s, all after {shards.SecondsUntil(1):F2} s; "
            + $"half of the calls have answered after {all.SecondsUntil(0.5):F2} s, 99 % after {all.SecondsUntil(0.99):F2} s, all {all.Answered} after {all.SecondsUntil(1):F2} s; "
            + $"{all.Errors} errors on the way, other guests took {MachineNoise.StolenSeconds - stolen:F2} s"));
        if (all.Answered < lost.Length)
        {
            Console.WriteLine("  last error: " + all.LastError);
        }

        return all.Answered == lost.Length;
    }

    private static async Task PlaceAsync(ClusterHost host, int calls, int rate, int interfaces)
    {
        using var client = new PairClient(host.Host, "big-", calls, host.Nodes, i => $"9:directionl2:i{i % interfaces}2:i{i % interfaces}e");
        client.Run(rate);
        await Eventually.HoldsAsync(() => client.Answered + client.Errors >= calls, TimeSpan.FromSeconds(30),
            () => $"{client.Answered} of {calls} calls answered, {client.Errors} errors").ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls} calls placed at {rate}/s: {client.Errors} errors, p99 {client.Quantile(0.99):F1} ms"));
        foreach (var (name, pid) in host.Processes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {TestKit.Netns.NodeProcess.ResidentBytesOf(pid) / 1048576} MB"));
        }
    }

    private static void PrintMemory(ClusterHost host, int calls, long empty)
    {
        long all = UsedMemory(host) - empty;
        long[] sizes = [.. Enumerable.Range(0, Sample).Select(i => $"big-{i * (calls / Sample)}").Select(id =>
            long.Parse(host.RedisCli("MEMORY", "USAGE", $"rtpc:{{rtpcluster:{Placement.ShardOf(id, 256)}}}:call:{id}"), CultureInfo.InvariantCulture))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  Redis: {sizes.Average():F0} bytes for a call's hash; {all / calls} bytes of memory per call in all, with indexes, the replica's backlog and the answers of the last minute"));
    }

    private static long UsedMemory(ClusterHost host) => long.Parse(
        host.RedisCli("INFO", "memory").Split('\n').First(l => l.StartsWith("used_memory:", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);

    private static HashSet<int> ShardsOf(ClusterHost host, int node)
    {
        string line = host.Ctl(0, "cluster").Split("shards by owner")[1].Split('\n').First(l => l.Contains($"n{node}@", StringComparison.Ordinal));
        return [.. line.Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
    }
}
