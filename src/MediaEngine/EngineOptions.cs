namespace RtpCluster.MediaEngine;

/// <summary>Fixed properties of a <see cref="ReactorEngine"/>.</summary>
public sealed record EngineOptions
{
    /// <summary>How long after an offer or answer sources are compared before one is confirmed, in seconds. Default 3.</summary>
    public int LearningSeconds { get; init; } = 3;

    /// <summary>Least time between two <c>EndpointLearned</c> facts of one stream, in milliseconds; later changes are folded. Default 1000.</summary>
    public int EndpointFactMillis { get; init; } = 1000;
}
