using System.Security.Cryptography;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ports;

/// <summary>The port pools of a node, one per local address. Safe for concurrent use; each call is short.</summary>
internal sealed class PortAllocator
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IpAddress, PortPool> _pools = [];
    private readonly IReadOnlyList<LocalInterface> _interfaces;

    /// <summary>Makes the pools. Interfaces that share an address share its pool.</summary>
    public PortAllocator(IReadOnlyList<LocalInterface> interfaces, int min, int max)
    {
        _interfaces = interfaces;
        foreach (var local in interfaces)
        {
            _pools.TryAdd(local.Address, new PortPool(min, max, RandomNumberGenerator.GetInt32(int.MaxValue)));
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

    /// <summary>Takes ports for every request, or none. Null: an address is not ours, or its pool is empty.</summary>
    public ushort[]? TryTake(Instant now, IReadOnlyList<PortRequest> requests)
    {
        ushort[] first = new ushort[requests.Count];
        lock (_lock)
        {
            for (int i = 0; i < first.Length; i++)
            {
                if (!_pools.TryGetValue(requests[i].Address, out var pool) || !pool.TryTake(now, requests[i].Count, out first[i]))
                {
                    FreeTaken(now, requests, first, i);
                    return null;
                }
            }
        }

        return first;
    }

    /// <summary>Gives ports back.</summary>
    public void Free(Instant now, IEnumerable<NetEndpoint> ports)
    {
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

    /// <summary>Marks ports that a running call holds.</summary>
    public void Adopt(IEnumerable<NetEndpoint> ports)
    {
        lock (_lock)
        {
            foreach (var port in ports)
            {
                if (_pools.TryGetValue(port.Address, out var pool))
                {
                    pool.Adopt(port.Port);
                }
            }
        }
    }

    /// <summary>Gives ports back of which some are held by another program: those are left alone for a while.</summary>
    public void FreeRefused(Instant now, IEnumerable<NetEndpoint> taken, IReadOnlyCollection<NetEndpoint> foreign)
    {
        lock (_lock)
        {
            foreach (var port in taken)
            {
                if (!_pools.TryGetValue(port.Address, out var pool))
                {
                    continue;
                }

                if (foreign.Contains(port))
                {
                    pool.Foreign(now, port.Port);
                }
                else
                {
                    pool.Free(now, port.Port);
                }
            }
        }
    }

    private void FreeTaken(Instant now, IReadOnlyList<PortRequest> requests, ushort[] first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < requests[i].Count; k++)
            {
                _pools[requests[i].Address].Free(now, (ushort)(first[i] + k));
            }
        }
    }
}
