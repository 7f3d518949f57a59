using System.Globalization;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench;

/// <summary>Does garbage in the control process delay packets? 500 two-way calls (50,000 packets/s) with and without 100 MB/s of churn, in turns.</summary>
internal static class ChurnBench
{
    public static async Task<int> RunAsync(BenchOptions options)
    {
        List<double> calm = [], churned = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            calm.Add(await MeasureAsync(options, []).ConfigureAwait(false));
            churned.Add(await MeasureAsync(options, ["--test-allocation-churn=100"]).ConfigureAwait(false));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: p99.9 {calm[^1]:F2} ms without, {churned[^1]:F2} ms with 100 MB/s of churn"));
        }

        double ratio = churned.Order().ElementAt(options.Rounds / 2) / calm.Order().ElementAt(options.Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median p99.9 with churn / without: {ratio:F2}"));
        return 0;
    }

    private static async Task<double> MeasureAsync(BenchOptions options, string[] extra)
    {
        using var lab = new Lab();
        using var node = new NodeProcess(lab, peer: false, ["-L", "4", .. options.NodeOptions, .. extra]);
        await node.ReadyAsync().ConfigureAwait(false);
        using var load = new LoadGenerator(lab);
        for (int i = 0; i < 500; i++)
        {
            var (caller, callee) = node.Ng.Call($"bench-{i}", Lab.CallerV4, 6000, Lab.CalleeV4, 6000);
            load.Add(caller, callee);
        }

        load.Run(TimeSpan.FromSeconds(4), measure: false);
        load.Run(TimeSpan.FromSeconds(options.Seconds));
        return load.Delay.Quantile(0.999);
    }
}
