using Microsoft.Extensions.Logging;
using RtpCluster.CallActors;
using RtpCluster.CallModel;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.Control;
using RtpCluster.Ng;
using RtpCluster.NodeAgent;
using RtpCluster.NodeAgent.Runtime;
using RtpCluster.Server.Cli;
using RtpCluster.Server.Options;
using RtpCluster.Server.Roles.Cluster;
using RtpCluster.Telemetry.Logging;
using RtpCluster.Telemetry.Metrics;

namespace RtpCluster.Server.Roles;

/// <summary>A whole node in one process (and its media process): control, calls, agent. Starts it, keeps it ticking, stops it.</summary>
internal sealed class NodeRole(NodeOptions options, NodeLog log)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(6);
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
        // A member of a cluster keeps its calls in Redis.
        using var store = options.Cluster is null ? new EmbeddedCallStore(new() { Directory = options.StateDir, Sync = options.StateSync }) : null;
        if (store is { TornBytes: > 0 })
        {
            _log.LogWarning("the journal ended in {Bytes} torn bytes, which were cut off", store.TornBytes);
        }

        var node = await MediaNode.StartAsync(NodeMapping.Agent(options, state.Path), log.Factory, stopped);
        var gauge = new LoadGauge();
        var certificate = new CertificateFile(state.Path, options.DtlsRsaBits, options.DtlsSignature);
        ClusterRole? cluster = null;
        var config = NodeMapping.Calls(options, () => cluster?.Certificate.Current() ?? certificate.Current());
        cluster = options.Cluster is null ? null : new ClusterRole(options.Cluster, config, certificate, node, log) { KeepsMedia = options.KeepMedia };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopped, cluster?.Finished ?? CancellationToken.None);
        stopped = ending.Token;
        var care = RuntimeCare.RunAsync(stopped);
        var statistics = new StatisticsReader(node, () => store is null ? (cluster!.Calls.Count, 0) : (store.Count, store.JournalBytes), gauge, _log);
        var registry = MakeRegistry(cluster?.Media ?? node, (ICallStore?)store ?? cluster!.Calls, config, gauge, statistics, cluster);
        INgHandler router = cluster?.Attach(registry, NodeMapping.Control(options).Templates) ?? new LocalRouter(registry);
        if (cluster is null)
        {
            await node.AdoptAsync(await Recovery.RestoreAsync(registry, stopped), stopped);
        }

        var control = new ControlServer(
            NodeMapping.Control(options) with { Ready = () => cluster?.Node.IsReady ?? true }, router, registry.Cli!,
            () => PrometheusText.Write(statistics.Read()) + (cluster is null ? string.Empty : ClusterText.Metrics(cluster)), log.Factory);
        statistics.Control = control.Statistics;
        await statistics.SampleAsync(stopped);
        await WarmUp.RunAsync(registry.Host.Config, node);
        try
        {
            await (cluster?.StartAsync() ?? Task.CompletedTask);
            await control.StartAsync();
        }
        catch (Exception e) when (e is ListenException or IOException)
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
            EveryAsync(SampleInterval, statistics.SampleAsync, stopped),
            care);
        await StopAsync(control, node, cluster);
        return 0;
    }

    private CallRegistry MakeRegistry(
        IMediaNode node, ICallStore store, CallConfig config, LoadGauge gauge, StatisticsReader statistics, ClusterRole? cluster)
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
            Config = config,
            Node = node,
            Store = store,
            Log = log.Factory.CreateLogger("RtpCluster.Call"),
            Gate = cluster?.Node,
            ConfigForNew = cluster is null ? null : cluster.ConfigForNew,
            ConfigForStored = cluster is null ? null : cluster.ConfigForStored,
        };
        var registry = new CallRegistry(host, limits, gauge)
        {
            Statistics = async cancel => statistics.Reply(await statistics.ReadFreshAsync(cancel)),
        };
        statistics.Registry = registry;
        registry.Cli = new CliHandler(new CliContext(registry, statistics.ReadFreshAsync, statistics.Reply, log) { Cluster = cluster });
        return registry;
    }

    private async Task StopAsync(ControlServer control, MediaNode node, ClusterRole? cluster)
    {
        _log.LogInformation("stopping");
        try
        {
            await StopPartsAsync(control, node, cluster).WaitAsync(StopLimit, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _log.LogWarning("the parts did not stop within {Seconds} s and are left behind", StopLimit.TotalSeconds);
        }

        _log.LogInformation("stopped");
    }

    private static async Task StopPartsAsync(ControlServer control, MediaNode node, ClusterRole? cluster)
    {
        await control.StopAsync();
        await (cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
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
