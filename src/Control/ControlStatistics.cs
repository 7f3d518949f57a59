using System.Collections.Concurrent;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Control;

/// <summary>Requests of one verb from one client.</summary>
/// <param name="Verb">Which verb.</param>
/// <param name="Count">Requests executed; duplicates answered from the cookie cache do not count.</param>
/// <param name="TotalMicros">Their total duration in microseconds.</param>
public sealed record VerbCount(NgVerb Verb, long Count, long TotalMicros);

/// <summary>Counters of one client ("proxy" in the metrics): its address, the verbs it used, the errors it got.</summary>
public sealed record ClientCount(string Address, long Errors, IReadOnlyList<VerbCount> Verbs);

/// <summary>What the listeners counted since start. All members are safe to use from any thread.</summary>
public sealed class ControlStatistics
{
    /// <summary>More client addresses than this share one row, so that a scan cannot fill the memory.</summary>
    private const int MaxClients = 1_000;

    private readonly ConcurrentDictionary<IpAddress, Counters> _clients = new();
    private readonly Counters _others = new();
    private long _duplicates;
    private long _malformed;
    private long _unknownWords;
    private long _dropped;
    private long _refusedConnections;
    private long _failures;

    /// <summary>Requests answered from the cookie cache, or by the answer of their running twin.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Messages without a cookie and other bytes that got no reply.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Keys and flags nobody knows.</summary>
    public long UnknownWords => Interlocked.Read(ref _unknownWords);

    /// <summary>Requests dropped because too many were running, and replies the socket would not take.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Connections closed at once because too many were open.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refusedConnections);

    /// <summary>Requests whose execution failed through a fault of ours.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>The counters by client; a moment's view that is not atomic over rows.</summary>
    public IReadOnlyList<ClientCount> Clients()
    {
        var rows = _clients.Select(pair => pair.Value.Read(pair.Key.ToString())).ToList();
        var others = _others.Read("other");
        if (others.Errors > 0 || others.Verbs.Count > 0)
        {
            rows.Add(others);
        }

        return rows;
    }

    /// <summary>Counts an executed request.</summary>
    internal void CountRequest(IpAddress client, NgVerb verb, long micros, bool isError)
    {
        var counters = Of(client);
        Interlocked.Increment(ref counters.Counts[(int)verb]);
        Interlocked.Add(ref counters.Micros[(int)verb], micros);
        if (isError)
        {
            Interlocked.Increment(ref counters.Errors);
        }
    }

    /// <summary>Counts a request that was no command.</summary>
    internal void CountError(IpAddress client) => Interlocked.Increment(ref Of(client).Errors);

    internal void CountDuplicate() => Interlocked.Increment(ref _duplicates);

    internal void CountMalformed() => Interlocked.Increment(ref _malformed);

    internal void CountUnknownWords(int words) => Interlocked.Add(ref _unknownWords, words);

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void CountRefusedConnection() => Interlocked.Increment(ref _refusedConnections);

    internal void CountFailure() => Interlocked.Increment(ref _failures);

    private Counters Of(IpAddress client)
    {
        if (_clients.TryGetValue(client, out var counters))
        {
            return counters;
        }

        return _clients.Count < MaxClients ? _clients.GetOrAdd(client, static _ => new Counters()) : _others;
    }

    private sealed class Counters
    {
        public readonly long[] Counts = new long[NgVerbs.All.Count];
        public readonly long[] Micros = new long[NgVerbs.All.Count];
        public long Errors;

        public ClientCount Read(string address)
        {
            var verbs = new List<VerbCount>();
            for (int i = 0; i < Counts.Length; i++)
            {
                if (Interlocked.Read(ref Counts[i]) is > 0 and var count)
                {
                    verbs.Add(new VerbCount((NgVerb)i, count, Interlocked.Read(ref Micros[i])));
                }
            }

            return new ClientCount(address, Interlocked.Read(ref Errors), verbs);
        }
    }
}
