using System.Globalization;

namespace RtpCluster.Bench;

/// <summary>
/// Relays two-way G.711 calls through the peer and through us and prints CPU per packet, loss and delay. All subjects run at the same time and
/// have traffic in turns of a few seconds, so that the machine's moods meet all of them.
/// </summary>
internal static class RelayBench
{
    private const int WarmUpSeconds = 10;
    private const int MaxAttempts = 3;
    private const int StolenMillisPerSecond = 20;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var runs = new List<RelayRun>();
        foreach (int calls in options.Calls)
        {
            var subjects = new List<RelaySubject>();
            try
            {
                foreach (string node in options.Nodes)
                {
                    subjects.Add(await RelaySubject.StartAsync(node, calls, options.NodeOptions).ConfigureAwait(false));
                }

                subjects.ForEach(s => s.WarmUp(WarmUpSeconds));
                for (int round = 0; round < options.Rounds; round++)
                {
                    foreach (var subject in subjects)
                    {
                        runs.Add(MeasureUndisturbed(subject, calls, options.Seconds));
                    }
                }
            }
            finally
            {
                subjects.ForEach(s => s.Dispose());
            }
        }

        PrintTable(runs, options);
        return 0;
    }

    /// <summary>Measures again, a few times, what the hypervisor disturbed: it can stop the whole machine for a quarter of a second.</summary>
    public static RelayRun MeasureUndisturbed(RelaySubject subject, int calls, int seconds)
    {
        for (int attempt = 1; ; attempt++)
        {
            var run = subject.Measure(calls, seconds);
            Print(run);
            if (attempt == MaxAttempts || run.StolenMillis <= StolenMillisPerSecond * seconds)
            {
                return run;
            }
        }
    }

    private static void PrintTable(List<RelayRun> runs, BenchOptions options)
    {
        Console.WriteLine();
        Console.WriteLine("| calls | node | CPU µs/packet | of the peer's | lost | delay p50 ms | p99 ms | p99.9 ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (int calls in options.Calls)
        {
            var medians = options.Nodes.Select(node => Median([.. runs.Where(r => r.Calls == calls && r.Node == node)])).ToList();
            foreach (var run in medians)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {calls} | {run.Node} | {run.MicrosPerPacket:F2} | {run.MicrosPerPacket / medians[0].MicrosPerPacket:F2} | {run.Lost} of {run.Sent} | {run.P50:F2} | {run.P99:F2} | {run.P999:F2} |"));
            }
        }
    }

    /// <summary>The middle of each figure over the rounds; what was sent and lost is summed.</summary>
    private static RelayRun Median(List<RelayRun> runs)
    {
        double Middle(Func<RelayRun, double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);
        return runs[0] with
        {
            MicrosPerPacket = Middle(r => r.MicrosPerPacket),
            Sent = runs.Sum(r => r.Sent),
            Lost = runs.Sum(r => r.Lost),
            P50 = Middle(r => r.P50),
            P99 = Middle(r => r.P99),
            P999 = Middle(r => r.P999),
        };
    }

    private static void Print(RelayRun run) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{run.Node,-10} {run.Calls,4} calls: {run.MicrosPerPacket,6:F2} µs/packet, lost {run.Lost} of {run.Sent}, delay p50 {run.P50:F2} p99 {run.P99:F2} p99.9 {run.P999:F2} ms (generator late p99 {run.Late:F2} ms, stolen {run.StolenMillis:F0} ms)"));
}
