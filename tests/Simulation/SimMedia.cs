using RtpCluster.Contracts;

namespace RtpCluster.Simulation;

/// <summary>A media process: outlives its control process, applies plans by epoch.</summary>
public sealed class SimMedia(byte host) : IMediaNode
{
    private readonly Dictionary<string, long> _epochs = [];
    private ushort _next = 1000;

    public IpAddress Address { get; } = IpAddress.FromV4(0x0a000000u + host);

    public IReadOnlyList<PortPoolStatus> PortPools => [];

    public Action<MediaFact>? FactReceived { get; set; }

    public ValueTask<ushort[]?> ReserveAsync(CallId callId, IReadOnlyList<PortRequest> requests, CancellationToken cancel) =>
        ValueTask.FromResult<ushort[]?>([.. requests.Select(_ => _next += 2)]);

    public ValueTask ReleaseAsync(CallId callId, IReadOnlyList<NetEndpoint> ports, CancellationToken cancel) => default;

    public ValueTask ApplyAsync(MediaPlan plan, CancellationToken cancel)
    {
        _epochs[plan.CallId.Value] = plan.Epoch;
        return default;
    }

    public ValueTask<CallStatistics?> RemoveAsync(CallId callId, CancellationToken cancel)
    {
        _epochs.Remove(callId.Value);
        return default;
    }

    public ValueTask<CallStatistics?> ReadAsync(CallId callId, CancellationToken cancel) => default;

    public ValueTask<MediaTotals> ReadTotalsAsync(CancellationToken cancel) => ValueTask.FromResult(new MediaTotals());

    /// <summary>The epoch in force; 0: none.</summary>
    public long EpochOf(string callId) => _epochs.GetValueOrDefault(callId);
}
