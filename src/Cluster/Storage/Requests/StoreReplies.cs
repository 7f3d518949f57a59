using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Storage;

/// <summary>What a store answered.</summary>
public abstract record StoreReply;

/// <summary>A lease as the store has it.</summary>
/// <param name="Ok">What was asked was done.</param>
/// <param name="Owner">Who has it; none: nobody.</param>
/// <param name="Epoch">Epoch of its last grant.</param>
/// <param name="RemainingMillis">How long it still lasts; negative: it ran out that long ago.</param>
public sealed record LeaseReply(bool Ok, NodeRef Owner, long Epoch, long RemainingMillis) : StoreReply
{
    /// <summary>The token of the lease.</summary>
    public FenceToken Token => new(Epoch, Owner.Incarnation);
}

/// <summary>What became of a commit.</summary>
public enum CommitOutcome
{
    /// <summary>Durable.</summary>
    Ok,

    /// <summary>The committer does not own the shard any more.</summary>
    Fenced,

    /// <summary>The store has a newer state.</summary>
    Stale,
}

/// <summary>The answer to a commit.</summary>
/// <param name="Outcome">What became of it.</param>
public sealed record CommitReply(CommitOutcome Outcome) : StoreReply;

/// <summary>A call as a store or an agent has it.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Stamp">Which of its states.</param>
/// <param name="Tombstone">It ended.</param>
/// <param name="State">The state; empty when it ended, or when it was left out.</param>
public sealed record CallEntry(string CallId, CallStamp Stamp, bool Tombstone, ReadOnlyMemory<byte> State)
{
    /// <summary>The answer of the command that led to it, as agents keep it: a store that lost its answers gets the last ones back. Null: none.</summary>
    public CommandAnswer? Answer { get; init; }

    /// <summary>State and answer were left out: a take-over compares stamps, and who needs more asks for it.</summary>
    public bool IsStampOnly { get; init; }

    /// <summary>The address that the call's media is on, as its agent knows it; none: unknown.</summary>
    public IpAddress Address { get; init; }

    /// <summary>The same without its state and answer.</summary>
    public CallEntry WithoutState() => this with { State = default, Answer = null, IsStampOnly = !Tombstone };
}

/// <summary>Calls of a shard.</summary>
public sealed record CallsReply(IReadOnlyList<CallEntry> Calls) : StoreReply;

/// <summary>The answer a command got; null: none.</summary>
public sealed record CachedReply(byte[]? Reply) : StoreReply;

/// <summary>How a member is.</summary>
public enum MemberState
{
    /// <summary>Takes shards and calls.</summary>
    Active,

    /// <summary>Takes nothing new and gives away what it has.</summary>
    Draining,

    /// <summary>Gone for good; final.</summary>
    Dead,
}

/// <summary>What a member is.</summary>
/// <param name="Address">Where other nodes reach it, host:port.</param>
/// <param name="Interfaces">Its media addresses: <c>name/address/advertised</c>, separated by blanks.</param>
/// <param name="Sessions">Calls whose media it carries.</param>
/// <param name="Labels">The operator's labels.</param>
public sealed record MemberInfo(string Address, string Interfaces, long Sessions, string Labels);

/// <summary>A member as the store has it.</summary>
/// <param name="Node">Which life of which node.</param>
/// <param name="State">How it is.</param>
/// <param name="Info">What it is.</param>
/// <param name="SilentMillis">How long ago it last said that it lives.</param>
/// <param name="Votes">Who thinks that it is dead.</param>
public sealed record Member(NodeRef Node, MemberState State, MemberInfo Info, long SilentMillis, IReadOnlyList<NodeRef> Votes)
{
    /// <summary>It lives and does not reach the store: it can own nothing.</summary>
    public bool IsCutOff { get; init; }
}

/// <summary>Everybody.</summary>
/// <param name="Version">Counts up when a member comes, goes or changes its state.</param>
/// <param name="Members">In the order of their names.</param>
/// <param name="StoreId">Changes when another store answers, or the same one started again; empty: unknown.</param>
public sealed record MembersReply(long Version, IReadOnlyList<Member> Members, string StoreId) : StoreReply;

/// <summary>A call's plan as the log of an address has it.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Plan">The plan, JSON; empty: its media ended.</param>
public sealed record LoggedPlan(string CallId, ReadOnlyMemory<byte> Plan);

/// <summary>A place in the log of an address. Each epoch of the lease counts its entries from 1.</summary>
public readonly record struct LogPosition(long Epoch, long Number);

/// <summary>What a log had to say.</summary>
/// <param name="Position">Where to read on.</param>
/// <param name="IsComplete">Every plan there is, instead of what is new.</param>
/// <param name="Plans">In the order of the log.</param>
public sealed record PlanLogReply(LogPosition Position, bool IsComplete, IReadOnlyList<LoggedPlan> Plans) : StoreReply;

/// <summary>The certificate that the store has now.</summary>
/// <param name="Made">When it was made, s since 1970; 0: there is none.</param>
/// <param name="Certificate">What was offered with it.</param>
public sealed record CertificateReply(long Made, ReadOnlyMemory<byte> Certificate) : StoreReply;
