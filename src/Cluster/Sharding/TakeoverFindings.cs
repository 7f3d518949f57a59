using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Sharding;

/// <summary>What a take-over has found of each call, and which of it is the newest. Pure, not safe for concurrent use.</summary>
internal sealed class TakeoverFindings
{
    private readonly Dictionary<string, CallEntry> _newest = [];
    private readonly Dictionary<string, CallEntry> _atAgents = [];
    private readonly Dictionary<string, CallEntry> _atStore = [];
    private FenceToken _token;

    /// <summary>Begins a take-over under a token.</summary>
    public void Clear(FenceToken token)
    {
        _token = token;
        _newest.Clear();
        _atAgents.Clear();
        _atStore.Clear();
    }

    /// <summary>What an agent holds.</summary>
    public void AddAgent(IEnumerable<CallEntry> calls)
    {
        foreach (var call in calls)
        {
            Keep(_atAgents, call);
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

    /// <summary>What must be written again, under the new token. An end that the store knows of needs no second mark.</summary>
    public IEnumerable<CallEntry> ToCommit() => _newest.Values
        .Where(call => !(call.Tombstone && _atStore.TryGetValue(call.CallId, out var stored) && stored.Stamp == call.Stamp))
        .Select(Renewed);

    /// <summary>Every live call, and every ended one whose media some agent still holds.</summary>
    public IReadOnlyList<RecoveredCall> Recovered()
    {
        var calls = new List<RecoveredCall>(_newest.Count);
        foreach (var call in _newest.Values)
        {
            var at = _atAgents.GetValueOrDefault(call.CallId);
            if (!call.Tombstone || at is { Tombstone: false })
            {
                calls.Add(new(Renewed(call), at is not null && at.Stamp == call.Stamp));
            }
        }

        return calls;
    }

    private CallEntry Renewed(CallEntry call) => call with { Stamp = call.Stamp with { Token = _token } };

    private static void Keep(Dictionary<string, CallEntry> calls, CallEntry call)
    {
        if (!calls.TryGetValue(call.CallId, out var other) || call.Stamp > other.Stamp)
        {
            calls[call.CallId] = call;
        }
    }
}
