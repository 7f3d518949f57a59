using RtpCluster.Cluster.Storage;
using RtpCluster.Server.Roles.Cluster;

namespace RtpCluster.Server.Cli;

/// <summary>What the operator asks of a cluster's member: <c>cluster</c>, <c>stored …</c>, <c>drain</c>, <c>ready</c>.</summary>
internal static class ClusterCommands
{
    private const string Alone = "This node is alone (no --redis).\n";

    /// <summary>The rows.</summary>
    public static IEnumerable<CliCommand> All =>
    [
        CliCommand.Of("cluster", string.Empty, "members, shards and owners as this node sees them", (context, _) => context.Cluster is { } cluster ? ClusterText.Describe(cluster) : Alone),
        CliCommand.Of("ready", string.Empty, "whether it serves its shards and reaches Redis", (context, _) => context.Cluster is null or { Node.IsReady: true } ? "ready\n" : "not ready\n"),
        CliCommand.Of("drain", string.Empty, "give the shards to the others and take no new calls; the media that is here stays", (context, _) => Drain(context)),
    ];

    /// <summary>A call of the whole cluster with its state in Redis.</summary>
    public static async ValueTask<string> StoredAsync(CliContext context, string callId, CancellationToken cancel)
    {
        if (context.Cluster is not { } cluster)
        {
            return Alone;
        }

        try
        {
            return ClusterText.Describe(cluster, callId, await cluster.ReadAsync(callId, cancel));
        }
        catch (StoreUnavailableException e)
        {
            return e.Message + "\n";
        }
    }

    private static string Drain(CliContext context)
    {
        if (context.Cluster is not { } cluster)
        {
            return Alone;
        }

        cluster.Node.Drain();
        return $"draining: {cluster.Node.ShardsServed} shards to give away, {cluster.MediaCalls} calls with media here\n";
    }
}
