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

    /// <summary>Fences an agent; <paramref name="whole"/>: with the states of its calls, else their stamps only. Null: no answer.</summary>
    ValueTask<FenceReply?> FenceAsync(NodeRef to, int shard, FenceToken token, bool whole);

    /// <summary>Has another node run a command; null: no answer.</summary>
    ValueTask<CommandResult?> CommandAsync(NodeRef to, CommandMessage command);

    /// <summary>Has an agent do something to a call's media; null: no answer.</summary>
    ValueTask<MediaReply?> MediaAsync(NodeRef to, MediaRequest request);

    /// <summary>Runs a line of the operator's at a node, one that only reads; null: no answer.</summary>
    ValueTask<string?> AskAsync(NodeRef to, string line);

    /// <summary>Tells a call's owner what its media node found out; false: it did not take it.</summary>
    ValueTask<bool> FactAsync(NodeRef to, MediaFact fact);

    /// <summary>Tells a node to get off a floating address that is ours now; false: it did not have it, or did not say in time that it went.</summary>
    ValueTask<bool> LeaveAddressAsync(NodeRef to, IpAddress address, long epoch, int limitMillis);
}
