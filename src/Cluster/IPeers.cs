using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster;

/// <summary>
/// The other members, this one included. Every call has a deadline; an exception other than the documented ones never comes out, and after one
/// what was asked may or may not have been done. Safe for concurrent use.
/// </summary>
public interface IPeers
{
    /// <summary>Does <paramref name="to"/> live? With <paramref name="about"/>: does it reach that one?</summary>
    ValueTask<bool> ProbeAsync(NodeRef to, NodeRef about);

    /// <summary>Fences an agent; null: no answer.</summary>
    ValueTask<FenceReply?> FenceAsync(NodeRef to, int shard, FenceToken token);

    /// <summary>Has another node run a command; null: no answer.</summary>
    ValueTask<CommandResult?> CommandAsync(NodeRef to, CommandMessage command);

    /// <summary>Has an agent do something to a call's media; null: no answer.</summary>
    ValueTask<MediaReply?> MediaAsync(NodeRef to, MediaRequest request);

    /// <summary>Tells a call's owner what its media node found out; false: it did not take it.</summary>
    ValueTask<bool> FactAsync(NodeRef to, MediaFact fact);
}

/// <summary>Time as the cluster sees it: monotonic, and able to wait.</summary>
/// <param name="Now">Milliseconds.</param>
/// <param name="Delay">Waits for some milliseconds.</param>
/// <param name="Wall">Wall-clock time.</param>
public sealed record ClusterTime(Func<long> Now, Func<int, ValueTask> Delay, Func<Instant> Wall)
{
    /// <summary>The machine's.</summary>
    public static ClusterTime System { get; } = new(
        static () => Environment.TickCount64,
        static millis => new ValueTask(Task.Delay(millis)),
        static () => new Instant((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10));
}
