using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>The records of all calls on this node. Safe for concurrent use; each call is short.</summary>
internal sealed class CallLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CallId, CallRecord> _calls = [];

    /// <summary>Notes ports that a call was given.</summary>
    public void Reserve(CallId callId, NetEndpoint[] ports)
    {
        lock (_lock)
        {
            RecordOf(callId).Reserve(ports);
        }
    }

    /// <summary>Notes a plan; returns the ports that the call no longer has.</summary>
    public GonePorts Take(MediaPlan plan)
    {
        lock (_lock)
        {
            return RecordOf(plan.CallId).Take(plan);
        }
    }

    /// <summary>Notes a fact of a known call.</summary>
    public void Note(MediaFact fact)
    {
        lock (_lock)
        {
            if (_calls.TryGetValue(fact.CallId, out var record))
            {
                record.Note(fact);
            }
        }
    }

    /// <summary>Releases reserved ports of a known call; a call with nothing left is forgotten.</summary>
    public List<NetEndpoint> Release(CallId callId, IEnumerable<NetEndpoint> ports)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(callId, out var record))
            {
                return [];
            }

            var gone = record.Release(ports);
            if (record.Plan is null && record.Reserved.Count == 0)
            {
                _calls.Remove(callId);
            }

            return gone;
        }
    }

    /// <summary>Forgets a call; returns the ports it had.</summary>
    public GonePorts Remove(CallId callId)
    {
        lock (_lock)
        {
            return _calls.Remove(callId, out var record) ? new GonePorts(record.Planned, record.Reserved) : GonePorts.None;
        }
    }

    /// <summary>Is the call known?</summary>
    public bool Contains(CallId callId)
    {
        lock (_lock)
        {
            return _calls.ContainsKey(callId);
        }
    }

    /// <summary>The calls whose plans have ports on an address.</summary>
    public IReadOnlyList<CallId> CallsOn(IpAddress address)
    {
        lock (_lock)
        {
            return [.. _calls.Values.Where(c => Array.Exists(c.Planned, p => p.Address == address)).Select(c => c.CallId)];
        }
    }

    /// <summary>A call's plan with its running state in it; null: it has none.</summary>
    public MediaPlan? Resume(CallId callId)
    {
        lock (_lock)
        {
            return _calls.TryGetValue(callId, out var record) ? record.Resume() : null;
        }
    }

    /// <summary>What a fresh media process needs: every plan, and the ports it must hold.</summary>
    public (List<MediaPlan> Plans, List<NetEndpoint> Reserved) Resume()
    {
        lock (_lock)
        {
            return ([.. _calls.Values.Select(c => c.Resume()).OfType<MediaPlan>()], [.. _calls.Values.SelectMany(c => c.Reserved)]);
        }
    }

    private CallRecord RecordOf(CallId callId)
    {
        if (!_calls.TryGetValue(callId, out var record))
        {
            _calls[callId] = record = new CallRecord(callId);
        }

        return record;
    }
}
