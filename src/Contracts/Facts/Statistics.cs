namespace RtpCluster.Contracts;

/// <summary>Packets, bytes and errors. Bytes are RTP/RTCP bytes without UDP and IP headers, before decryption on input.</summary>
public readonly record struct Counters(long Packets, long Bytes, long Errors)
{
    /// <summary>Sums.</summary>
    public static Counters operator +(Counters a, Counters b) => new(a.Packets + b.Packets, a.Bytes + b.Bytes, a.Errors + b.Errors);
}

/// <summary>The running statistics of one call, read from its media node.</summary>
public sealed record CallStatistics
{
    /// <summary>The call.</summary>
    public required CallId CallId { get; init; }

    /// <summary>Its streams, by id.</summary>
    public required StreamStatistics[] Streams { get; init; }
}

/// <summary>The running statistics of one stream.</summary>
public sealed record StreamStatistics
{
    /// <summary>The stream.</summary>
    public required StreamId Id { get; init; }

    /// <summary>What arrived.</summary>
    public Counters In { get; init; }

    /// <summary>What was sent to the remote.</summary>
    public Counters Out { get; init; }

    /// <summary>When the last packet arrived; 0: never.</summary>
    public Instant LastPacket { get; init; }

    /// <summary>Where we send to now.</summary>
    public NetEndpoint Endpoint { get; init; }

    /// <summary>The endpoint is confirmed.</summary>
    public bool Confirmed { get; init; }

    /// <summary>The SSRCs that arrived, the most recent one first; at most 20.</summary>
    public SsrcStatistics[] Ssrcs { get; init; } = [];

    /// <summary>SSRCs sent to the remote, the most recent one first.</summary>
    public uint[] EgressSsrcs { get; init; } = [];

    /// <summary>Packets per payload type that arrived.</summary>
    public PayloadTypeStatistics[] PayloadTypes { get; init; } = [];
}

/// <summary>Packets and bytes of one payload type.</summary>
public readonly record struct PayloadTypeStatistics(byte Number, long Packets, long Bytes);

/// <summary>What is known of one SSRC.</summary>
public sealed record SsrcStatistics
{
    /// <summary>The SSRC.</summary>
    public required uint Ssrc { get; init; }

    /// <summary>RTP packets received.</summary>
    public long Packets { get; init; }

    /// <summary>RTP bytes received.</summary>
    public long Bytes { get; init; }

    /// <summary>Timestamp of the last RTP packet.</summary>
    public uint LastTimestamp { get; init; }

    /// <summary>Sequence number of the last RTP packet.</summary>
    public ushort LastSequence { get; init; }

    /// <summary>Last payload type; 255: none.</summary>
    public byte PayloadType { get; init; } = 255;

    /// <summary>Cumulative loss measured by us, RFC 3550 A.3; may be negative with duplicates.</summary>
    public long Lost { get; init; }

    /// <summary>Duplicates measured by us.</summary>
    public long Duplicates { get; init; }

    /// <summary>Packets that came after a later one.</summary>
    public long Reordered { get; init; }

    /// <summary>Jitter measured by us in microseconds, RFC 3550 A.8.</summary>
    public long JitterMicros { get; init; }

    /// <summary>How loud it is, in dBov (-127 silence to 0), as its packets say (RFC 6464), smoothed over about 16 of them; null: they do not.</summary>
    public int? AudioLevel { get; init; }

    /// <summary>The last packet said that it holds voice (RFC 6464).</summary>
    public bool Voice { get; init; }

    /// <summary>Sum over all MOS samples; divide by <see cref="QualitySample.Samples"/>. Null: no sample yet.</summary>
    public QualitySample? Average { get; init; }

    /// <summary>The sample with the lowest MOS.</summary>
    public QualitySample? Lowest { get; init; }

    /// <summary>The sample with the highest MOS.</summary>
    public QualitySample? Highest { get; init; }

    /// <summary>Samples over time, oldest first, about ten.</summary>
    public QualitySample[] Progression { get; init; } = [];

    /// <summary>Seconds between entries of <see cref="Progression"/>.</summary>
    public int ProgressionInterval { get; init; }
}

/// <summary>One quality sample, an average of several, or (in <see cref="SsrcStatistics.Average"/>) their sum: what the peer prints under "average MOS" and its kin.</summary>
/// <param name="At">When.</param>
/// <param name="Mos">MOS times ten, 10 to 50.</param>
/// <param name="LossPercent">Packet loss in percent.</param>
/// <param name="JitterMillis">Jitter in ms.</param>
/// <param name="RttMicros">End-to-end round-trip time in µs.</param>
/// <param name="RttLegMicros">Round-trip time of this leg in µs.</param>
/// <param name="Samples">How many samples this stands for.</param>
public sealed record QualitySample(
    Instant At, int Mos, int LossPercent, int JitterMillis, long RttMicros, long RttLegMicros, int Samples);

/// <summary>Totals of a media process since its start.</summary>
public sealed record MediaTotals
{
    /// <summary>Everything relayed in userspace.</summary>
    public Counters Relayed { get; init; }

    /// <summary>Everything relayed in the kernel.</summary>
    public Counters Kernel { get; init; }

    /// <summary>Streams that are relayed in the kernel.</summary>
    public int KernelStreams { get; init; }

    /// <summary>Calls it holds.</summary>
    public int Calls { get; init; }

    /// <summary>Streams it holds.</summary>
    public int Streams { get; init; }

    /// <summary>Drops by <c>DropReason</c> name, those above 0.</summary>
    public Dictionary<string, long> Drops { get; init; } = [];

    /// <summary>
    /// What the kernel module told of by itself, those above 0: NewSsrc, UnknownPt, SourceChanged, AuthFailed (packets), Idle, LeaseExpired.
    /// </summary>
    public Dictionary<string, long> KernelEvents { get; init; } = [];

    /// <summary>Lost packets and key frames asked for and sent again, by kind.</summary>
    public Dictionary<string, long> Feedback { get; init; } = [];

    /// <summary>What ICE and DTLS have counted, by kind.</summary>
    public Dictionary<string, long> Transports { get; init; } = [];

    /// <summary>DTLS handshakes that run now.</summary>
    public int HalfOpenHandshakes { get; init; }

    /// <summary>The packet I/O tier in use: "sockets", "sk_lookup".</summary>
    public string Tier { get; init; } = "";

    /// <summary>Reactor threads.</summary>
    public int Reactors { get; init; }

    /// <summary>Input and output counters by local address.</summary>
    public Dictionary<string, InterfaceTotals> Interfaces { get; init; } = [];

    /// <summary>Managed bytes allocated by reactor threads since start: stays flat when no plan changes.</summary>
    public long ReactorAllocatedBytes { get; init; }
}

/// <summary>Counters of one local address.</summary>
public sealed record InterfaceTotals(Counters Ingress, Counters Egress);
