using Microsoft.Extensions.Logging;
using RtpCluster.CallActors;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Storage;
using RtpCluster.Control;
using RtpCluster.NodeAgent;
using RtpCluster.Server.Cli;
using RtpCluster.Server.Options;
using RtpCluster.Telemetry.Logging;
using RtpCluster.Telemetry.Metrics;

namespace RtpCluster.Server.Roles;

/// <summary>A whole node in one process (and its media process): control, calls, agent. Starts it, keeps it ticking, stops it.</summary>
internal sealed class NodeRole(NodeOptions options, NodeLog log)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);
    private readonly ILogger _log = log.Factory.CreateLogger("RtpCluster.Node");

    /// <summary>Runs until <paramref name="stopped"/>; returns the exit code.</summary>
    /// <param name="warnings">What the options had to say, for the log.</param>
    /// <param name="stopped">Asks for a graceful stop.</param>
    public async Task<int> RunAsync(IEnumerable<string> warnings, CancellationToken stopped)
    {
        foreach (string warning in warnings)
        {
            _log.LogWarning("{Warning}", warning);
        }

        using var state = new StateDirectory(options.StateDir);
        using var store = new EmbeddedCallStore(new() { Directory = options.StateDir, Sync = options.StateSync });
        if (store.TornBytes > 0)
        {
            _log.LogWarning("the journal ended in {Bytes} torn bytes, which were cut off", store.TornBytes);
        }

        var node = await MediaNode.StartAsync(NodeMapping.Agent(options, state.Path), log.Factory, stopped);
        var gauge = new LoadGauge();
        var statistics = new StatisticsReader(node, store, gauge, _log);
        var registry = MakeRegistry(node, store, gauge, statistics, new CertificateFile(state.Path, rsaBits: 0));
        await node.AdoptAsync(await Recovery.RestoreAsync(registry, stopped), stopped);

        var control = new ControlServer(
            NodeMapping.Control(options), new LocalRouter(registry), registry.Cli!, () => PrometheusText.Write(statistics.Read()), log.Factory);
        statistics.Control = control.Statistics;
        await statistics.SampleAsync(stopped);
        await WarmUp.RunAsync(registry.Host.Config, node);
        try
        {
            await control.StartAsync();
        }
        catch (ListenException)
        {
            await node.DisposeAsync();
            throw;
        }

        using var pidFile = new PidFile(options.PidFile);
        using var churn = new AllocationChurn(options.AllocationChurn);
        _log.LogInformation(
            "rtpcluster {Version} runs: {Calls} calls restored, packet tier {Tier}, ng on {Ng}",
            NodeOptionsBinder.Version, registry.Host.Sessions.Current, node.PacketTier, string.Join(", ", options.ListenNg));
        await Task.WhenAll(
            EveryAsync(TickInterval, _ => { registry.Tick(); return Task.CompletedTask; }, stopped),
            EveryAsync(SampleInterval, statistics.SampleAsync, stopped));
        await StopAsync(control, node);
        return 0;
    }

    private CallRegistry MakeRegistry(MediaNode node, EmbeddedCallStore store, LoadGauge gauge, StatisticsReader statistics, CertificateFile certificate)
    {
        var limits = new LoadLimits
        {
            MaxSessions = options.MaxSessions,
            MaxLoad = options.MaxLoad,
            MaxCpu = options.MaxCpu,
            MaxBandwidth = options.MaxBandwidth,
        };
        var host = new CallHost
        {
            Config = NodeMapping.Calls(options, certificate.Current),
            Node = node,
            Store = store,
            Log = log.Factory.CreateLogger("RtpCluster.Call"),
        };
        var registry = new CallRegistry(host, limits, gauge)
        {
            Statistics = async cancel => statistics.Reply(await statistics.ReadFreshAsync(cancel)),
        };
        statistics.Registry = registry;
        registry.Cli = new CliHandler(new CliContext(registry, statistics.ReadFreshAsync, statistics.Reply, log));
        return registry;
    }

    private async Task StopAsync(ControlServer control, MediaNode node)
    {
        _log.LogInformation("stopping");
        try
        {
            await StopPartsAsync(control, node).WaitAsync(StopLimit, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _log.LogWarning("the parts did not stop within {Seconds} s and are left behind", StopLimit.TotalSeconds);
        }

        _log.LogInformation("stopped");
    }

    private static async Task StopPartsAsync(ControlServer control, MediaNode node)
    {
        await control.StopAsync();
        await node.DisposeAsync();
    }

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> act, CancellationToken stopped)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stopped))
            {
                await TryAsync(act, stopped);
            }
        }
        catch (OperationCanceledException)
        {
            // The stop we were told to wait for.
        }
    }

    // A node goes on without a round of its housekeeping.
    private async Task TryAsync(Func<CancellationToken, Task> act, CancellationToken stopped)
    {
        try
        {
            await act(stopped);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.LogError(e, "housekeeping failed and is tried again");
        }
    }
}
