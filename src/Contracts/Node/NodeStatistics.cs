namespace RtpCluster.Contracts;

/// <summary>How many sessions a node has and had, by how they ended. Counted since the start of the process.</summary>
public readonly record struct SessionTotals
{
    /// <summary>Calls now.</summary>
    public int Current { get; init; }

    /// <summary>Calls begun.</summary>
    public long Managed { get; init; }

    /// <summary>Calls refused by a load limit.</summary>
    public long Rejected { get; init; }

    /// <summary>Ended by option timeout.</summary>
    public long Timeout { get; init; }

    /// <summary>Ended by option silent-timeout.</summary>
    public long SilentTimeout { get; init; }

    /// <summary>Ended by option final-timeout.</summary>
    public long FinalTimeout { get; init; }

    /// <summary>Ended by option offer-timeout.</summary>
    public long OfferTimeout { get; init; }

    /// <summary>Ended by their client.</summary>
    public long Regular { get; init; }

    /// <summary>Ended by an operator.</summary>
    public long Forced { get; init; }

    /// <summary>Streams that ended without a packet.</summary>
    public long ZeroPacketStreams { get; init; }

    /// <summary>Calls that ended with media one way only.</summary>
    public long OneWay { get; init; }

    /// <summary>Sum of the durations of ended calls, µs.</summary>
    public long DurationMicros { get; init; }

    /// <summary>Sum over ended calls of the square of the duration in seconds, for a standard deviation.</summary>
    public double DurationSquared { get; init; }

    /// <summary>Calls ended, however.</summary>
    public long Ended => Timeout + SilentTimeout + FinalTimeout + OfferTimeout + Regular + Forced;
}

/// <summary>Requests of one client and verb.</summary>
/// <param name="Proxy">The client's address.</param>
/// <param name="Request">The verb's short name ("Offer").</param>
/// <param name="Count">Requests answered.</param>
/// <param name="Seconds">Time spent on them, s.</param>
public readonly record struct RequestTotals(string Proxy, string Request, long Count, double Seconds);

/// <summary>Everything a node counts, at one moment: what ng <c>statistics</c>, the CLI and the metrics print.</summary>
public sealed record NodeStatistics
{
    /// <summary>When this was read.</summary>
    public required Instant Now { get; init; }

    /// <summary>When the process started.</summary>
    public required Instant Started { get; init; }

    /// <summary>Sessions.</summary>
    public required SessionTotals Sessions { get; init; }

    /// <summary>Requests by client and verb.</summary>
    public IReadOnlyList<RequestTotals> Requests { get; init; } = [];

    /// <summary>Requests answered with an error, by client.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> RequestErrors { get; init; } = [];

    /// <summary>Messages that ran no command ("duplicate", "malformed", ...).</summary>
    public IReadOnlyList<KeyValuePair<string, long>> ControlCounters { get; init; } = [];

    /// <summary>Totals of the media process; zero when it cannot be asked.</summary>
    public MediaTotals Media { get; init; } = new();

    /// <summary>Relayed in userspace per second, over the last seconds.</summary>
    public Counters Rate { get; init; }

    /// <summary>Relayed in the kernel per second, over the last seconds.</summary>
    public Counters KernelRate { get; init; }

    /// <summary>The kernel module that forwards; empty: none.</summary>
    public string KernelModule { get; init; } = "";

    /// <summary>Port pools.</summary>
    public IReadOnlyList<PortPoolStatus> Ports { get; init; } = [];

    /// <summary>How often the media process had to be started again.</summary>
    public long MediaRestarts { get; init; }

    /// <summary>Calls in the store.</summary>
    public int StoredCalls { get; init; }

    /// <summary>Length of the store's journal in bytes.</summary>
    public long JournalBytes { get; init; }
}
