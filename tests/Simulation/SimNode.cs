using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.Cluster;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Simulation;

/// <summary>One process of a node: the product's cluster code on a simulated network, store and media.</summary>
public sealed class SimNode : SimProcess
{
    private const int WakeOneIn = 8, PassivateOneIn = 100, PassivateUntil = 1_012_000;
    private readonly World _world;

    public SimNode(World world, string name, SimMedia media)
        : base(world, new NodeRef(name, world.Wall.Micros + world.Nodes.Count))
    {
        _world = world;
        Media = media;
        var time = Time;
        ILogger log = world.IsTraced ? new TraceLog(world, name) : NullLogger.Instance;
        var store = new SimStore(world, this);
        var peers = new SimPeers(world, this);
        Directory = new MediaDirectory();
        Agent = new FencedAgent(media, time);
        ToyCalls calls = null!;
        var host = new OwnerHost(new Restorer(() => calls), Directory, time, log);
        Cluster = new ClusterNode(Ref, world.Timers, store, peers, host, time, log)
        {
            Info = () => new(name, MediaDirectory.Write([new("default", media.Address, media.Address)]), Agent.Calls, string.Empty),
            Dead = () => IsAlive = false,
        };
        Owned = new OwnedCalls(Cluster, store, peers, Directory, time);
        host.Attach(Cluster, Owned);
        Calls = calls = new ToyCalls(this, new MediaRouter(Cluster, Owned, Directory, static () => []));
        Router = new ClusterRouter(Cluster, calls, store, peers, time, world.Timers, NgTemplates.Empty, log);
        host.Answered = Router.Remember;
        Tick();
    }

    public ClusterNode Cluster { get; }

    public ClusterRouter Router { get; }

    public OwnedCalls Owned { get; }

    public FencedAgent Agent { get; }

    public MediaDirectory Directory { get; }

    public SimMedia Media { get; }

    public ToyCalls Calls { get; }

    private void Tick()
    {
        Cluster.Tick();
        if (_world.Chance.Next(WakeOneIn) == 0)
        {
            _ = Calls.WakeOneAsync();
        }

        // Not for ever: at the end every owner shows what it has.
        if (_world.Now < PassivateUntil && _world.Chance.Next(PassivateOneIn) == 0)
        {
            Calls.Passivate();
        }

        _world.At(this, 50, Tick);
    }

    private sealed class Restorer(Func<ToyCalls> calls) : ICallRestorer
    {
        public MediaPlan? Restore(StoredCall call) => calls().Restore(call);

        public void RestoreLater(CallId callId) => calls().RestoreLater(callId);

        public MediaPlan? PlanOf(StoredCall call) => ToyCalls.PlanOf(call);

        public void Forget(Predicate<CallId> which) => calls().Forget(which);
    }
}
