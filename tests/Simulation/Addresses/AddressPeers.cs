using RtpCluster.Cluster;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Simulation.Addresses;

/// <summary>The way from one keeper to the others.</summary>
public sealed class AddressPeers(World world, AddressNode from, Func<NodeRef, AddressNode?> find) : IPeers
{
    public ValueTask<bool> LeaveAddressAsync(NodeRef to, IpAddress address, long epoch, int limitMillis)
    {
        var source = new TaskCompletionSource<bool>();
        if (world.Plant.HasFlag(Plant.LeaveUnheard))
        {
            return ValueTask.FromResult(true);
        }

        world.At(from, limitMillis, () => source.TrySetResult(false));
        if (find(to) is not { } node || world.Lost())
        {
            return new(source.Task);
        }

        world.At(node, world.Chance.Next(1, 4), async () =>
        {
            if (!world.Cut.Contains((from.Ref.Node, to.Node)))
            {
                bool left = await node.Keeper.FenceAsync(address, epoch).ConfigureAwait(false);
                if (!world.Lost() && !world.Cut.Contains((to.Node, from.Ref.Node)))
                {
                    world.At(from, world.Chance.Next(1, 4), () => source.TrySetResult(left));
                }
            }
        });
        return new(source.Task);
    }

    public ValueTask<bool> ProbeAsync(NodeRef to, NodeRef about) => throw new NotSupportedException();

    public ValueTask<FenceReply?> FenceAsync(NodeRef to, int shard, FenceToken token, bool whole) => throw new NotSupportedException();

    public ValueTask<CommandResult?> CommandAsync(NodeRef to, CommandMessage command) => throw new NotSupportedException();

    public ValueTask<MediaReply?> MediaAsync(NodeRef to, MediaRequest request) => throw new NotSupportedException();

    public ValueTask<string?> AskAsync(NodeRef to, string line) => throw new NotSupportedException();

    public ValueTask<bool> FactAsync(NodeRef to, MediaFact fact) => throw new NotSupportedException();
}
