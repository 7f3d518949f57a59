namespace RtpCluster.Cluster;

/// <summary>How often each thing of the protocol happened since the start. Safe for concurrent use.</summary>
public sealed class ClusterCounters
{
    private long _probes, _missed, _votes, _fences, _takeovers, _recovered, _doubts, _storeFailures, _stories, _forwarded, _replays, _refused, _takeoverMillis;

    /// <summary>The counters by name, for metrics.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Read() =>
    [
        new("probes", Volatile.Read(ref _probes)), new("missed_probes", Volatile.Read(ref _missed)), new("votes", Volatile.Read(ref _votes)),
        new("fences", Volatile.Read(ref _fences)), new("takeovers", Volatile.Read(ref _takeovers)), new("recovered_calls", Volatile.Read(ref _recovered)),
        new("doubts", Volatile.Read(ref _doubts)), new("store_failures", Volatile.Read(ref _storeFailures)), new("events", Volatile.Read(ref _stories)),
        new("forwarded_commands", Volatile.Read(ref _forwarded)), new("replayed_answers", Volatile.Read(ref _replays)),
        new("refused_commands", Volatile.Read(ref _refused)),
    ];

    internal void Probed(bool answered)
    {
        Interlocked.Increment(ref _probes);
        Interlocked.Add(ref _missed, answered ? 0 : 1);
    }

    internal void Voted() => Interlocked.Increment(ref _votes);

    internal void Fenced() => Interlocked.Increment(ref _fences);

    /// <summary>How long take-overs lasted from the lease to the first command, ms, all together.</summary>
    public long TakeoverMillis => Volatile.Read(ref _takeoverMillis);

    internal void TookOver(int calls, long millis)
    {
        Interlocked.Add(ref _takeoverMillis, millis);
        Interlocked.Increment(ref _takeovers);
        Interlocked.Add(ref _recovered, calls);
    }

    internal void Doubted() => Interlocked.Increment(ref _doubts);

    internal void StoreFailed() => Interlocked.Increment(ref _storeFailures);

    internal void Told(string story) => Interlocked.Add(ref _stories, story.Length > 0 ? 1 : 0);

    internal void Forwarded() => Interlocked.Increment(ref _forwarded);

    internal void Refused() => Interlocked.Increment(ref _refused);

    internal void Replayed() => Interlocked.Increment(ref _replays);
}
