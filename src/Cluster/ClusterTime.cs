using RtpCluster.Contracts;

namespace RtpCluster.Cluster;

/// <summary>Time as the cluster sees it: monotonic, and able to wait.</summary>
/// <param name="Now">Milliseconds.</param>
/// <param name="Delay">Waits for some milliseconds.</param>
/// <param name="Wall">Wall-clock time.</param>
public sealed record ClusterTime(Func<long> Now, Func<int, ValueTask> Delay, Func<Instant> Wall)
{
    /// <summary>The machine's.</summary>
    public static ClusterTime System { get; } = new(
        static () => Environment.TickCount64,
        static millis => new ValueTask(Task.Delay(millis)),
        static () => new Instant((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10));
}
