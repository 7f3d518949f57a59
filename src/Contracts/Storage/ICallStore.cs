namespace RtpCluster.Contracts;

/// <summary>A call's durable state.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Version">Counts up with each save; equals the plan epoch.</param>
/// <param name="State">Readable JSON, UTF-8.</param>
public sealed record StoredCall(CallId CallId, long Version, ReadOnlyMemory<byte> State)
{
    /// <summary>The next effect puts this state's plan in force, and the media node learns the state with it. Not stored.</summary>
    public bool PlanFollows { get; init; }
}

/// <summary>Where calls survive the death of a process. Embedded on one node, Redis in a cluster. Safe for concurrent use.</summary>
public interface ICallStore
{
    /// <summary>It keeps the answers of commands with the states they lead to.</summary>
    bool KeepsAnswers => false;

    /// <summary>Makes a state durable. Same version twice is a no-op, an older version is refused.</summary>
    ValueTask SaveAsync(StoredCall call, CancellationToken cancel);

    /// <summary>Makes a state durable together with the answer of the command that led to it.</summary>
    ValueTask SaveAsync(StoredCall call, CommandAnswer? answer, CancellationToken cancel) => SaveAsync(call, cancel);

    /// <summary>Forgets a call.</summary>
    ValueTask DeleteAsync(CallId callId, CancellationToken cancel);

    /// <summary>Forgets a call and keeps the answer of the command that ended it.</summary>
    ValueTask DeleteAsync(CallId callId, CommandAnswer? answer, CancellationToken cancel) => DeleteAsync(callId, cancel);

    /// <summary>Reads one call; null: unknown.</summary>
    ValueTask<StoredCall?> LoadAsync(CallId callId, CancellationToken cancel);

    /// <summary>Nobody needs the call's state for a while: what is kept in memory beside the durable one may go.</summary>
    void Passivate(CallId callId)
    {
    }

    /// <summary>Reads every call.</summary>
    IAsyncEnumerable<StoredCall> LoadAllAsync(CancellationToken cancel);
}
