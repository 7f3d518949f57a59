using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>What a row has counted since it was installed first, and its running state.</summary>
public sealed record OffloadReport
{
    /// <summary>The row: its port.</summary>
    public NetEndpoint Local { get; set; }

    /// <summary>Not later than it was read: a report that was overtaken is recognised by it.</summary>
    public Instant ReadAt { get; set; }

    /// <summary>What arrived and was taken.</summary>
    public Counters In { get; set; }

    /// <summary>When the last packet was taken; 0: never.</summary>
    public Instant LastPacket { get; set; }

    /// <summary>By SSRC, the most recent one first.</summary>
    public SsrcStatistics[] Ssrcs { get; set; } = [];

    /// <summary>By payload type.</summary>
    public PayloadTypeStatistics[] PayloadTypes { get; set; } = [];

    /// <summary>By output.</summary>
    public OffloadOutputReport[] Outputs { get; set; } = [];

    /// <summary>Indices of every SSRC of every set of keys that the row uses.</summary>
    public OffloadIndex[] Indices { get; set; } = [];
}

/// <summary>Copies of one output.</summary>
/// <param name="To">The stream whose remote got them.</param>
/// <param name="Rtcp">It is an output of RTCP.</param>
/// <param name="Out">How many; errors are copies that could not be made or sent.</param>
/// <param name="Ssrc">The SSRC sent last; 0: none.</param>
public readonly record struct OffloadOutputReport(StreamId To, bool Rtcp, Counters Out, uint Ssrc);

/// <summary>Indices of one SSRC under one set of keys.</summary>
/// <param name="KeysId">See <see cref="OffloadKeys.Id"/>.</param>
/// <param name="State">The indices.</param>
public readonly record struct OffloadIndex(ulong KeysId, SrtpCheckpoint State);
