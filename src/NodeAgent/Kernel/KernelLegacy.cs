using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>Rows that an earlier process left in the table and nobody has claimed yet. Safe for concurrent use.</summary>
internal sealed class KernelLegacy
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CallId, List<OffloadLegacy>> _rows = [];
    private readonly HashSet<NetEndpoint> _nobodys = [];
    private volatile bool _any;

    /// <summary>Notes what was found.</summary>
    public void Add(IEnumerable<FoundRow> rows)
    {
        lock (_lock)
        {
            foreach (var (callId, row) in rows)
            {
                _any = true;
                if (callId is not { } id)
                {
                    _nobodys.Add(row.Local);
                    continue;
                }

                if (!_rows.TryGetValue(id, out var list))
                {
                    _rows[id] = list = [];
                }

                list.Add(row);
            }
        }
    }

    /// <summary>Hands out the rows of a call, once.</summary>
    public IReadOnlyList<OffloadLegacy> Take(CallId callId)
    {
        if (!_any)
        {
            return [];
        }

        lock (_lock)
        {
            return _rows.Remove(callId, out var rows) ? rows : [];
        }
    }

    /// <summary>Hands out every row that is left: their calls did not come back.</summary>
    public IReadOnlyList<NetEndpoint> TakeRest()
    {
        lock (_lock)
        {
            NetEndpoint[] rest = [.. _nobodys, .. _rows.Values.SelectMany(rows => rows.Select(r => r.Local))];
            _rows.Clear();
            _nobodys.Clear();
            _any = false;
            return rest;
        }
    }
}
