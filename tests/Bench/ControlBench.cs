using System.Globalization;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench;

/// <summary>
/// Offer+answer pairs per second with the whole node (control and media process) held to the first core and the load generator to the
/// others, and the memory of idle calls.
/// </summary>
internal static class ControlBench
{
    private const int Calls = 5000, WarmUpCalls = 2500;

    private static readonly int[] WarmUpRates = [250, 500, 750];

    public static async Task<int> RunAsync(BenchOptions options)
    {
        using var lab = new Lab();
        using var node = await StartAsync(lab, options).ConfigureAwait(false);
        Pin(Environment.ProcessId, "1-63");
        foreach (int pid in node.Processes)
        {
            Pin(pid, "0");
        }

        // The just-in-time compiler, the heap's first growth, and the generator's own.
        foreach (int rate in WarmUpRates)
        {
            string prefix = $"warm{rate}-";
            using var warm = await PlaceAsync(lab, prefix, WarmUpCalls, rate).ConfigureAwait(false);
            Delete(node, prefix, WarmUpCalls);
        }

        bool good = true;
        foreach (int rate in options.Rates)
        {
            string prefix = $"at{rate}-";
            good &= await MeasureAsync(lab, node, prefix, rate).ConfigureAwait(false);
            Delete(node, prefix, Calls);
        }

        return good ? 0 : 1;
    }

    /// <summary>Resident memory of a node with so many answered calls and no media, less what it had before the first.</summary>
    public static async Task<int> MemoryAsync(BenchOptions options)
    {
        using var lab = new Lab();
        using var node = await StartAsync(lab, options).ConfigureAwait(false);
        long fresh = node.ResidentBytes;
        using var client = await PlaceAsync(lab, "idle-", Calls, WarmUpRates[0]).ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory: {(node.ResidentBytes - fresh) / 1024.0 / Calls:F1} KB per idle call (node {fresh / 1048576.0:F0} MB fresh, {node.ResidentBytes / 1048576.0:F0} MB at {Calls} calls)"));
        return client.Errors == 0 ? 0 : 1;
    }

    private static async Task<NodeProcess> StartAsync(Lab lab, BenchOptions options)
    {
        var node = new NodeProcess(lab, peer: false, ["-L", "4", "--port-min=10000", "--port-max=59999", $"--state-dir={Path.Combine(lab.Folder, "state")}", .. options.NodeOptions]);
        await node.ReadyAsync().ConfigureAwait(false);
        return node;
    }

    private static async Task<bool> MeasureAsync(Lab lab, NodeProcess node, string prefix, int rate)
    {
        double[] before = [.. node.Processes.Select(NodeProcess.CpuSecondsOf)];
        long stolen = StolenTicks();
        using var client = await PlaceAsync(lab, prefix, Calls, rate).ConfigureAwait(false);
        stolen = StolenTicks() - stolen;
        double[] perPair = [.. node.Processes.Select((pid, i) => (NodeProcess.CpuSecondsOf(pid) - before[i]) * 1000 / Calls)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Calls} offer+answer pairs at {rate}/s on one core: {client.Errors} errors, p50 {client.Quantile(0.5):F2} p99 {client.Quantile(0.99):F2} p99.9 {client.Quantile(0.999):F2} ms, "
            + $"{perPair.Sum():F3} ms of CPU per pair ({perPair[0]:F3} control, {perPair[^1]:F3} media); the generator was up to {client.Lateness:F1} ms late, other guests took {stolen * 10} ms of the core"));
        return client.Errors == 0;
    }

    private static async Task<PairClient> PlaceAsync(Lab lab, string prefix, int calls, int rate)
    {
        var client = new PairClient(lab, prefix, calls);
        GC.Collect();
        client.Run(rate);
        await Eventually.HoldsAsync(() => client.Answered + client.Errors >= calls, TimeSpan.FromSeconds(20),
            () => $"{client.Answered} of {calls} calls answered, {client.Errors} errors").ConfigureAwait(false);
        return client;
    }

    private static void Delete(NodeProcess node, string prefix, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            node.Ng.Send("delete", ("call-id", $"{prefix}{i}"), ("delete delay", "0"));
        }
    }

    private static void Pin(int pid, string cpus) => ChildProcess.Run("taskset", "-a", "-p", "-c", cpus, pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>Time in 1/100 s that the hypervisor gave the first core to somebody else.</summary>
    private static long StolenTicks() =>
        long.Parse(File.ReadLines("/proc/stat").ElementAt(1).Split(' ', StringSplitOptions.RemoveEmptyEntries)[8], CultureInfo.InvariantCulture);
}
