using RtpCluster.Cluster.Addresses;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Simulation.Addresses;

/// <summary>
/// One seeded run of a floating address: three hosts on a link, a call, new calls, faults, then quiet. No two hosts that hear each other have the
/// address at once, no port is given to two calls, and in the end one has the address, with the first call.
/// </summary>
public sealed class AddressScenario
{
    private const int FaultMillis = 16_000, QuietMillis = 14_000, ViewMillis = 250, DeadMillis = 1200, CallAt = 2000, NewCallMillis = 137, RewriteMillis = 2000, StrangeMillis = 300;
    private static readonly IpAddress s_local = IpAddress.FromV4(0x0a000032);
    private static readonly CallId s_call = new("call");
    private readonly World _world;
    private readonly FloatingAddress _address;
    private readonly List<AddressHost> _hosts = [];
    private readonly List<AddressNode> _nodes = [];
    private readonly Dictionary<NodeRef, long> _diedAt = [];
    private bool _isExcused, _isIsolated;
    private long _flushedAt = long.MinValue;
    private string? _wrong;

    private AddressScenario(int seed, Plant plant)
    {
        _world = new World(seed, plant);
        _address = new(new("default", s_local, s_local), "eth0", _world.Chance.Next(2) == 0 ? "n1" : string.Empty);
        for (int i = 1; i <= 3; i++)
        {
            _hosts.Add(new AddressHost(_world, "n" + i));
        }

        _hosts.ForEach(Start);
        Look();
        _world.At(CallAt, PlaceFirst);
    }

    /// <summary>Runs a seed; returns what is wrong, null: nothing.</summary>
    public static string? Run(int seed, Plant plant = Plant.None)
    {
        string? problem = null;
        // A thread without a synchronization context: continuations run where their results are set.
        var thread = new Thread(() =>
        {
            var scenario = new AddressScenario(seed, plant);
            scenario.Play();
            problem = (scenario._wrong ?? scenario.Check()) is { } wrong ? $"seed {seed}: {wrong}\n{string.Join('\n', scenario._world.Trace)}" : null;
        });
        thread.Start();
        thread.Join();
        return problem;
    }

    private void Play()
    {
        _world.Loss = _world.Chance.Next(3) * 0.02;
        int faults = _world.Chance.Next(1, 4);
        for (int i = 0; i < faults; i++)
        {
            _world.At(_world.Chance.Next(4000, FaultMillis - 3000), Fault);
        }

        _world.RunUntil(1_000_000 + FaultMillis);
        _world.Note("quiet");
        _world.Loss = 0;
        _world.StoreDown = false;
        _world.Cut.Clear();
        _nodes.ForEach(n => n.Stopped = false);
        _world.RunUntil(1_000_000 + FaultMillis + QuietMillis);
    }

    private string? Check()
    {
        var holders = _hosts.FindAll(h => h.IsPresent);
        if (holders.Count != 1)
        {
            return $"{holders.Count} hosts have the address";
        }

        var keepers = _nodes.FindAll(n => n is { IsAlive: true, Status.Phase: AddressPhase.Holding });
        if (keepers.Count != 1 || keepers[0].Host != holders[0])
        {
            return $"{holders[0].Name} has the address; {string.Join(", ", keepers.Select(k => k.Ref.Node))} should";
        }

        return _isExcused || holders[0].Plans.ContainsKey(s_call) ? null : "the call was left behind";
    }

    private void Start(AddressHost host)
    {
        AddressNode node = new(_world, host, _hosts, _address, to => _nodes.Find(n => n.Ref == to && n.IsAlive), wrong => _wrong ??= wrong);
        node.Keeper.IsAnyReachable = () => _nodes.Exists(n => n != node && n is { IsAlive: true, Stopped: false } && n.Host.Hears(host));
        _nodes.Add(node);
    }

    // The members as every node reads them, sooner or later.
    private void Look()
    {
        foreach (var node in _nodes)
        {
            bool silent = !node.IsAlive || node.Stopped;
            _diedAt[node.Ref] = !silent ? long.MaxValue : Math.Min(_diedAt.GetValueOrDefault(node.Ref, long.MaxValue), _world.Now);
        }

        Member[] members = [.. _nodes.GroupBy(n => n.Ref.Node).SelectMany(g => g.TakeLast(2)).Select(AsMember)];
        foreach (var node in _nodes.Where(n => n.IsAlive && !_world.Cut.Contains((n.Ref.Node, "store")) && !_world.StoreDown))
        {
            _world.At(node, _world.Chance.Next(1, ViewMillis), () => node.Keeper.SetView(new MembersReply(_world.Now, members, "s"), node.IsDraining));
        }

        _world.At(ViewMillis, Look);
    }

    private Member AsMember(AddressNode node)
    {
        bool replaced = _nodes.FindLast(n => n.Ref.Node == node.Ref.Node) != node;
        bool dead = replaced || _diedAt[node.Ref] <= _world.Now - DeadMillis;
        string interfaces = MediaDirectory.Write([_address.Interface], _ => node.Host.IsPresent);
        return new(node.Ref, dead ? MemberState.Dead : node.IsDraining ? MemberState.Draining : MemberState.Active, new(string.Empty, interfaces, 0, string.Empty), 0, []);
    }

