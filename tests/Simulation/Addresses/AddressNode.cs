using RtpCluster.Cluster.Addresses;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Simulation.Addresses;

/// <summary>A control process with the product's keeper of a floating address.</summary>
public sealed class AddressNode : SimProcess
{
    private const int TickMillis = 20;
    private readonly World _world;

    public AddressNode(World world, AddressHost host, IReadOnlyList<AddressHost> hosts, FloatingAddress address, Func<NodeRef, AddressNode?> find, Action<string> wrong)
        : base(world, new(host.Name, world.Wall.Micros))
    {
        _world = world;
        Host = host;
        Link = new AddressLink(world, this, host, hosts, wrong);
        Keeper = new AddressKeeper(
            Ref, [address], new AddressTimers { HandBack = 1000 }, new SimStore(world, this), new AddressPeers(world, this, find), Link, new MediaDirectory(), Time,
            new TraceLog(world, host.Name));
        Tick();
    }

    public AddressHost Host { get; }

    public AddressLink Link { get; }

    public AddressKeeper Keeper { get; }

    public bool IsDraining { get; set; }

    /// <summary>Since when it has stood still, ms; null: it does not.</summary>
    public long? StoppedAt { get; set; }

    public AddressStatus Status => Keeper.Status[0];

    private void Tick()
    {
        Keeper.Tick();
        _world.At(this, TickMillis, Tick);
    }
}
