using System.Security.Cryptography;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ports;

/// <summary>
/// The ports of a node: a pool for each local address, and shelves of ports that the media process holds open already. Does no I/O: who
/// refills a shelf begins here, has the ports opened, and ends here. Safe for concurrent use; each call is short.
/// </summary>
internal sealed class PortAllocator
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IpAddress, PortPool> _pools = [];
    private readonly Dictionary<PortRequest, PortShelf> _shelves = [];
    private readonly IReadOnlyList<LocalInterface> _interfaces;

    /// <summary>Ports that calls brought with them while the media process was asked to hold them for others.</summary>
    private readonly HashSet<NetEndpoint> _claimed = [];

    /// <summary>Makes the pools. Interfaces that share an address share its pool.</summary>
    public PortAllocator(IReadOnlyList<LocalInterface> interfaces, int min, int max)
    {
        _interfaces = interfaces;
        foreach (var address in interfaces.Select(i => i.Address).Distinct())
        {
            var pool = new PortPool(min, max, RandomNumberGenerator.GetInt32(int.MaxValue));
            _pools[address] = pool;
            _shelves[new PortRequest(address, 1)] = new PortShelf(pool, 1);
            _shelves[new PortRequest(address, 2)] = new PortShelf(pool, 2);
        }
    }

    /// <summary>The pools by logical interface.</summary>
    public IReadOnlyList<PortPoolStatus> Status
    {
        get
        {
            lock (_lock)
            {
                return [.. _interfaces.Select(i => new PortPoolStatus(i, _pools[i.Address].Min, _pools[i.Address].Max, _pools[i.Address].Used))];
            }
        }
    }

    /// <summary>The ports on all shelves: a fresh media process must hold them too.</summary>
    public NetEndpoint[] Stocked
    {
        get
        {
            lock (_lock)
            {
                return [.. _shelves.SelectMany(s => s.Value.Ready.SelectMany(first => Expand(s.Key, first)))];
            }
        }
    }

    /// <summary>The ports of a request whose first one is known.</summary>
    public static NetEndpoint[] Expand(PortRequest request, ushort first) => request.Count == 1
        ? [new NetEndpoint(request.Address, first)]
        : [new NetEndpoint(request.Address, first), new NetEndpoint(request.Address, (ushort)(first + 1))];

    /// <summary>Takes ports off the shelf. False: the address is not ours, or its shelf is empty (<see cref="BeginRefill"/>).</summary>
    public bool TryTake(PortRequest request, out ushort first)
    {
        first = 0;
        lock (_lock)
        {
            return _shelves.TryGetValue(request, out var shelf) && shelf.TryTake(out first);
        }
    }

    /// <summary>Puts ports back on their shelf that are still held.</summary>
    public void PutBack(PortRequest request, ushort first)
    {
        lock (_lock)
        {
            _shelves[request].Put(first);
        }
    }

    /// <summary>A shelf that the caller is to refill while no command waits for it; false: none.</summary>
    public bool TryFindLow(out PortRequest request)
    {
        lock (_lock)
        {
            foreach (var (key, shelf) in _shelves)
            {
                if (shelf.IsLow)
                {
                    shelf.IsFilling = true;
                    request = key;
                    return true;
                }
            }
        }

        request = default;
        return false;
    }

    /// <summary>Chooses ports for the media process to hold; <see cref="EndRefill"/> follows. Empty: none is left, nothing follows.</summary>
    /// <param name="now">The time.</param>
    /// <param name="request">The shelf.</param>
    /// <param name="needed">Sets that commands wait for.</param>
    public List<ushort> BeginRefill(Instant now, PortRequest request, int needed)
    {
        var firsts = new List<ushort>();
        lock (_lock)
        {
            if (!_shelves.TryGetValue(request, out var shelf))
            {
                return firsts;
            }

            for (int order = shelf.Order(needed); order > 0 && shelf.Pool.TryTake(now, shelf.Count, out ushort first); order--)
            {
                shelf.Pool.Stocked += shelf.Count;
                firsts.Add(first);
            }

            shelf.Opening.UnionWith(firsts);
            shelf.IsFilling = firsts.Count > 0;
        }

        return firsts;
    }

    /// <summary>
    /// Puts the held ones of the chosen ports on the shelf. Those that another program has are left alone for a while; a pair of which only
    /// one port is held, or that a call has brought with it meanwhile, is not used: the other one is returned, to be dropped.
    /// </summary>
    public List<NetEndpoint> EndRefill(Instant now, PortRequest request, List<ushort> firsts, IReadOnlyCollection<NetEndpoint> refused)
    {
        var mates = new List<NetEndpoint>();
        lock (_lock)
        {
            var shelf = _shelves[request];
            shelf.IsFilling = false;
            foreach (ushort first in firsts)
            {
                shelf.Pool.Stocked -= shelf.Count;
                shelf.Opening.Remove(first);
                NetEndpoint[] left = [.. Expand(request, first).Where(port => !_claimed.Remove(port))];
                if (left.Length == shelf.Count && (refused.Count == 0 || !left.Any(refused.Contains)))
                {
                    shelf.Put(first);
                }
                else
                {
                    Discard(now, shelf.Pool, left, refused, mates);
                }
            }
        }

        return mates;
    }

    /// <summary>Gives the chosen ports back: nobody could be asked to hold them.</summary>
    public void AbortRefill(Instant now, PortRequest request, List<ushort> firsts)
    {
        lock (_lock)
        {
            var shelf = _shelves[request];
            shelf.IsFilling = false;
            shelf.Pool.Stocked -= shelf.Count * firsts.Count;
            shelf.Opening.ExceptWith(firsts);
            foreach (var port in firsts.SelectMany(first => Expand(request, first)).Where(port => !_claimed.Remove(port)))
            {
                shelf.Pool.Free(now, port.Port);
            }
        }
    }

    /// <summary>
    /// Takes stocked ports out that a fresh media process could not hold again; returns the ports beside them, to be dropped.
    /// </summary>
    public List<NetEndpoint> Lose(Instant now, IReadOnlyCollection<NetEndpoint> refused)
    {
        var mates = new List<NetEndpoint>();
        lock (_lock)
        {
            foreach (var (request, shelf) in _shelves)
            {
                foreach (ushort first in shelf.RemoveAll(first => Expand(request, first).Any(refused.Contains)))
                {
                    Discard(now, shelf.Pool, Expand(request, first), refused, mates);
                }
            }
        }

        return mates;
    }

    /// <summary>Empties the shelves of an address; returns the ports, to be dropped and freed.</summary>
    public List<NetEndpoint> TakeStock(IpAddress address)
    {
        lock (_lock)
        {
            return [.. _shelves.Where(s => s.Key.Address == address).SelectMany(s => s.Value.RemoveAll(static _ => true).SelectMany(first => Expand(s.Key, first)))];
        }
    }

    /// <summary>What is chosen next is half the range away from the last of these ports on each address.</summary>
    public void StartFarFrom(IEnumerable<NetEndpoint> ports)
    {
        lock (_lock)
        {
            foreach (var port in ports)
            {
                _pools.GetValueOrDefault(port.Address)?.StartFarFrom(port.Port);
            }
        }
    }

    /// <summary>When no port is left for a single one: makes two singles of a stocked pair. False: there is none.</summary>
    public bool TrySplitPair(PortRequest request)
    {
        lock (_lock)
        {
            if (request.Count != 1 || !_shelves.TryGetValue(request, out var singles)
                || !_shelves[request with { Count = 2 }].TryTake(out ushort first))
            {
                return false;
            }

            singles.Put(first);
            singles.Put((ushort)(first + 1));
            return true;
        }
    }

    /// <summary>Gives ports back that are held no more.</summary>
    public void Free(Instant now, IReadOnlyCollection<NetEndpoint> ports)
    {
        if (ports.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var port in ports)
            {
                if (_pools.TryGetValue(port.Address, out var pool))
                {
                    pool.Free(now, port.Port);
                }
            }
        }
    }

    /// <summary>
    /// Marks ports that a running call holds. Sets that have one of them, on a shelf or about to be held, are not given out any more; returns the
    /// ports beside them on a shelf, to be dropped.
    /// </summary>
    public List<NetEndpoint> Adopt(IReadOnlyCollection<NetEndpoint> ports)
    {
        var mates = new List<NetEndpoint>();
        lock (_lock)
        {
            NetEndpoint[] taken = [.. ports.Where(p => _pools.TryGetValue(p.Address, out var pool) && !pool.TryAdopt(p.Port))];
            foreach (var (request, shelf) in taken.Length == 0 ? [] : _shelves.ToArray())
            {
                _claimed.UnionWith(shelf.Opening.SelectMany(first => Expand(request, first)).Intersect(taken));
                mates.AddRange(shelf.RemoveAll(first => Expand(request, first).Any(taken.Contains)).SelectMany(first => Expand(request, first)).Except(ports));
            }
        }

        return mates;
    }

    private static void Discard(Instant now, PortPool pool, NetEndpoint[] set, IReadOnlyCollection<NetEndpoint> refused, List<NetEndpoint> mates)
    {
        foreach (var port in set)
        {
            if (refused.Contains(port))
            {
                pool.Foreign(now, port.Port);
            }
            else
            {
                pool.Free(now, port.Port);
                mates.Add(port);
            }
        }
    }
}
