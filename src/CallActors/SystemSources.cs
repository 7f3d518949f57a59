using System.Security.Cryptography;
using RtpCluster.Contracts;

namespace RtpCluster.CallActors;

/// <summary>The wall clock in microseconds.</summary>
public static class SystemClock
{
    /// <summary>Now.</summary>
    public static Instant Now() => new((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}

/// <summary>The system's cryptographic randomness.</summary>
public sealed class SystemEntropy : IEntropy
{
    /// <inheritdoc/>
    public void Fill(Span<byte> target) => RandomNumberGenerator.Fill(target);
}
