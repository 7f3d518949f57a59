namespace RtpCluster.NodeAgent.Ports;

/// <summary>
/// Ports of one kind (single, or an even one with the next) that the media process holds open for calls to come, so that a command gets its
/// ports without asking there. Filled on demand: a kind that nobody asks for is not stocked. Not safe for concurrent use.
/// </summary>
internal sealed class PortShelf(PortPool pool, int count)
{
    /// <summary>Sets that are opened together: few enough to delay no plan for long.</summary>
    public const int Batch = 16;

    /// <summary>Sets on a full shelf: many times what 1,000 calls per second take while a batch is on its way.</summary>
    private const int Full = 64;

    /// <summary>A shelf has at most one in so many of its pool's ports; a pool that is too small for a batch is not stocked.</summary>
    private const int PoolShare = 16;

    private readonly Queue<ushort> _ready = new();
    private readonly int _capacity = CapacityOf(pool, count);
    private bool _used;

    /// <summary>Ports of a set.</summary>
    public int Count => count;

    /// <summary>Its pool.</summary>
    public PortPool Pool => pool;

    /// <summary>Somebody is filling it.</summary>
    public bool IsFilling { get; set; }

    /// <summary>There is room for a batch.</summary>
    public bool IsLow => _used && !IsFilling && _ready.Count + Batch <= _capacity;

    /// <summary>First ports of the sets that the media process is being asked to hold.</summary>
    public HashSet<ushort> Opening { get; } = [];

    /// <summary>First ports of the sets on it.</summary>
    public IReadOnlyCollection<ushort> Ready => _ready;

    /// <summary>Takes a set off for a call.</summary>
    public bool TryTake(out ushort first)
    {
        _used = true;
        if (!_ready.TryDequeue(out first))
        {
            return false;
        }

        pool.Stocked -= count;
        return true;
    }

    /// <summary>Puts a set on it that no call has.</summary>
    public void Put(ushort first)
    {
        pool.Stocked += count;
        _ready.Enqueue(first);
    }

    /// <summary>How many sets to open next when at least <paramref name="needed"/> are wanted now.</summary>
    public int Order(int needed) => Math.Max(needed, Math.Min(Batch, _capacity - _ready.Count));

    /// <summary>Takes the sets off that are not held any more, and returns their first ports.</summary>
    public List<ushort> RemoveAll(Predicate<ushort> isLost)
    {
        var lost = new List<ushort>();
        for (int turns = _ready.Count; turns > 0; turns--)
        {
            ushort first = _ready.Dequeue();
            if (isLost(first))
            {
                pool.Stocked -= count;
                lost.Add(first);
            }
            else
            {
                _ready.Enqueue(first);
            }
        }

        return lost;
    }

    private static int CapacityOf(PortPool pool, int count)
    {
        int share = Math.Min(Full, (pool.Max - pool.Min + 1) / (PoolShare * count));
        return share >= Batch ? share : 0;
    }
}
