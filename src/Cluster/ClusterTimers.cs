namespace RtpCluster.Cluster;

/// <summary>Every time of the cluster's protocol, in ms. docs/cluster.md says how they hang together and which are options.</summary>
public sealed record ClusterTimers
{
    /// <summary>Between two probes of a member; also how long an answer may take. Default 250.</summary>
    public int Probe { get; init; } = 250;

    /// <summary>Probes without an answer before other members are asked to try. Default 3.</summary>
    public int ProbeMisses { get; init; } = 3;

    /// <summary>The same for a member that has never answered us: a process that has just started may be slow. Default 12.</summary>
    public int FirstProbeMisses { get; init; } = 12;

    /// <summary>Between two heartbeats to the store. Default 1000.</summary>
    public int Heartbeat { get; init; } = 1000;

    /// <summary>A member silent towards the store for this long needs one vote only to be dead. Default 3000.</summary>
    public int MemberLease { get; init; } = 3000;

    /// <summary>A vote counts for this long. Default 3000.</summary>
    public int VoteFresh { get; init; } = 3000;

    /// <summary>How long a shard's lease lasts. Default 3000.</summary>
    public int ShardLease { get; init; } = 3000;

    /// <summary>Between two renewals of a lease. Default 1000.</summary>
    public int Renew { get; init; } = 1000;

    /// <summary>An owner stops this long before its lease ends by its own clock. Default 500.</summary>
    public int LeaseMargin { get; init; } = 500;

    /// <summary>Somebody else's lease is left alone for this long after its end. Default 500.</summary>
    public int LeaseGrace { get; init; } = 500;

    /// <summary>Shards of living members move only when the membership has been the same for this long. Default 2000.</summary>
    public int StableView { get; init; } = 2000;

    /// <summary>Before a failed step is tried again. Default 100.</summary>
    public int Retry { get; init; } = 100;

    /// <summary>Between two looks at the lease of a shard that another member owns. Default 1000.</summary>
    public int Watch { get; init; } = 1000;

    /// <summary>Shards that one node moves at once. Default 32.</summary>
    public int InFlight { get; init; } = 32;

    /// <summary>How long any node tries to have a command answered. Default 4000.</summary>
    public int Command { get; init; } = 4000;

    /// <summary>Shards of the cluster; the same on every node, for ever. Default 256.</summary>
    public int Shards { get; init; } = 256;
}
