using System.Text;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Simulation;

/// <summary>One seeded run: three nodes, some calls, faults, then quiet, then the checker.</summary>
public sealed class Scenario
{
    private const int FaultMillis = 12_000, QuietMillis = 9_000, TailMillis = 3_000, Calls = 3;
    private readonly World _world;
    private readonly List<SimClient> _clients = [];
    private readonly Dictionary<string, SimMedia> _media = [];
    private string? _early;

    private Scenario(int seed, Plant plant)
    {
        _world = new World(seed, plant) { Answered = CheckInForce };
        for (byte i = 1; i <= 3; i++)
        {
            _media["n" + i] = new SimMedia(i);
            Start("n" + i);
        }

        for (int i = 0; i < Calls; i++)
        {
            _clients.Add(new SimClient(_world, "call" + i));
        }
    }

    /// <summary>Runs a seed; returns what is wrong, null: nothing.</summary>
    public static string? Run(int seed, Plant plant = Plant.None)
    {
        string? problem = null;
        // A thread without a synchronization context: continuations run where their results are set.
        var thread = new Thread(() =>
        {
            var scenario = new Scenario(seed, plant);
            scenario.Play();
            problem = scenario.Check() is { } wrong ? $"seed {seed}: {wrong}\n{string.Join('\n', scenario._world.Trace)}" : null;
        });
        thread.Start();
        thread.Join();
        return problem;
    }

    private void Play()
    {
        var world = _world;
        world.Loss = world.Chance.Next(3) * 0.02;
        // A store that loses writes and a process that dies at the same time are two faults too many: the writes are nowhere.
        bool storeFaults = world.Chance.Next(2) == 0;
        if (storeFaults)
        {
            Replicate();
        }

        int faults = world.Chance.Next(1, 5);
        for (int i = 0; i < faults; i++)
        {
            world.At(4000 + world.Chance.Next(FaultMillis - 6000), storeFaults ? StoreFault : ProcessFault);
        }

        world.RunUntil(1_000_000 + FaultMillis);
        world.Note("quiet");
        world.Loss = 0;
        world.StoreDown = false;
        world.Cut.Clear();
        foreach (var node in world.Nodes.ToArray())
        {
            node.Stopped = false;
        }

        world.RunUntil(1_000_000 + FaultMillis + QuietMillis);
        _clients.ForEach(c => c.End());
        world.RunUntil(1_000_000 + FaultMillis + QuietMillis + TailMillis);
    }

    private void Replicate()
    {
        _world.Replicate();
        _world.At(150, Replicate);
    }

    private SimNode Start(string name)
    {
        var node = new SimNode(_world, name, _media[name]);
        _world.Nodes.Add(node);
        Watch(node);
        return node;
    }

    // The service manager: whoever died is started again.
    private void Watch(SimNode node) => _world.At(300, () =>
    {
        if (node.IsAlive)
        {
            Watch(node);
        }
        else
        {
            _world.At(_world.Chance.Next(200, 4000), () => Start(node.Ref.Node));
        }
    });

    private SimNode Pick()
    {
        var alive = _world.Nodes.FindAll(n => n.IsAlive);
        return alive.Count == 0 ? _world.Nodes[^1] : alive[_world.Chance.Next(alive.Count)];
    }

    private void StoreFault()
    {
        switch (_world.Chance.Next(4))
        {
            case 0:
                _world.Note("store down");
                _world.StoreDown = true;
                _world.At(_world.Chance.Next(200, 5000), () => _world.StoreDown = false);
                break;
            case 1:
                _world.Note("store flushed");
                _world.Flush();
                break;
            case 2:
                _world.Note("store fails over and loses writes");
                _world.FailOver();
                break;
            default:
                Cut(Pick().Ref.Node, "store", _world.Chance.Next(500, 5000));
                break;
        }
    }

    private void ProcessFault()
    {
        var node = Pick();
        switch (_world.Chance.Next(6))
        {
            case 0:
            case 1:
                _world.Note($"kill {node.Ref.Node}");
                node.Kill();
                break;
            case 2:
                _world.Note($"stop {node.Ref.Node}");
                node.Stopped = true;
                _world.At(_world.Chance.Next(500, 8000), () => node.Stopped = false);
                break;
            case 3:
                Cut(node.Ref.Node, "store", _world.Chance.Next(500, 6000));
                break;
            case 4:
                _world.Note($"drain {node.Ref.Node}");
                node.Cluster.Drain();
                _world.At(_world.Chance.Next(3000, 5000), node.Kill);
                break;
            default:
                string other = "n" + _world.Chance.Next(1, 4);
                int millis = _world.Chance.Next(500, 6000);
                Cut(node.Ref.Node, other, millis);
                if (_world.Chance.Next(2) == 0)
                {
                    Cut(other, node.Ref.Node, millis);
                }

                break;
        }
    }

