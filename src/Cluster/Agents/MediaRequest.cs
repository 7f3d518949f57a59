using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Agents;

/// <summary>What an owner wants of a media node. Carries the owner's token: an agent refuses a lower one than it has seen.</summary>
/// <param name="Shard">The call's shard.</param>
/// <param name="Token">The owner's token.</param>
/// <param name="CallId">The call.</param>
public abstract record MediaRequest(int Shard, FenceToken Token, CallId CallId);

/// <summary>Bind ports.</summary>
public sealed record ReserveMedia(int Shard, FenceToken Token, CallId CallId, IReadOnlyList<PortRequest> Ports) : MediaRequest(Shard, Token, CallId);

/// <summary>Give ports back.</summary>
public sealed record ReleaseMedia(int Shard, FenceToken Token, CallId CallId, IReadOnlyList<NetEndpoint> Ports) : MediaRequest(Shard, Token, CallId);

/// <summary>Keep a call's newest state beside the store, and with a plan put that in force.</summary>
public sealed record ApplyMedia(int Shard, FenceToken Token, CallId CallId, CallEntry Call, MediaPlan? Plan) : MediaRequest(Shard, Token, CallId);

/// <summary>End a call's media.</summary>
public sealed record RemoveMedia(int Shard, FenceToken Token, CallId CallId, CallStamp Stamp) : MediaRequest(Shard, Token, CallId);

/// <summary>Read a call's statistics.</summary>
public sealed record ReadMedia(int Shard, FenceToken Token, CallId CallId) : MediaRequest(Shard, Token, CallId);

/// <summary>How an agent took a request.</summary>
public enum MediaOutcome
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>The token is lower than one it has seen.</summary>
    Fenced,

    /// <summary>It could not; the text says why.</summary>
    Failed,

    /// <summary>Nothing was done: the address is another node's, or on its way here. To be asked again, there or here.</summary>
    Elsewhere,
}

/// <summary>What an agent answered.</summary>
public sealed record MediaReply(MediaOutcome Outcome)
{
    /// <summary>With Fenced: the token it has seen.</summary>
    public FenceToken Highest { get; init; }

    /// <summary>With Failed and Elsewhere: why.</summary>
    public string Problem { get; init; } = string.Empty;

    /// <summary>Ports that were bound; null: none were free.</summary>
    public ushort[]? Ports { get; init; }

    /// <summary>Statistics; null: unknown call.</summary>
    public CallStatistics? Statistics { get; init; }

    /// <summary>Done, nothing to say.</summary>
    public static MediaReply Done { get; } = new(MediaOutcome.Ok);
}
