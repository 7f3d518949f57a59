using RtpCluster.Contracts;

namespace RtpCluster.Unit.CallModel.Negotiation;

/// <summary>Entropy that counts: the n-th request is filled with the byte n.</summary>
public sealed class CountingEntropy : IEntropy
{
    private byte _next = 1;

    /// <inheritdoc/>
    public void Fill(Span<byte> target) => target.Fill(_next++);
}
