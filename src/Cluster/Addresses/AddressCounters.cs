namespace RtpCluster.Cluster.Addresses;

/// <summary>How often each thing happened to floating addresses since the start. Safe for concurrent use.</summary>
public sealed class AddressCounters
{
    private long _renewals, _failures, _probes, _answered, _takeovers, _handOvers, _drops, _announcements, _storeFailures, _slowest;

    /// <summary>The counters by name, for metrics.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Read() =>
    [
        new("renewals", Volatile.Read(ref _renewals)), new("probes", Volatile.Read(ref _probes)), new("answered_probes", Volatile.Read(ref _answered)),
        new("takeovers", Volatile.Read(ref _takeovers)), new("hand_overs", Volatile.Read(ref _handOvers)), new("drops", Volatile.Read(ref _drops)),
        new("announcements", Volatile.Read(ref _announcements)), new("failures", Volatile.Read(ref _failures)),
        new("store_failures", Volatile.Read(ref _storeFailures)),
    ];

    /// <summary>The longest take-over, ms.</summary>
    public long SlowestMillis => Volatile.Read(ref _slowest);

    internal void Renewed(bool done) => Interlocked.Add(ref _renewals, done ? 1 : 0);

    internal void StoreFailed() => Interlocked.Increment(ref _storeFailures);

    internal void Probed(bool answered)
    {
        Interlocked.Increment(ref _probes);
        Interlocked.Add(ref _answered, answered ? 1 : 0);
    }

    internal void Took(bool planned, long millis)
    {
        Interlocked.Increment(ref planned ? ref _handOvers : ref _takeovers);
        for (long slowest = SlowestMillis; millis > slowest && Interlocked.CompareExchange(ref _slowest, millis, slowest) != slowest; slowest = SlowestMillis)
        {
        }
    }

    internal void Dropped() => Interlocked.Increment(ref _drops);

    internal void Announced() => Interlocked.Increment(ref _announcements);

    internal void Failed() => Interlocked.Increment(ref _failures);
}
