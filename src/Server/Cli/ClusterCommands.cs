using RtpCluster.Cluster.Storage;
using RtpCluster.Server.Roles.Cluster;

namespace RtpCluster.Server.Cli;

/// <summary>What the operator asks of a cluster's member: <c>cluster</c>, <c>stored …</c>, <c>drain</c>, <c>ready</c>.</summary>
internal static class ClusterCommands
{
    private const string Alone = "This node is alone (no --redis).\n", RebalanceHere = "rebalance here";

    /// <summary>The rows.</summary>
    public static IEnumerable<CliCommand> All =>
    [
        CliCommand.Of("cluster", string.Empty, "members, shards and owners as this node sees them", (context, _) => context.Cluster is { } cluster ? ClusterText.Describe(cluster) : Alone),
        CliCommand.Of("ready", string.Empty, "whether it serves its shards and reaches Redis", (context, _) => context.Cluster is null or { Node.IsReady: true } ? "ready\n" : "not ready\n"),
        CliCommand.Of("drain", "[exit]", "give the shards to the others and take no new calls; the media that is here stays. exit: end the process when it has ended", Drain),
        new("rebalance", string.Empty, "every node gives away at once what should be elsewhere", RebalanceAsync),
        CliCommand.Of(RebalanceHere, string.Empty, "this node only", (context, _) => context.Cluster is { } cluster ? $"{cluster.Node.Rebalance()} shards move\n" : Alone),
        new("cluster list", "sessions|totals|…", "a list command at every node", ListAsync),
        new("cluster statistics", string.Empty, "the statistics of all nodes, added up, as JSON", StatisticsAsync),
    ];

    /// <summary>Another node may have this line run here.</summary>
    public static bool MayBeAsked(string line) => line == RebalanceHere || line.StartsWith("list ", StringComparison.Ordinal);

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

    private static ValueTask<string> RebalanceAsync(CliContext context, string[] words, CancellationToken cancel) => EverywhereAsync(context, RebalanceHere);

    private static ValueTask<string> ListAsync(CliContext context, string[] words, CancellationToken cancel) =>
        EverywhereAsync(context, "list " + string.Join(' ', words.DefaultIfEmpty("numsessions")));

    private static async ValueTask<string> EverywhereAsync(CliContext context, string line)
    {
        if (context.Cluster is not { } cluster)
        {
            return Alone;
        }

        var answers = await cluster.AskAllAsync(line);
        return string.Concat(answers.Select(a => $"{a.Node}:\n{a.Text ?? "no answer\n"}"));
    }

    private static async ValueTask<string> StatisticsAsync(CliContext context, string[] words, CancellationToken cancel)
    {
        if (context.Cluster is not { } cluster)
        {
            return Alone;
        }

        var answers = await cluster.AskAllAsync("list jsonstats");
        string[] silent = [.. answers.Where(a => a.Text is null).Select(a => a.Node.ToString())];
        var sum = JsonSum.Of(answers.Select(a => a.Text).OfType<string>());
        return $"{sum}\n{(silent.Length == 0 ? string.Empty : $"no answer: {string.Join(' ', silent)}\n")}";
    }

    private static string Drain(CliContext context, string[] words)
    {
        if (context.Cluster is not { } cluster)
        {
            return Alone;
        }

        cluster.Drain(exit: words is ["exit"]);
        return $"draining: {cluster.Node.ShardsServed} shards to give away, {cluster.MediaCalls} calls with media here\n";
    }
}
