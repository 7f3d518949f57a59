using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>The records of all calls on this node. Safe for concurrent use; each call is short.</summary>
internal sealed class CallLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CallId, CallRecord> _calls = [];

    /// <summary>Does something with a call's record, which is made when there is none.</summary>
    public T With<T>(CallId callId, Func<CallRecord, T> action)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(callId, out var record))
            {
                _calls[callId] = record = new CallRecord(callId);
            }

            return action(record);
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

    /// <summary>Releases ports of a known call that its plan does not use; a call with nothing left is forgotten.</summary>
    public List<NetEndpoint> Release(CallId callId, IEnumerable<NetEndpoint> ports)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(callId, out var record))
            {
                return [];
            }

            var gone = record.Release(ports);
            if (record.Plan is null && record.Ports.Count == 0)
            {
                _calls.Remove(callId);
            }

            return gone;
        }
    }

    /// <summary>Forgets a call; returns the ports it had.</summary>
    public IReadOnlyCollection<NetEndpoint> Remove(CallId callId)
    {
        lock (_lock)
        {
            return _calls.Remove(callId, out var record) ? record.Ports : [];
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

    /// <summary>What a fresh media process needs of each call.</summary>
    public List<(CallId CallId, MediaPlan? Plan, NetEndpoint[] Ports)> Resume()
    {
        lock (_lock)
        {
            return [.. _calls.Values.Select(c => (c.CallId, c.Resume(), c.Ports.ToArray()))];
        }
    }
}
