using RtpCluster.Contracts;

namespace RtpCluster.Media.Ice;

/// <summary>The candidate pairs of an agent and the order in which they are checked, RFC 8445 section 6.1.2. At most 100.</summary>
internal sealed class IceCheckList
{
    /// <summary>Pairs that are kept; what comes later has no chance.</summary>
    public const int Limit = 100;

    private readonly List<IcePair> _pairs = [];
    private readonly Queue<IcePair> _triggered = new();

    /// <summary>The pairs in the order they were made.</summary>
    public IReadOnlyList<IcePair> Pairs => _pairs;

    /// <summary>A check waits to be sent.</summary>
    public bool HasWork => _triggered.Count > 0 || _pairs.Exists(p => p.State == PairState.Waiting);

    /// <summary>Every pair has failed (there is at least one).</summary>
    public bool AllFailed => _pairs.Count > 0 && _pairs.TrueForAll(p => p.State == PairState.Failed);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _pairs.Clear();
        _triggered.Clear();
    }

    /// <summary>The pair of a path; null: none.</summary>
    public IcePair? Find(in IcePath path)
    {
        foreach (var pair in _pairs)
        {
            if (pair.Path == path)
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>The pair whose running check has this id; null: none.</summary>
    public IcePair? Find(ReadOnlySpan<byte> transactionId)
    {
        foreach (var pair in _pairs)
        {
            if (pair.Transaction.Id is { } id && transactionId.SequenceEqual(id))
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>The pair of a path; made when it is new. Null: there are too many.</summary>
    public IcePair? Add(in IcePath path, uint localPriority, uint remotePriority)
    {
        if (Find(path) is { } known)
        {
            return known;
        }

        if (_pairs.Count == Limit)
        {
            return null;
        }

        var pair = new IcePair(path, localPriority, remotePriority);
        _pairs.Add(pair);
        return pair;
    }

    /// <summary>Puts a pair in front of the ordinary checks, RFC 8445 section 7.3.1.4.</summary>
    public void Trigger(IcePair pair)
    {
        if (!_triggered.Contains(pair))
        {
            _triggered.Enqueue(pair);
        }
    }

    /// <summary>The next pair to check; null: none.</summary>
    public IcePair? Next(bool controlling) =>
        _triggered.TryDequeue(out var pair) ? pair : Best(controlling, p => p.State == PairState.Waiting);

    /// <summary>The pair of highest priority that fulfils a condition; null: none.</summary>
    public IcePair? Best(bool controlling, Predicate<IcePair> condition)
    {
        IcePair? best = null;
        ulong highest = 0;
        foreach (var pair in _pairs)
        {
            ulong priority = Priority(pair, controlling);
            if (condition(pair) && (best is null || priority > highest))
            {
                best = pair;
                highest = priority;
            }
        }

        return best;
    }

    private static ulong Priority(IcePair pair, bool controlling) => controlling
        ? IcePriority.OfPair(pair.LocalPriority, pair.RemotePriority)
        : IcePriority.OfPair(pair.RemotePriority, pair.LocalPriority);
}
