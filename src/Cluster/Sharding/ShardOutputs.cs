using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Sharding;

/// <summary>What a shard wants done. <see cref="Round"/> comes back with the result: results of an earlier round are ignored.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Round">Which round of the shard's life asks.</param>
public abstract record ShardOutput(int Shard, long Round);

/// <summary>Do a step in the store.</summary>
public sealed record AskStore(int Shard, long Round, StoreRequest Request, long AskedAt) : ShardOutput(Shard, Round);

/// <summary>Fence an agent: it refuses lower tokens from now on and tells what it holds, with <paramref name="Whole"/> the states, else the stamps only.</summary>
public sealed record AskFence(int Shard, long Round, NodeRef Agent, FenceToken Token, bool Whole) : ShardOutput(Shard, Round);

/// <summary>Begin to serve: restore these calls, put in force what is not, end what ended, then say <see cref="ShardMachine.HandleServing"/>.</summary>
public sealed record ServeShard(int Shard, long Round, FenceToken Token, IReadOnlyList<RecoveredCall> Calls) : ShardOutput(Shard, Round);

/// <summary>Stop serving at once and forget the calls; they live on in the store and at the agents.</summary>
public sealed record StopShard(int Shard, long Round, string Why) : ShardOutput(Shard, Round);

/// <summary>Take no new command, finish those that run, forget the calls, then say <see cref="ShardMachine.HandleDrained"/>.</summary>
public sealed record DrainShard(int Shard, long Round) : ShardOutput(Shard, Round);

/// <summary>A line of the shard's story, for the log.</summary>
public sealed record ShardStory(int Shard, long Round, string Text) : ShardOutput(Shard, Round);

/// <summary>A call that a take-over found.</summary>
/// <param name="Call">Its newest state, under the new token, or the stamp of it when the store has the state; a tombstone: it ended and its media must go.</param>
/// <param name="At">The agent that has exactly this state; none: no agent has.</param>
public sealed record RecoveredCall(CallEntry Call, NodeRef At)
{
    /// <summary>An agent has exactly this state.</summary>
    public bool InForce => !At.IsNone;
}

/// <summary>What an agent answers to a fence.</summary>
/// <param name="Highest">The highest token it has seen for the shard.</param>
/// <param name="Calls">The shard's calls that it holds, ended ones of the last minutes included.</param>
public sealed record FenceReply(FenceToken Highest, IReadOnlyList<CallEntry> Calls);
