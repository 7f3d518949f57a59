using System.Globalization;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench;

/// <summary>One measured run of a node.</summary>
internal sealed record RelayRun(string Node, int Calls, double MicrosPerPacket, long Sent, long Lost, double P50, double P99, double P999);

/// <summary>Relays two-way G.711 calls through us and through the peer, in turns, and prints CPU per packet, loss and delay.</summary>
internal static class RelayBench
{
    public static async Task<int> RunAsync(BenchOptions options)
    {
        var runs = new List<RelayRun>();
        foreach (int calls in options.Calls)
        {
            for (int round = 0; round < options.Rounds; round++)
            {
                foreach (bool peer in new[] { true, false })
                {
                    runs.Add(await MeasureAsync(peer, calls, options).ConfigureAwait(false));
                    Print(runs[^1]);
                }
            }
        }

        Console.WriteLine();
        Console.WriteLine("| calls | node | CPU µs/packet | of the peer's | lost | delay p50 ms | p99 ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (int calls in options.Calls)
        {
            var peer = Median(runs, calls, "rtpengine");
            foreach (var run in new[] { peer, Median(runs, calls, "rtpcluster") })
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {calls} | {run.Node} | {run.MicrosPerPacket:F2} | {run.MicrosPerPacket / peer.MicrosPerPacket:F2} | {run.Lost} of {run.Sent} | {run.P50:F2} | {run.P99:F2} |"));
            }
        }

        return 0;
    }

    private static async Task<RelayRun> MeasureAsync(bool peer, int calls, BenchOptions options)
    {
        using var lab = new Lab();
        using var node = new NodeProcess(lab, peer, ["-L", "4", .. peer ? [] : options.NodeOptions]);
        await node.ReadyAsync().ConfigureAwait(false);
        using var load = new LoadGenerator(lab);
        for (int i = 0; i < calls; i++)
        {
            var (caller, callee) = node.Ng.Call($"bench-{i}", Lab.CallerV4, 6000, Lab.CalleeV4, 6000);
            load.Add(caller, callee);
        }

        load.Run(TimeSpan.FromSeconds(10), measure: false);
        double before = node.CpuSeconds;
        load.Run(TimeSpan.FromSeconds(options.Seconds));
        double cpu = node.CpuSeconds - before;
        return new RelayRun(peer ? "rtpengine" : "rtpcluster", calls, cpu * 1e6 / load.Sent, load.Sent, load.Lost,
            load.Delay.Quantile(0.5), load.Delay.Quantile(0.99), load.Delay.Quantile(0.999));
    }

    private static RelayRun Median(List<RelayRun> runs, int calls, string node)
    {
        var chosen = runs.Where(r => r.Calls == calls && r.Node == node).ToList();
        double Middle(Func<RelayRun, double> of) => chosen.Select(of).Order().ElementAt(chosen.Count / 2);
        return new RelayRun(node, calls, Middle(r => r.MicrosPerPacket), chosen.Sum(r => r.Sent), chosen.Sum(r => r.Lost),
            Middle(r => r.P50), Middle(r => r.P99), Middle(r => r.P999));
    }

    private static void Print(RelayRun run) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{run.Node,-10} {run.Calls,4} calls: {run.MicrosPerPacket,6:F2} µs/packet, lost {run.Lost} of {run.Sent}, delay p50 {run.P50:F2} p99 {run.P99:F2} p99.9 {run.P999:F2} ms"));
}
