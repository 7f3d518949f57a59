using System.Collections.Concurrent;
using RtpCluster.Contracts;

namespace RtpCluster.TestKit.Nodes;

/// <summary>A media node without media: hands out ports, remembers plans, and lets a test send facts, fail, or hold an apply.</summary>
public sealed class InMemoryMediaNode : IMediaNode
{
    private int _nextPort = 30000;

    /// <summary>Plans in force by call-id.</summary>
    public ConcurrentDictionary<string, MediaPlan> Plans { get; } = new();

    /// <summary>Calls removed.</summary>
    public ConcurrentQueue<CallId> Removed { get; } = new();

    /// <summary>Runs after a call was removed.</summary>
    public Action<CallId>? AfterRemove { get; set; }

    /// <summary>Ports given back without a plan.</summary>
    public ConcurrentQueue<NetEndpoint> Released { get; } = new();

    /// <summary>Runs before a plan comes in force: may throw, or wait.</summary>
    public Func<MediaPlan, Task>? BeforeApply { get; set; }

    /// <summary>There are no ports.</summary>
    public bool OutOfPorts { get; set; }

    /// <inheritdoc/>
    public Action<MediaFact>? FactReceived { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<PortPoolStatus> PortPools => [];

    /// <inheritdoc/>
    public ValueTask<ushort[]?> ReserveAsync(CallId callId, IReadOnlyList<PortRequest> requests, CancellationToken cancel) =>
        ValueTask.FromResult(OutOfPorts ? null : requests.Select(_ => (ushort)(Interlocked.Add(ref _nextPort, 2) - 2)).ToArray());

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(CallId callId, IReadOnlyList<NetEndpoint> ports, CancellationToken cancel)
    {
        foreach (var port in ports)
        {
            Released.Enqueue(port);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(MediaPlan plan, CancellationToken cancel)
    {
        if (BeforeApply is { } before)
        {
            await before(plan);
        }

        Plans[plan.CallId.Value] = plan;
    }

    /// <inheritdoc/>
    public ValueTask<CallStatistics?> RemoveAsync(CallId callId, CancellationToken cancel)
    {
        Removed.Enqueue(callId);
        var last = Plans.TryRemove(callId.Value, out _) ? Statistics(callId) : null;
        AfterRemove?.Invoke(callId);
        return ValueTask.FromResult(last);
    }

    /// <inheritdoc/>
    public ValueTask<CallStatistics?> ReadAsync(CallId callId, CancellationToken cancel) =>
        ValueTask.FromResult(Plans.ContainsKey(callId.Value) ? Statistics(callId) : null);

    /// <inheritdoc/>
    public ValueTask<MediaTotals> ReadTotalsAsync(CancellationToken cancel) => ValueTask.FromResult(new MediaTotals { Calls = Plans.Count });

    private static CallStatistics? Statistics(CallId callId) => new() { CallId = callId, Streams = [] };
}
