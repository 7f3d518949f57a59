using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Sharding;

/// <summary>What a take-over has found of each call, and which of it is the newest. Pure, not safe for concurrent use.</summary>
internal sealed class TakeoverFindings
{
    private readonly Dictionary<string, CallEntry> _newest = [];
    private readonly Dictionary<string, CallEntry> _atAgents = [];
    private readonly Dictionary<string, NodeRef> _agentOf = [];
    private readonly Dictionary<string, CallEntry> _atStore = [];
    private FenceToken _token;

    /// <summary>Begins a take-over under a token.</summary>
    public void Clear(FenceToken token)
    {
        _token = token;
        _newest.Clear();
        _atAgents.Clear();
        _agentOf.Clear();
        _atStore.Clear();
    }

    /// <summary>What an agent holds.</summary>
    public void AddAgent(NodeRef agent, IEnumerable<CallEntry> calls)
    {
        foreach (var call in calls)
        {
            if (Keep(_atAgents, call))
            {
                _agentOf[call.CallId] = agent;
            }

            Keep(_newest, call);
        }
    }

    /// <summary>What the store holds.</summary>
    public void AddStore(IEnumerable<CallEntry> calls)
    {
        foreach (var call in calls)
        {
            Keep(_atStore, call);
            Keep(_newest, call);
        }
    }

    /// <summary>Agents that alone have a newest state: they were asked for stamps and must be asked for the states.</summary>
    public IReadOnlyList<NodeRef> ToAsk() =>
        [.. _newest.Values.Where(call => call.IsStampOnly && !IsStored(call)).Select(call => _agentOf[call.CallId]).Distinct()];

    /// <summary>What the store lacks and must be written, under the new token.</summary>
    public IEnumerable<CallEntry> ToCommit() => _newest.Values.Where(call => !IsStored(call)).Select(Renewed);

    /// <summary>What the store has and must come under the new token, with the stamps it has there. An end that it knows of needs no second mark.</summary>
    public IEnumerable<(string CallId, CallStamp Stamp)> ToRestamp() =>
        _newest.Values.Where(call => !call.Tombstone && IsStored(call)).Select(call => (call.CallId, call.Stamp));

    /// <summary>Every live call, and every ended one whose media some agent still holds.</summary>
    public IReadOnlyList<RecoveredCall> Recovered()
    {
        var calls = new List<RecoveredCall>(_newest.Count);
        foreach (var call in _newest.Values)
        {
            var at = _atAgents.GetValueOrDefault(call.CallId);
            if (!call.Tombstone || at is { Tombstone: false })
            {
                bool inForce = at is not null && IsSame(at, call);
                calls.Add(new(Renewed(call) with { Address = inForce ? at!.Address : IpAddress.None }, inForce ? _agentOf[call.CallId] : NodeRef.None));
            }
        }

        return calls;
    }

    private bool IsStored(CallEntry call) => _atStore.TryGetValue(call.CallId, out var stored) && stored.Stamp == call.Stamp;

    private CallEntry Renewed(CallEntry call) => call with { Stamp = call.Stamp with { Token = _token } };

    // A take-over puts the same state under its own token in the store; the agent keeps it under the one before.
    private static bool IsSame(CallEntry a, CallEntry b) =>
        a.Stamp.Generation == b.Stamp.Generation && a.Stamp.Version == b.Stamp.Version && a.Tombstone == b.Tombstone;

    private static bool Keep(Dictionary<string, CallEntry> calls, CallEntry call)
    {
        bool newer = !calls.TryGetValue(call.CallId, out var other) || call.Stamp > other.Stamp
            || (call.Stamp == other.Stamp && other.IsStampOnly && !call.IsStampOnly);
        if (newer)
        {
            calls[call.CallId] = call;
        }

        return newer;
    }
}
