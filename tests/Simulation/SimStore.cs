using RtpCluster.Cluster.Storage;

namespace RtpCluster.Simulation;

/// <summary>The way from one node to the store: slow, lossy both ways, sometimes late.</summary>
public sealed class SimStore(World world, SimProcess node) : IClusterStore
{
    private const int TimeoutMillis = 500, LateMillis = 800;

    public ValueTask<StoreReply> ExecuteAsync(StoreRequest request, CancellationToken cancel)
    {
        var source = new TaskCompletionSource<StoreReply>();
        world.At(node, TimeoutMillis, () => source.TrySetException(new StoreUnavailableException("timeout")));
        if (world.Lost())
        {
            return new(source.Task);
        }

        // Late: it is done when its sender has given it up.
        long delay = world.Loss > 0 && world.Chance.Next(50) == 0 ? LateMillis : world.Chance.Next(1, 4);
        world.At(delay, () =>
        {
            if (world.StoreDown || world.Cut.Contains((node.Ref.Node, "store")))
            {
                return;
            }

            var reply = world.Store.Execute(Planted(request), world.Now);
            if (!world.Lost())
            {
                world.At(node, world.Chance.Next(1, 4), () => source.TrySetResult(Planted(request, reply)));
            }
        });
        return new(source.Task);
    }

    private StoreRequest Planted(StoreRequest request) => request switch
    {
        CommitCall commit when world.Plant.HasFlag(Plant.RepliesDropped) => commit with { Cookie = string.Empty },
        CommitCall commit when world.Plant.HasFlag(Plant.CommitUnchecked)
            && world.Store.Execute(new ReadLease(commit.Resource), world.Now) is LeaseReply lease =>
            commit with { Owner = lease.Owner, Stamp = commit.Stamp with { Token = lease.Token } },
        _ => request,
    };

    private StoreReply Planted(StoreRequest request, StoreReply reply) =>
        request is ReadStamps && world.Plant.HasFlag(Plant.ReadDropped) ? new CallsReply([]) : reply;
}
