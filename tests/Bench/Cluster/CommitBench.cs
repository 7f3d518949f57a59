using System.Globalization;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench.Cluster;

/// <summary>
/// What the cluster costs: offers and answers at a pace, each durable in Redis and at one replica (WAIT 1) before it is answered. The node's
/// two processes are held to the first CPU; Redis, its replica and the generator to the others.
/// </summary>
internal static class CommitBench
{
    private const int WarmUpRate = 120;

    // Until then every command asks Redis whether a former owner of its shard has answered it already, and the compiler is at work.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(65);

    // Several nodes that share a core would hold each other for dead.
    private static readonly string[] Patience = ["--cluster-probe=2000", "--cluster-member-lease=20000", "--cluster-shard-lease=20000"];

    /// <summary>One node, then three, at each pace.</summary>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        bool good = true;
        double alone = 0;
        foreach (int nodes in options.Members)
        {
            using var host = new ClusterHost(nodes, interfaces: 1, [.. Patience, .. options.NodeOptions]);
            await host.ReadyAsync().ConfigureAwait(false);
            PinAll(host, nodes > 1);
            using (await PlaceAsync(host, "warm-", (int)(WarmUpRate * s_warmUp.TotalSeconds), WarmUpRate).ConfigureAwait(false))
            {
            }

            foreach (var (turn, rate) in options.Rates.Index())
            {
                await EndAllAsync(host).ConfigureAwait(false);
                double cpu = await MeasureAsync(host, nodes, rate, options.Seconds, $"turn{turn}-").ConfigureAwait(false);
                good &= !double.IsNaN(cpu);
                alone = nodes == 1 ? cpu : alone;
                if (nodes > 1 && alone > 0)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"  capacity of {nodes} nodes with a core each, by CPU: {nodes * alone / cpu:F2} x that of one node with one core"));
                }
            }
        }

        return good ? 0 : 1;
    }

    // CPU of all nodes for a pair, ms; NaN: errors.
    private static async Task<double> MeasureAsync(ClusterHost host, int nodes, int rate, int seconds, string prefix)
    {
        var processes = host.Processes;
        double[] before = [.. processes.Select(p => NodeProcess.CpuSecondsOf(p.Pid))];
        var (collectors, rewrites) = Others(host);
        double stolen = MachineNoise.StolenSeconds;
        int calls = rate * seconds;
        using var client = await PlaceAsync(host, prefix, calls, rate).ConfigureAwait(false);
        stolen = MachineNoise.StolenSeconds - stolen;
        double[] cost = [.. processes.Select((p, i) => (NodeProcess.CpuSecondsOf(p.Pid) - before[i]) * 1000 / calls)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{nodes} node(s), {calls} offer+answer pairs at {rate}/s, WAIT 1: {client.Errors} errors; offers p50 {client.OfferQuantile(0.5):F2} p99 {client.OfferQuantile(0.99):F2} ms; "
            + $"offers and answers p50 {client.Quantile(0.5):F2} p99 {client.Quantile(0.99):F2} ms; the generator was up to {client.Lateness:F1} ms late, other guests took {stolen:F2} s"));
        Console.WriteLine("  ms of CPU per pair: " + string.Join(", ", processes.Select((p, i) => string.Create(CultureInfo.InvariantCulture, $"{p.Name} {cost[i]:F3}"))));
        var (collected, rewritten) = Others(host);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  beside it background collectors ran {collected - collectors:F0} ms, Redis and its replica rewrote their files {rewritten - rewrites} times"));
        return client.Errors > 0 ? double.NaN : processes.Select((p, i) => p.Name.StartsWith("re", StringComparison.Ordinal) ? 0 : cost[i]).Sum();
    }

    // What holds commands up and is none: CPU of the collectors' own threads, ms; rewritten files.
    private static (double Collectors, int Rewrites) Others(ClusterHost host) =>
        (host.Processes.Sum(p => NodeProcess.ThreadMillisOf(p.Pid, ".NET BGC")), host.Rewrites);

    // An interface has ports for some 16,000 calls, and what ends calls must not be in the next figure.
    private static Task EndAllAsync(ClusterHost host)
    {
        foreach (int node in Enumerable.Range(0, host.Nodes.Count))
        {
            host.Ctl(node, "terminate", "all");
        }

        return Eventually.HoldsAsync(
            () => Enumerable.Range(0, host.Nodes.Count).All(n => host.Ctl(n, "list", "numsessions").Contains("own: 0\n", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(60), () => "the calls do not end: " + host.Ctl(0, "list", "numsessions"));
    }

    private static async Task<PairClient> PlaceAsync(ClusterHost host, string prefix, int calls, int rate)
    {
        var client = new PairClient(host.Host, prefix, calls, host.Nodes, static _ => string.Empty);
        GC.Collect();
        client.Run(rate);
        await Eventually.HoldsAsync(() => client.Answered + client.Errors >= calls, TimeSpan.FromSeconds(20),
            () => $"{client.Answered} of {calls} calls answered, {client.Errors} errors\n{host.Log(0)}").ConfigureAwait(false);
        return client;
    }

    // One node has a core of its own. Several share all there are: then only what they cost counts, not how fast they are.
    private static void PinAll(ClusterHost host, bool several)
    {
        ClusterHost.Pin(Environment.ProcessId, several ? "0-63" : "1-63");
        foreach (var (name, pid) in host.Processes)
        {
            ClusterHost.Pin(pid, several ? "0-63" : name.StartsWith("re", StringComparison.Ordinal) ? "1-63" : "0");
        }
    }
}
