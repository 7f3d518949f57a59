using RtpCluster.Cluster;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Simulation;

/// <summary>What a run breaks on purpose, to see that the checker finds it.</summary>
[Flags]
public enum Plant
{
    None = 0,

    /// <summary>Agents are not fenced, and their inventory is not read.</summary>
    FenceDropped = 1,

    /// <summary>A take-over does not read the store.</summary>
    ReadDropped = 2,

    /// <summary>Answers are not kept with the states.</summary>
    RepliesDropped = 4,

    /// <summary>The store does not look at the token of a commit.</summary>
    CommitUnchecked = 8,

    /// <summary>Nobody hears who answers for a floating address.</summary>
    LinkUnasked = 16,

    /// <summary>A holder that hands its address over is not waited for.</summary>
    LeaveUnheard = 32,

    /// <summary>Nobody asks whether the calls of a floating address are where it is.</summary>
    UseUnasked = 64,
}

/// <summary>
/// Virtual time, one queue of events, one seeded source of chance: everything that happens, happens in one order that the seed decides. Runs on one
/// thread; continuations of the code under test run inside the events.
/// </summary>
public sealed class World(int seed, Plant plant)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly List<MemoryClusterStore> _past = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    public Random Chance { get; } = new(seed);

    public Plant Plant => plant;

    public long Now { get; private set; } = 1_000_000;

    public ClusterTimers Timers { get; } = new() { Shards = 4, InFlight = 4 };

    public List<SimNode> Nodes { get; } = [];

    public MemoryClusterStore Store { get; private set; } = new();

    /// <summary>The store does not answer.</summary>
    public bool StoreDown { get; set; }

    /// <summary>Chance that a message is lost.</summary>
    public double Loss { get; set; }

    /// <summary>Who cannot send to whom.</summary>
    public HashSet<(string From, string To)> Cut { get; } = [];

    public List<string> Trace { get; } = [];

    /// <summary>What the processes log is in the trace too: one seed runs alone.</summary>
    public bool IsTraced { get; init; } = Environment.GetEnvironmentVariable("RTPCLUSTER_SEED") is { Length: > 0 };

    /// <summary>Told of every answer on its way to the client: the call, and how many commands it says have changed it.</summary>
    public Action<string, long> Answered { get; set; } = static (_, _) => { };

    public void At(long delay, Action action)
    {
        if (_thread != Environment.CurrentManagedThreadId)
        {
            Environment.FailFast("the run left its thread: its order would not be the seed's any more\n" + Environment.StackTrace);
        }

        _events.Enqueue(action, (Now + delay, _order++));
    }

    /// <summary>An event at a node: dropped when its process is dead by then, kept back while it is stopped.</summary>
    public void At(SimProcess node, long delay, Action action) => At(delay, () => node.Run(action));

    public bool Lost() => Chance.NextDouble() < Loss;

    public void Note(string text) => Trace.Add($"{Now - 1_000_000,6} {text}");

    public void RunUntil(long end)
    {
        while (_events.TryPeek(out _, out var key) && key.At <= end)
        {
            var action = _events.Dequeue();
            Now = Math.Max(Now, key.At);
            action();
        }

        Now = end;
    }

    /// <summary>Keeps what a replica has now.</summary>
    public void Replicate()
    {
        _past.Add(Store.Clone());
        if (_past.Count > 8)
        {
            _past.RemoveAt(0);
        }
    }

    /// <summary>A replica becomes master, which lacks the last writes.</summary>
    public void FailOver()
    {
        if (_past.Count > 0)
        {
            Store = _past[Chance.Next(_past.Count)].Clone();
            Store.StoreId = "fail-over at " + Now;
            _past.Clear();
        }
    }

    /// <summary>FLUSHALL.</summary>
    public void Flush()
    {
        Store = new MemoryClusterStore { StoreId = Store.StoreId };
        _past.Clear();
    }

    public Instant Wall => new(1_700_000_000_000_000 + (Now * 1000));
}
