using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using RtpCluster.Cluster.Sharding;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench.Cluster;

/// <summary>
/// Many answered calls with ports, placed by commands; then both processes of the node that owns a third of the shards, and carries no media, get
/// SIGKILL: how long until its calls answer again, and where that time goes. And what a call takes in Redis.
/// </summary>
/// <remarks>Media processes open their sockets per address, not per port (packet tier sk_lookup), so the ports are really held.</remarks>
internal static partial class TakeoverBench
{
    private const int Nodes = 3, Victim = 2, PortsPerCall = 4, PortsPerAddress = 60_000, QueriesPerSecond = 20_000, AllPerSecond = 2_000, Sample = 200, AskedAtOnce = 1000, Window = 48, FillSeconds = 900;

    // The calls have no media for as long as it takes, and the log tells the story.
    private static readonly string[] Lasting = ["--timeout=86400", "--silent-timeout=86400", "--offer-timeout=86400", "-L", "6"];

    private static readonly string[] Steps = ["all", "agents", "store", "stamps", "calls"];

    /// <summary>Runs it once for each number of calls.</summary>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        bool good = true;
        foreach (int calls in options.Calls)
        {
            good &= await MeasureAsync(calls, options.NodeOptions).ConfigureAwait(false);
        }

        return good ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(int calls, string[] nodeOptions)
    {
        // Media is at the other two: calls ask for interfaces that the victim lacks.
        int interfaces = (calls * PortsPerCall / (Nodes - 1) / PortsPerAddress) + 1;
        using var host = new ClusterHost(Nodes, interfaces, [.. Lasting, .. nodeOptions]);
        await host.ReadyAsync().ConfigureAwait(false);
        long empty = UsedMemory(host);
        Place(host, calls, interfaces);
        PrintMemory(host, calls, empty);
        var owned = ShardsOf(host, Victim);
        string[] lost = [.. Enumerable.Range(0, calls).Select(i => $"big-{i}").Where(id => owned.Contains(Placement.ShardOf(id, 256)))];
        var survivors = host.Nodes.Where((_, n) => n != Victim).ToList();
        var random = new Random(Victim);
        // Of each shard one call, and many more by chance: asked for from the first moment on, again and again until each answers.
        string[] asked = [.. lost.GroupBy(id => Placement.ShardOf(id, 256)).Select(g => g.First()), .. random.GetItems(lost.AsSpan(), AskedAtOnce)];
        using var soon = new QueryClient(host.Host, survivors, asked.Distinct());
        using var all = new QueryClient(host.Host, survivors, lost);
        double stolen = MachineNoise.StolenSeconds;
        var killed = DateTime.UtcNow;
        host.Kill(Victim);
        await Task.Run(() => soon.Run(QueriesPerSecond, again: 1, limit: 60)).ConfigureAwait(false);
        double until = (DateTime.UtcNow - killed).TotalSeconds;
        await Task.Run(() => all.Run(AllPerSecond, again: 20, limit: 60)).ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  owner of {owned.Count} shards with {lost.Length} calls killed: {soon.Answered} calls asked for from then on, one of each shard and others by chance: the first answers after "
            + $"{soon.SecondsUntil(0):F2} s, half after {soon.SecondsUntil(0.5):F2} s, the last after {soon.SecondsUntil(1):F2} s; {soon.Errors} errors on the way"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  then every call is asked for once: all {all.Answered} have answered {all.SecondsUntil(1):F2} s later, {until + all.SecondsUntil(1):F2} s after the kill "
            + $"({all.Answered / all.SecondsUntil(1):F0}/s); {all.Errors} errors; other guests took {MachineNoise.StolenSeconds - stolen:F2} s"));
        PrintStory(host, killed, owned);
        if (all.Answered < lost.Length)
        {
            Console.WriteLine("  last error: " + all.LastError);
            Array.ForEach([0, 1], n => Console.WriteLine($"  node {n}:\n{host.Log(n)}"));
        }

        return all.Answered == lost.Length;
    }

    private static void Place(ClusterHost host, int calls, int interfaces)
    {
        using var filler = new CallFiller(host.Host, "big-", calls, host.Nodes, i => $"9:directionl2:i{i % interfaces}2:i{i % interfaces}e");
        var watch = Stopwatch.StartNew();
        filler.Run(Window, FillSeconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{calls} calls placed in {watch.Elapsed.TotalSeconds:F0} s, {calls / watch.Elapsed.TotalSeconds:F0}/s, {filler.Again} requests sent again {filler.LastError}"));
        foreach (var (name, pid) in host.Processes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {name}: {NodeProcess.ResidentBytesOf(pid) / 1048576} MB, {NodeProcess.CpuSecondsOf(pid) * 1000 / calls:F3} ms of CPU per call"));
        }
    }

    // Where the time went, from the logs of those who took over.
    private static void PrintStory(ClusterHost host, DateTime killed, HashSet<int> owned)
    {
        double At(Match m) => (DateTime.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - killed).TotalSeconds;
        string log = string.Join('\n', Enumerable.Range(0, Nodes).Where(n => n != Victim).Select(host.WholeLog));
        double[] votes = [.. Voting().Matches(log).Select(At).Where(s => s > 0).Order()];
        double[] dead = [.. Dead().Matches(log).Select(At).Where(s => s > 0).Order()];
        var served = Served().Matches(log).Where(m => At(m) > 0 && owned.Contains(int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture))).ToList();
        double[] at = [.. served.Select(At).Order()];
        if (votes.Length == 0 || dead.Length == 0 || at.Length == 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  the logs do not tell where the time went: {votes.Length} votes, {dead.Length} deaths, {at.Length} shards"));
            return;
        }

        string steps = string.Join(", ", Steps.Select((name, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{name} {Median(served, i + 3):F0} and {served.Max(m => Number(m, i + 3)):F0}")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  after the kill: first vote {votes[0]:F2} s, dead {dead[0]:F2} s, shards served from {at[0]:F2} to {at[^1]:F2} s; of a shard's take-over, median and longest ms: {steps}"));
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static double Median(List<Match> matches, int group) => matches.Select(m => Number(m, group)).Order().ElementAt(matches.Count / 2);

    [GeneratedRegex(@"(?m)^(\S+Z) .*voting it dead")]
    private static partial Regex Voting();

    [GeneratedRegex(@"(?m)^(\S+Z) .*members version \d+: n2@\d+ is Dead")]
    private static partial Regex Dead();

    [GeneratedRegex(@"(?m)^(\S+Z) .*shard (\d+) served under token \S+ after (\d+) ms: agents (\d+), store (\d+), stamps (\d+), calls (\d+)")]
    private static partial Regex Served();

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
