using System.Globalization;

namespace RtpCluster.Bench;

/// <summary>Does garbage in the control process delay packets? 500 two-way calls (50,000 packets/s) with and without 100 MB/s of churn, in turns.</summary>
internal static class ChurnBench
{
    private const int Calls = 500, WarmUpSeconds = 4;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        List<double> calm = [], churned = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            calm.Add(await MeasureAsync(options, []).ConfigureAwait(false));
            churned.Add(await MeasureAsync(options, ["--test-allocation-churn=100"]).ConfigureAwait(false));
        }

        double ratio = churned.Order().ElementAt(options.Rounds / 2) / calm.Order().ElementAt(options.Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median p99.9 with churn / without: {ratio:F2}"));
        return 0;
    }

    private static async Task<double> MeasureAsync(BenchOptions options, string[] extra)
    {
        using var subject = await RelaySubject.StartAsync("rtpcluster", Calls, [.. options.NodeOptions, .. extra]).ConfigureAwait(false);
        subject.WarmUp(WarmUpSeconds);
        Console.Write(extra.Length > 0 ? "with churn    " : "without churn ");
        return RelayBench.MeasureUndisturbed(subject, Calls, options.Seconds).P999;
    }
}
