namespace RtpCluster.Contracts;

/// <summary>Names a call: the SIP Call-ID that the ng client sends. Byte-transparent (each char is one byte, Latin-1).</summary>
public readonly record struct CallId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one participant's half of a dialogue: the SIP From or To tag. Byte-transparent (Latin-1).</summary>
public readonly record struct Tag(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one stream (RTP or RTCP component) of a call. Unique within its call, never reused, kept over re-offers.</summary>
public readonly record struct StreamId(int Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A point of wall-clock time in microseconds since the Unix epoch. Always an argument, never read by pure code.</summary>
public readonly record struct Instant(long Micros) : IComparable<Instant>
{
    /// <summary>Whole seconds since the Unix epoch.</summary>
    public long Seconds => Micros / 1_000_000;

    /// <summary>The microseconds within the second, 0 to 999,999.</summary>
    public long MicrosOfSecond => Micros % 1_000_000;

    /// <summary>This instant moved by <paramref name="seconds"/>.</summary>
    public Instant AddSeconds(double seconds) => new(Micros + (long)(seconds * 1_000_000));

    /// <summary>This instant moved by <paramref name="millis"/>.</summary>
    public Instant AddMillis(long millis) => new(Micros + (millis * 1000));

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Micros.CompareTo(other.Micros);

    /// <summary>Microseconds from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static long operator -(Instant a, Instant b) => a.Micros - b.Micros;

    /// <summary>Earlier than.</summary>
    public static bool operator <(Instant a, Instant b) => a.Micros < b.Micros;

    /// <summary>Later than.</summary>
    public static bool operator >(Instant a, Instant b) => a.Micros > b.Micros;

    /// <summary>Not later than.</summary>
    public static bool operator <=(Instant a, Instant b) => a.Micros <= b.Micros;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(Instant a, Instant b) => a.Micros >= b.Micros;
}

/// <summary>Where pure code gets its randomness: keys, tags, session ids. The shell passes a cryptographic source, tests a seeded one.</summary>
public interface IEntropy
{
    /// <summary>Fills <paramref name="target"/> with unpredictable bytes.</summary>
    void Fill(Span<byte> target);
}
