using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;

namespace RtpCluster.MediaEngine;

/// <summary>One call: its plan in force and its streams.</summary>
internal sealed class CallRuntime(CallId id)
{
    private readonly Dictionary<int, StreamRuntime> _streams = [];

    /// <summary>The call.</summary>
    public readonly CallId Id = id;

    /// <summary>The plan in force.</summary>
    public MediaPlan Plan = null!;

    /// <summary>Cached from the plan.</summary>
    public bool DropTraffic;

    /// <summary>Its place in the <see cref="Housekeeping.CallList"/>.</summary>
    public int Position;

    /// <summary>Epoch whose idle finding has been reported; 0: none.</summary>
    public long IdleReported;

    /// <summary>Every set of keys in use.</summary>
    public readonly List<SrtpSide> Sides = [];

    /// <summary>The streams by id.</summary>
    public Dictionary<int, StreamRuntime> Streams => _streams;

    /// <summary>The stream of an id; null: none.</summary>
    public StreamRuntime? Find(StreamId id) => _streams.GetValueOrDefault(id.Value);
}