    private void Cut(string from, string to, int millis)
    {
        if (from == to)
        {
            return;
        }

        _world.Note($"cut {from} to {to} for {millis} ms");
        _world.Cut.Add((from, to));
        _world.At(millis, () => _world.Cut.Remove((from, to)));
    }

    /// <summary>Every acknowledged command in force, one effect a cookie, nobody left behind; at the owner, in the store, at the agent.</summary>
    private string? Check()
    {
        if (_early is not null)
        {
            return _early;
        }

        foreach (var client in _clients)
        {
            if (client.IsWaiting)
            {
                return $"{client.CallId} is not served any more ({client.Sent.Count} sent, {client.Acknowledged.Count} answered; shards: {Shards()})";
            }

            var owners = _world.Nodes.FindAll(n => n.IsAlive && n.Cluster.TokenOf(n.Cluster.ShardOf(client.CallId)) is not null);
            if (owners.Count != 1)
            {
                return $"{client.CallId} has {owners.Count} owners";
            }

            string text = owners[0].Calls.TextOf(client.CallId);
            string resource = owners[0].Cluster.ShardOf(client.CallId).ToString();
            var stored = (CallsReply)_world.Store.Execute(new ReadCall(resource, client.CallId), _world.Now);
            string kept = stored.Calls.Count == 0 ? "nothing" : Encoding.Latin1.GetString(stored.Calls[0].State.Span);
            if (kept != text)
            {
                return $"{client.CallId}: the owner has [{text}], the store [{kept}]";
            }

            string[] effects = text.Split(' ')[1..];
            if (effects.Distinct().Count() != effects.Length)
            {
                return $"{client.CallId}: a command took effect twice [{text}]";
            }

            if (effects.FirstOrDefault(e => !client.Sent.Contains(e)) is { } strange)
            {
                return $"{client.CallId}: {strange} was never sent";
            }

            if (client.Acknowledged.FirstOrDefault(a => !effects.Contains(a)) is { } lost)
            {
                return $"{client.CallId}: acknowledged {lost} is lost [{text}]";
            }

            if (!client.Acknowledged.SequenceEqual(effects.Where(client.Acknowledged.Contains)))
            {
                return $"{client.CallId}: effects out of order [{text}]";
            }

            var media = owners[0].Owned.MediaOf(client.CallId);
            long epoch = _media[media.Node].EpochOf(client.CallId);
            if (epoch != stored.Calls[0].Stamp.Version)
            {
                return $"{client.CallId}: epoch {epoch} is in force at {media.Node}, the state has version {stored.Calls[0].Stamp.Version} [{text}]";
            }
        }

        return null;
    }

    /// <summary>Commit, agent, answer: what a client hears is in force.</summary>
    private void CheckInForce(string callId, long changes)
    {
        const long ResyncMicros = 3_000_000;
        string home = HomeOf(callId);
        long epoch = _media.Max(m => m.Value.EpochOf(callId));
        // A node that is away is given the plan when it comes back.
        bool away = !_world.Nodes.Exists(n => n.Ref.Node == home && n is { IsAlive: true, Stopped: false } && _world.Wall.Micros - n.Ref.Incarnation > ResyncMicros
            && _world.Nodes.TrueForAll(o => !o.IsAlive || o.Stopped || o.Cluster.LivingLife(n.Ref) == n.Ref));
        if (epoch < changes && !away)
        {
            _early ??= $"{callId}: change {changes} was answered at {_world.Now - 1_000_000} while plan {epoch} was in force";
        }
    }

    /// <summary>Whose media a call's newest state is about, which may not have heard of it yet: the store knows; else who has the newest plan.</summary>
    private string HomeOf(string callId)
    {
        var stored = (CallsReply)_world.Store.Execute(new ReadCall(_world.Nodes[0].Cluster.ShardOf(callId).ToString(), callId), _world.Now);
        var address = stored.Calls.Count > 0 && NetEndpoint.TryParse(Encoding.Latin1.GetString(stored.Calls[0].State.Span).Split(' ')[0], out var local)
            ? local.Address
            : IpAddress.None;
        return _media.FirstOrDefault(m => m.Value.Address == address, _media.MaxBy(m => m.Value.EpochOf(callId))).Key;
    }

    private string Shards() => string.Join(' ', _world.Nodes.Where(n => n.IsAlive).Select(n =>
        n.Ref.Node + ":" + string.Join(',', n.Cluster.Shards().Select(s => $"{s.Phase}/{s.Owner.Node}/{s.Token.Epoch}"))));
}
