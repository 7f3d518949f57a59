using System.Globalization;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench;

/// <summary>Offer+answer pairs per second with the whole node held to one core, and memory of idle calls.</summary>
internal static class ControlBench
{
    private const int PerSecond = 1000, Calls = 5000;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        using var lab = new Lab();
        using var node = new NodeProcess(lab, peer: false, ["-L", "4", "--port-min=10000", "--port-max=59999", $"--state-dir={Path.Combine(lab.Folder, "state")}", .. options.NodeOptions]);
        await node.ReadyAsync().ConfigureAwait(false);
        long fresh = node.ResidentBytes;
        foreach (int pid in node.Processes)
        {
            ChildProcess.Run("taskset", "-a", "-p", "-c", "0", pid.ToString(CultureInfo.InvariantCulture));
        }

        // Warm up: the just-in-time compiler and the heap's first growth.
        await PlaceAsync(lab, "warm-", 2000).ConfigureAwait(false);
        for (int i = 0; i < 2000; i++)
        {
            node.Ng.Send("delete", ("call-id", $"warm-{i}"), ("delete delay", "0"));
        }

        double cpu = node.CpuSeconds;
        using var client = await PlaceAsync(lab, "idle-", Calls).ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Calls} offer+answer pairs at {PerSecond}/s on one core: {client.Errors} errors, p50 {client.Quantile(0.5):F2} p99 {client.Quantile(0.99):F2} p99.9 {client.Quantile(0.999):F2} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CPU: {(node.CpuSeconds - cpu) * 1000 / Calls:F2} ms per pair"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory: {(node.ResidentBytes - fresh) / 1024.0 / Calls:F1} KB per idle call (node {fresh / 1048576.0:F0} MB fresh, {node.ResidentBytes / 1048576.0:F0} MB at {Calls} calls)"));
        return client.Errors == 0 ? 0 : 1;
    }

    private static async Task<PairClient> PlaceAsync(Lab lab, string prefix, int calls)
    {
        var client = new PairClient(lab);
        client.Run(prefix, calls, PerSecond);
        await Eventually.HoldsAsync(() => client.Answered + client.Errors >= calls, TimeSpan.FromSeconds(20),
            () => $"{client.Answered} of {calls} calls answered, {client.Errors} errors").ConfigureAwait(false);
        return client;
    }
}
