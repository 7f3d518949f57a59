using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>What becomes of a packet whose source is not the expected one. The numbers are the kernel's.</summary>
public enum SourceMismatch : byte
{
    /// <summary>Nothing: sources are not compared.</summary>
    Ignore = 0,

    /// <summary>It is dropped and counted as an error (strict-source).</summary>
    Drop = 1,

    /// <summary>It goes to the media process, which follows the source (media-handover).</summary>
    Propagate = 2,
}

/// <summary>
/// One stream as a forwarding table has it: a row keyed by our local port, with every output. A table takes a row whole and replaces it
/// whole. While the row lives, nobody else protects what comes from this port.
/// </summary>
public sealed record OffloadTarget
{
    /// <summary>The call.</summary>
    public required CallId CallId { get; init; }

    /// <summary>The stream.</summary>
    public required StreamId Stream { get; init; }

    /// <summary>The plan that it was made from.</summary>
    public required long Epoch { get; init; }

    /// <summary>The port that packets arrive on.</summary>
    public required NetEndpoint Local { get; init; }

    /// <summary>What arrives.</summary>
    public required StreamKind Kind { get; init; }

    /// <summary>Where the remote sends from, as far as known; compared when <see cref="Mismatch"/> says so.</summary>
    public NetEndpoint Learned { get; init; }

    /// <summary>Where we send to: not part of the row, but what the next process needs to go on.</summary>
    public NetEndpoint Current { get; init; }

    /// <summary>What if packets come from elsewhere.</summary>
    public SourceMismatch Mismatch { get; init; }

    /// <summary>Drop everything (ng drop-traffic).</summary>
    public bool DropTraffic { get; init; }

    /// <summary>RTP is counted and not forwarded (SDP direction).</summary>
    public bool MayNotSend { get; init; }

    /// <summary>RTCP is forwarded by the row, and comes here as well; else it comes here only.</summary>
    public bool TakesRtcp { get; init; }

    /// <summary>Drop payloads shorter than nominal.</summary>
    public bool BlockShort { get; init; }

    /// <summary>Seconds without a packet after which the table tells of it; 0: never.</summary>
    public int IdleSeconds { get; init; }

    /// <summary>Keys of what arrives; null: plain.</summary>
    public OffloadKeys? Decrypt { get; init; }

    /// <summary>The payload types that are known.</summary>
    public OffloadPayloadType[] PayloadTypes { get; init; } = [];

    /// <summary>Packets of other payload types come here; else they are forwarded as they are.</summary>
    public bool OthersStay { get; init; }

    /// <summary>The copies.</summary>
    public OffloadOutput[] Outputs { get; init; } = [];
}

/// <summary>The keys of one direction of one media and where their indices stand.</summary>
/// <param name="Id">Names the session: the same for RTP and RTCP of a media, for a row and its replacement, and after a restart.</param>
/// <param name="Keys">The keys.</param>
/// <param name="States">The running state of each SSRC.</param>
public sealed record OffloadKeys(ulong Id, SrtpKeys Keys, SrtpCheckpoint[] States);

/// <summary>A payload type of a row.</summary>
/// <param name="Number">0 to 127.</param>
/// <param name="ClockRate">Its clock in Hz; 0: it says nothing about jitter.</param>
/// <param name="SilenceByte">Fills a silenced payload; negative: drop instead.</param>
/// <param name="NominalBytes">Payload bytes of a nominal packet; 0: variable.</param>
/// <param name="IsDtmf">It is telephone-event.</param>
/// <param name="ComesHere">Its packets come here, untouched.</param>
public readonly record struct OffloadPayloadType(byte Number, int ClockRate, short SilenceByte, int NominalBytes, bool IsDtmf, bool ComesHere = false);

/// <summary>One copy of a row's packets.</summary>
public sealed record OffloadOutput
{
    /// <summary>The stream whose remote gets it.</summary>
    public required StreamId To { get; init; }

    /// <summary>It gets the RTCP; else RTP (or raw bytes).</summary>
    public bool Rtcp { get; init; }

    /// <summary>Our port that it is sent from.</summary>
    public required NetEndpoint Source { get; init; }

    /// <summary>Where it goes; none while it is held.</summary>
    public required NetEndpoint Destination { get; init; }

    /// <summary>TOS or traffic class.</summary>
    public byte Tos { get; init; }

    /// <summary>Count under this reason, do not send; <see cref="DropReason.None"/>: send.</summary>
    public DropReason Hold { get; init; }

    /// <summary>What is done to the packets; <see cref="OutputFlags.Blocked"/> is a hold.</summary>
    public OutputFlags Flags { get; init; }

    /// <summary>Keys; null: plain.</summary>
    public OffloadKeys? Encrypt { get; init; }

    /// <summary>Payload types to rename.</summary>
    public PayloadTypeMap[] PayloadTypeMaps { get; init; } = [];

    /// <summary>Header extension ids to remove.</summary>
    public byte[] StripExtensions { get; init; } = [];
}
