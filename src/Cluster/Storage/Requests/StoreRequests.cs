namespace RtpCluster.Cluster.Storage;

/// <summary>One atomic step in the cluster's store. Each has a Lua script and, in <see cref="MemoryClusterStore"/>, a C# twin.</summary>
public abstract record StoreRequest;

/// <summary>A step and what it answers.</summary>
public abstract record StoreRequest<TReply> : StoreRequest
    where TReply : StoreReply;

/// <summary>
/// Takes a lease: granted when nobody has it, it is ours, it ran out longer than the grace ago, or its owner is dead. Each grant has a new epoch,
/// above <paramref name="MinEpoch"/> and above every one before.
/// </summary>
/// <param name="Resource">A shard's number, or <c>addr:</c> and an address.</param>
/// <param name="Owner">Who asks.</param>
/// <param name="TtlMillis">How long the lease lasts.</param>
/// <param name="GraceMillis">How long after its end somebody else's lease is left alone.</param>
/// <param name="MinEpoch">Highest epoch seen anywhere.</param>
/// <param name="Dead">Members that are DEAD, which is final: their leases may be taken at once.</param>
public sealed record AcquireLease(
    string Resource, NodeRef Owner, long TtlMillis, long GraceMillis, long MinEpoch, IReadOnlyList<NodeRef> Dead) : StoreRequest<LeaseReply>;

/// <summary>Extends a lease that is still ours.</summary>
public sealed record RenewLease(string Resource, NodeRef Owner, long Epoch, long TtlMillis) : StoreRequest<LeaseReply>;

/// <summary>Gives a lease up, or hands it to another member in one step, so that it is never without an owner in between.</summary>
public sealed record ReleaseLease(string Resource, NodeRef Owner, long Epoch, NodeRef To, long TtlMillis) : StoreRequest<LeaseReply>;

/// <summary>Looks at a lease.</summary>
public sealed record ReadLease(string Resource) : StoreRequest<LeaseReply>;

/// <summary>Makes a call's state durable together with the answer that its command gets.</summary>
/// <param name="Resource">The call's shard.</param>
/// <param name="Owner">Who owns the shard.</param>
/// <param name="CallId">The call.</param>
/// <param name="Stamp">Under which token, life and version.</param>
/// <param name="State">The state; empty with a tombstone.</param>
/// <param name="Tombstone">The call ended.</param>
/// <param name="Cookie">The command's cookie; empty: no command waits.</param>
/// <param name="Reply">The command's answer.</param>
public sealed record CommitCall(
    string Resource, NodeRef Owner, string CallId, CallStamp Stamp, ReadOnlyMemory<byte> State, bool Tombstone, string Cookie, ReadOnlyMemory<byte> Reply)
    : StoreRequest<CommitReply>
{
    /// <summary>How long an answer is kept for the client's retries, ms.</summary>
    public const long ReplyMillis = 60_000;

    /// <summary>How long the mark of an ended call is kept, s.</summary>
    public const long TombstoneSeconds = 600;
}

/// <summary>
/// Puts states that the store has under an older token under the owner's, as <see cref="CommitCall"/> of the same states would, without sending them
/// again: a take-over's way. STALE: one of them is not what the owner has read; it must read again.
/// </summary>
/// <param name="Resource">The calls' shard.</param>
/// <param name="Owner">Who owns the shard.</param>
/// <param name="Epoch">Of its token.</param>
/// <param name="Calls">The calls and the stamps that were read.</param>
public sealed record RestampCalls(string Resource, NodeRef Owner, long Epoch, IReadOnlyList<(string CallId, CallStamp Stamp)> Calls) : StoreRequest<CommitReply>
{
    /// <summary>Most calls in one: a script must not hold the store up.</summary>
    public const int Batch = 64;
}

/// <summary>Reads which state it has of every call of a shard, those that ended in the last minutes included; not the states.</summary>
public sealed record ReadStamps(string Resource) : StoreRequest<CallsReply>;

/// <summary>Reads one call, with its state and its last answer.</summary>
public sealed record ReadCall(string Resource, string CallId) : StoreRequest<CallsReply>;

/// <summary>Looks whether a command has been answered already.</summary>
public sealed record ReadCachedReply(string Resource, string Cookie) : StoreRequest<CachedReply>;

/// <summary>Says that a member lives, and reads who else does. Ends earlier incarnations of the same node.</summary>
/// <param name="Member">Who says it.</param>
/// <param name="State">Active, draining, or dead: it leaves.</param>
/// <param name="Info">What it is.</param>
public sealed record Heartbeat(NodeRef Member, MemberState State, MemberInfo Info) : StoreRequest<MembersReply>
{
    /// <summary>A dead member is forgotten after this time, ms.</summary>
    public const long ForgetMillis = 3_600_000;
}

/// <summary>
/// Votes that a member is dead. It becomes DEAD by two fresh votes of living members, or by one vote and its own silence towards the store for
/// longer than its lease.
/// </summary>
public sealed record DeclareDead(NodeRef Subject, NodeRef Voter, long FreshMillis, long LeaseMillis) : StoreRequest<MembersReply>;

/// <summary>Reads the members without saying anything.</summary>
public sealed record ReadMembers : StoreRequest<MembersReply>;

/// <summary>Writes what became of calls into the log of a floating address, for those who may take it over. Fenced like a commit.</summary>
/// <param name="Resource"><c>addr:</c> and the address.</param>
/// <param name="Owner">Who has the address.</param>
/// <param name="Epoch">Epoch of its lease.</param>
/// <param name="Plans">Each call's newest plan.</param>
public sealed record AppendPlans(string Resource, NodeRef Owner, long Epoch, IReadOnlyList<LoggedPlan> Plans) : StoreRequest<CommitReply>
{
    /// <summary>Entries that the log keeps; who is further behind reads all plans.</summary>
    public const int LogLength = 4096;
}

/// <summary>Reads what is new in the log of a floating address, or every plan when the reader is too far behind, or the log is another epoch's.</summary>
/// <param name="Resource"><c>addr:</c> and the address.</param>
/// <param name="After">Where the reader is; default: at the beginning.</param>
public sealed record ReadPlanLog(string Resource, LogPosition After) : StoreRequest<PlanLogReply>;

/// <summary>The certificate that new calls of the cluster begin with. Replaced only by who has seen the one before; empty: just read it.</summary>
/// <param name="Before">When the one was made that is replaced, s since 1970; 0: there was none.</param>
/// <param name="Made">When the new one was made; 0: none is offered.</param>
/// <param name="Certificate">The new one; sealed in the store.</param>
public sealed record OfferCertificate(long Before, long Made, ReadOnlyMemory<byte> Certificate) : StoreRequest<CertificateReply>;