    private void PlaceFirst()
    {
        if (_nodes.Find(n => n.Status.Phase == AddressPhase.Holding) is not { } holder)
        {
            _world.At(ViewMillis, PlaceFirst);
            return;
        }

        Place(holder, s_call);
        _world.At(NewCallMillis, PlaceNew);
    }

    // Whoever owns the call reads who has the address, and asks that node for ports. Hosts that did not hear each other may both have given some.
    private void PlaceNew()
    {
        if (_isIsolated)
        {
            return;
        }

        _world.At(NewCallMillis, PlaceNew);
        var lease = (LeaseReply)_world.Store.Execute(new ReadLease(RedisClusterStore.AddressResource + s_local), _world.Now);
        if (_nodes.Find(n => n.Ref == lease.Owner && n is { IsAlive: true, Stopped: false }) is { } holder && !_world.StoreDown
            && !_world.Cut.Any(c => c.From == holder.Ref.Node || c.To == holder.Ref.Node)
            && (holder.Keeper.UseOf(s_local) == AddressUse.All || _world.Plant.HasFlag(Plant.UseUnasked)))
        {
            Place(holder, new CallId("new at " + (_world.Now - 1_000_000)));
        }
    }

    private void Place(AddressNode holder, CallId callId)
    {
        holder.Host.Plans[callId] = new()
        {
            CallId = callId,
            Epoch = 1,
            Created = _world.Wall,
            Streams = [new StreamPlan { Id = new StreamId(1), Kind = StreamKind.Rtp, Locals = [new NetEndpoint(s_local, holder.Host.TakePort())] }],
        };
        holder.Link.PlanTouched!(callId);
    }

    private void Fault()
    {
        var alive = _nodes.FindAll(n => n is { IsAlive: true, Stopped: false });
        if (alive.Count == 0)
        {
            return;
        }

        // Mostly the one that matters.
        var node = alive.Find(n => n.Host.IsPresent && _world.Chance.Next(3) > 0) ?? alive[_world.Chance.Next(alive.Count)];
        switch (_world.Chance.Next(8))
        {
            case 0:
                _world.Note($"host {node.Ref.Node} dies");
                // What is in no log dies with its host.
                _isExcused |= node.Host.IsPresent && _flushedAt > _world.Now - RewriteMillis;
                node.Host.Die();
                Kill(node, _world.Chance.Next(1000, 5000));
                break;
            case 1:
                _world.Note($"kill {node.Ref.Node}");
                Kill(node, _world.Chance.Next(100, 3000));
                break;
            case 2:
                Stop(node, _world.Chance.Next(100, 8000));
                break;
            case 3:
                _world.Note($"drain {node.Ref.Node}");
                node.IsDraining = true;
                _world.At(_world.Chance.Next(3000, 5000), () => Kill(node, 500));
                break;
            case 4:
                _world.Note("store flushed");
                _flushedAt = _world.Now;
                // A log that is lost and a holder that is not heard are two faults too many.
                // So is one that is lost while a taker reads it: the owner of the calls, who is not played here, gives their plans to a new holder.
                _isExcused |= _isIsolated || _nodes.Exists(n => n is { IsAlive: true, Status.Phase: AddressPhase.Taking });
                _world.Flush();
                break;
            case 5:
                _world.Note("store down");
                _world.StoreDown = true;
                _world.At(_world.Chance.Next(200, 5000), () => _world.StoreDown = false);
                break;
            case 6:
                Cut(node.Ref.Node, "store");
                break;
            default:
                Isolate(node.Ref.Node);
                break;
        }
    }

    private void Kill(AddressNode node, int restartAfter)
    {
        if (node.IsAlive)
        {
            node.Kill();
            _world.At(restartAfter, () => Start(node.Host));
        }
    }

    // Who stood still for long is dead for the others, and ends soon after it wakes up.
    private void Stop(AddressNode node, int millis)
    {
        _world.Note($"stop {node.Ref.Node} for {millis} ms");
        node.Stopped = true;
        _world.At(millis, () =>
        {
            node.Stopped = false;
            if (millis >= DeadMillis)
            {
                _world.At(100, () => Kill(node, 500));
            }
        });
    }

    private void Isolate(string name)
    {
        _isIsolated = true;
        _isExcused |= _flushedAt > 0;
        foreach (string other in _hosts.Select(h => h.Name).Where(n => n != name).Append("store"))
        {
            Cut(name, other);
            Cut(other, name);
        }
    }

    private void Cut(string from, string to)
    {
        _world.Note($"cut {from} to {to}");
        _world.Cut.Add((from, to));
        int millis = _world.Chance.Next(300, 5000);
        _world.At(millis, () => _world.Cut.Remove((from, to)));
        foreach (var host in _hosts.Where(h => to != "store" && from != "store" && (h.Name == from || h.Name == to)))
        {
            host.StrangeUntil = Math.Max(host.StrangeUntil, _world.Now + millis + StrangeMillis);
        }
    }
}
