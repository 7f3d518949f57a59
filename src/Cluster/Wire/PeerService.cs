using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Wire;

/// <summary>What a node does for the others. Safe for concurrent use.</summary>
/// <param name="self">This life of this node: what is meant for another one is refused.</param>
/// <param name="agent">Its media.</param>
public sealed class PeerService(NodeRef self, FencedAgent agent)
{
    /// <summary>This life of this node.</summary>
    public NodeRef Self => self;

    /// <summary>Tries another member for somebody; set before the first request.</summary>
    public Func<NodeRef, ValueTask<bool>> Probe { get; set; } = static _ => ValueTask.FromResult(false);

    /// <summary>Another node says that it is there; set before the first request.</summary>
    public Action<NodeRef> Heard { get; set; } = static _ => { };

    /// <summary>Runs a command; set before the first request.</summary>
    public Func<CommandMessage, CancellationToken, ValueTask<CommandResult>> Command { get; set; } =
        static (_, _) => ValueTask.FromResult(new CommandResult(false, default));

    /// <summary>Takes a fact about a call of ours; false: it is not ours.</summary>
    public Func<MediaFact, bool> Fact { get; set; } = static _ => false;

    /// <summary>Runs a line of the operator's at another node; set before the first request.</summary>
    public Func<string, ValueTask<string>> Ask { get; set; } = static _ => ValueTask.FromResult(string.Empty);

    /// <summary>Gets off a floating address that another node has; set before the first request.</summary>
    public Func<IpAddress, long, ValueTask<bool>> LeaveAddress { get; set; } = static (_, _) => ValueTask.FromResult(true);

    /// <summary>Takes a token.</summary>
    public FenceReply Fence(int shard, FenceToken token, bool whole) => agent.Fence(shard, token, whole);

    /// <summary>Does something to a call's media.</summary>
    public ValueTask<MediaReply> MediaAsync(MediaRequest request, CancellationToken cancel) => agent.HandleAsync(request, cancel);
}
