using RtpCluster.Cluster;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Simulation;

/// <summary>The way from one node to the others: slow, lossy both ways, cut in one direction or both.</summary>
public sealed class SimPeers(World world, SimNode from) : IPeers
{
    private const int ProbeMillis = 250, CallMillis = 1000, CommandMillis = 4000;

    public ValueTask<bool> ProbeAsync(NodeRef to, NodeRef about) => CallAsync(to, ProbeMillis, node =>
        about.IsNone ? ValueTask.FromResult(true) : new SimPeers(world, node).ProbeAsync(about, NodeRef.None));

    public ValueTask<FenceReply?> FenceAsync(NodeRef to, int shard, FenceToken token, bool whole) => CallAsync(to, CallMillis, node =>
        ValueTask.FromResult<FenceReply?>(world.Plant.HasFlag(Plant.FenceDropped) ? new(token, []) : node.Agent.Fence(shard, token, whole)));

    public ValueTask<CommandResult?> CommandAsync(NodeRef to, CommandMessage command) =>
        CallAsync<CommandResult?>(to, CommandMillis, async node => await node.Router.HandleRemoteAsync(command, default).ConfigureAwait(false));

    public ValueTask<MediaReply?> MediaAsync(NodeRef to, MediaRequest request) =>
        CallAsync<MediaReply?>(to, CallMillis, async node => await node.Agent.HandleAsync(request, default).ConfigureAwait(false));

    public ValueTask<string?> AskAsync(NodeRef to, string line) => ValueTask.FromResult<string?>(null);

    public ValueTask<bool> FactAsync(NodeRef to, MediaFact fact) => ValueTask.FromResult(false);

    public ValueTask<bool> LeaveAddressAsync(NodeRef to, IpAddress address, long epoch, int limitMillis) => ValueTask.FromResult(false);

    private ValueTask<T> CallAsync<T>(NodeRef to, int timeout, Func<SimNode, ValueTask<T>> act)
    {
        var source = new TaskCompletionSource<T>();
        world.At(from, timeout, () => source.TrySetResult(default!));
        var node = world.Nodes.Find(n => n.Ref == to);
        if (node is null || (node != from && world.Lost()))
        {
            return new(source.Task);
        }

        world.At(node, node == from ? 0 : world.Chance.Next(1, 4), async () =>
        {
            if (world.Cut.Contains((from.Ref.Node, to.Node)))
            {
                return;
            }

            var reply = await act(node).ConfigureAwait(false);
            if (node == from || !(world.Lost() || world.Cut.Contains((to.Node, from.Ref.Node))))
            {
                world.At(from, node == from ? 0 : world.Chance.Next(1, 4), () => source.TrySetResult(reply));
            }
        });
        return new(source.Task);
    }
}
