using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>The shell's wall clock.</summary>
internal static class Clock
{
    /// <summary>Now; tens of nanoseconds, no system call.</summary>
    public static Instant Now => new((DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
}
