using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Cluster.Routing;

/// <summary>Brings a command to the node that owns its call: call-id to shard to owner.</summary>
public interface ICallRouter : INgHandler
{
    /// <summary>This node owns the call.</summary>
    bool IsLocal(CallId callId);
}

/// <summary>The router of a single node: it owns every call.</summary>
public sealed class LocalRouter(INgHandler node) : ICallRouter
{
    /// <inheritdoc/>
    public bool IsLocal(CallId callId) => true;

    /// <inheritdoc/>
    public ValueTask<NgDictionary> HandleAsync(NgCommand command, CancellationToken cancel) => node.HandleAsync(command, cancel);
}
