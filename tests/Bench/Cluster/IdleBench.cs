using System.Globalization;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench.Cluster;

/// <summary>What the members of a cluster without any call cost, with the default times of leases and probes, once the compiler is done.</summary>
internal static class IdleBench
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(90);

    /// <summary>One node, then three.</summary>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        foreach (int nodes in options.Members)
        {
            using var host = new ClusterHost(nodes, interfaces: 1, options.NodeOptions);
            await host.ReadyAsync().ConfigureAwait(false);
            await Task.Delay(s_settle).ConfigureAwait(false);
            var processes = host.Processes;
            double[] before = [.. processes.Select(p => NodeProcess.CpuSecondsOf(p.Pid))];
            double stolen = MachineNoise.StolenSeconds;
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds)).ConfigureAwait(false);
            stolen = MachineNoise.StolenSeconds - stolen;
            Console.WriteLine($"{nodes} idle node(s), ms of CPU per second: " + string.Join(", ", processes.Select((p, i) => string.Create(
                CultureInfo.InvariantCulture, $"{p.Name} {(NodeProcess.CpuSecondsOf(p.Pid) - before[i]) * 1000 / options.Seconds:F1}")))
                + string.Create(CultureInfo.InvariantCulture, $"; other guests took {stolen:F2} s"));
        }

        return 0;
    }
}
