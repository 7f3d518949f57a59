using System.Collections.Concurrent;
using RtpCluster.CallActors;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Telemetry.Logging;

namespace RtpCluster.Server.Cli;

/// <summary>What the operator's commands work on.</summary>
/// <param name="Registry">The calls.</param>
/// <param name="Statistics">Reads everything the node counts.</param>
/// <param name="Reply">Tells them as ng does.</param>
/// <param name="Log">The log, for its level.</param>
public sealed record CliContext(
    CallRegistry Registry, Func<CancellationToken, ValueTask<NodeStatistics>> Statistics, Func<NodeStatistics, NgDictionary> Reply, NodeLog Log)
{
    /// <summary>The cluster that the node is a member of; null: it is alone.</summary>
    internal Roles.Cluster.ClusterRole? Cluster { get; init; }

    /// <summary>Values that knobs had before they were first turned.</summary>
    internal ConcurrentDictionary<string, double> KnobStarts { get; } = new();
}

/// <summary>A command of the operator.</summary>
/// <param name="Words">The words it begins with.</param>
/// <param name="Arguments">The rest, for the usage text.</param>
/// <param name="Help">One line.</param>
/// <param name="Run">Runs it with the words behind its own.</param>
internal sealed record CliCommand(
    string Words, string Arguments, string Help, Func<CliContext, string[], CancellationToken, ValueTask<string>> Run)
{
    /// <summary>A command that needs no waiting.</summary>
    public static CliCommand Of(string words, string arguments, string help, Func<CliContext, string[], string> run) =>
        new(words, arguments, help, (context, rest, _) => ValueTask.FromResult(run(context, rest)));

    /// <summary>A command of the peer that comes later.</summary>
    public static CliCommand Later(string words) =>
        Of(words, string.Empty, "not supported yet", (_, _) => $"not supported yet: {words}\n");
}
