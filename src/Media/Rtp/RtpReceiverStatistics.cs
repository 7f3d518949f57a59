using RtpCluster.Contracts;

namespace RtpCluster.Media.Rtp;

/// <summary>Where a packet stands in its stream.</summary>
public enum RtpArrival : byte
{
    /// <summary>Newer than all before (also the first one).</summary>
    InOrder,

    /// <summary>Older than the newest one and not seen before.</summary>
    Reordered,

    /// <summary>Seen before, or too old to tell.</summary>
    Duplicate,

    /// <summary>Far from all before: a restarted sender, or a stray packet. Taken as a restart when the next one follows it.</summary>
    Jump,
}

/// <summary>
/// Reception statistics of one SSRC, RFC 3550 appendix A.1 (sequence), A.3 (loss), A.8 (jitter). There is no probation: the first packet
/// counts, because a proxy forwards it. <c>default</c> is a new stream. Not thread-safe; allocates nothing.
/// </summary>
public struct RtpReceiverStatistics
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;
    private const int MaxTransitSeconds = 5;

    // Bit n: extended sequence Highest - n was received.
    private UInt128 _seen;
    private ulong _first;
    private long _received;
    private long _expectedBefore;
    private long _expectedAtReport;
    private long _receivedAtReport;
    private int _jumpTo;
    private long _lastArrival;
    private long _jitterTimes16;
    private int _clockRate;

    /// <summary>Any packet came.</summary>
    public bool Started { get; private set; }

    /// <summary>Highest sequence number with its rollovers (cycles · 65536 + sequence), RFC 3550 6.4.1.</summary>
    public ulong HighestSequence { get; private set; }

    /// <summary>Sequence number of the last packet.</summary>
    public ushort LastSequence { get; private set; }

    /// <summary>Timestamp of the last packet.</summary>
    public uint LastTimestamp { get; private set; }

    /// <summary>Packets received, whatever their order.</summary>
    public long Packets { get; private set; }

    /// <summary>Bytes received.</summary>
    public long Bytes { get; private set; }

    /// <summary>Packets seen before.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Packets that came after a later one.</summary>
    public long Reordered { get; private set; }

    /// <summary>How often the sender started over.</summary>
    public long Restarts { get; private set; }

    /// <summary>Packets that should have come: highest minus first plus one, summed over restarts.</summary>
    public readonly long Expected => _expectedBefore + (Started ? (long)(HighestSequence - _first) + 1 : 0);

    /// <summary>Cumulative loss, A.3: expected minus received; duplicates make it smaller, even negative.</summary>
    public readonly long Lost => Expected - _received;

    /// <summary>Interarrival jitter in timestamp units, A.8.</summary>
    public readonly uint Jitter => (uint)(_jitterTimes16 >> 4);

    /// <summary>Interarrival jitter in microseconds.</summary>
    public readonly long JitterMicros => _clockRate == 0 ? 0 : _jitterTimes16 * 1_000_000 / 16 / _clockRate;

    /// <summary>Counts a packet.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="timestamp">Its timestamp.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="arrival">When it came.</param>
    /// <param name="clockRate">Clock of its payload type in Hz; 0: unknown, or a packet that says nothing about jitter.</param>
    public RtpArrival Add(ushort sequence, uint timestamp, int length, Instant arrival, int clockRate)
    {
        Packets++;
        Bytes += length;
        var place = Place(sequence);
        if (place != RtpArrival.Jump && clockRate > 0)
        {
            AddTransit(timestamp, arrival.Micros, clockRate);
        }

        LastSequence = sequence;
        LastTimestamp = timestamp;
        _lastArrival = arrival.Micros;
        return place;
    }

    /// <summary>Adds packets that somebody else has counted behind what is here.</summary>
    /// <param name="packets">How many.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="highest">Their highest sequence number: taken as the one nearest to ours.</param>
    /// <param name="timestamp">Timestamp of the last one.</param>
    /// <param name="lost">How many of them were lost on the way, A.3; used when nothing was here.</param>
    /// <param name="duplicates">How many of them came twice.</param>
    /// <param name="reordered">How many of them came after a later one.</param>
    public void Absorb(long packets, long bytes, ushort highest, uint timestamp, long lost, long duplicates, long reordered)
    {
        Packets += packets;
        Bytes += bytes;
        Duplicates += duplicates;
        Reordered += reordered;
        _received += packets;
        if (!Started)
        {
            // As if the first of them had been number 0 plus what is missing: only differences count.
            Started = true;
            HighestSequence = (1UL << 16) + highest;
            _first = HighestSequence - (ulong)Math.Clamp(packets + lost - 1, 0, ushort.MaxValue);
            _expectedBefore = packets + lost - (long)(HighestSequence - _first) - 1;
        }
        else
        {
            // A little less than ours: the newest ones were counted here.
            int ahead = (short)(highest - (ushort)HighestSequence);
            HighestSequence = (ulong)Math.Max((long)_first, (long)HighestSequence + (ahead is < 0 and > -MaxMisorder ? 0 : ahead));
        }

        _seen = 1;
        _jumpTo = 0;
        LastSequence = highest;
        LastTimestamp = timestamp;
    }

    /// <summary>Takes a jitter over that somebody else has measured, in µs.</summary>
    public void AbsorbJitter(long micros, int clockRate)
    {
        if (clockRate > 0)
        {
            _clockRate = clockRate;
            _jitterTimes16 = micros * clockRate * 16 / 1_000_000;
            _lastArrival = 0;
        }
    }

    /// <summary>Loss since the last call as a fraction of 256, for a report block (A.3); 0 when nothing was lost or expected.</summary>
    public byte TakeFractionLost()
    {
        var expected = Expected - _expectedAtReport;
        var lost = expected - (_received - _receivedAtReport);
        _expectedAtReport = Expected;
        _receivedAtReport = _received;
        return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, lost * 256 / expected);
    }

    private RtpArrival Place(ushort sequence)
    {
        if (!Started)
        {
            Start(sequence);
            return RtpArrival.InOrder;
        }

        var ahead = (ushort)(sequence - (ushort)HighestSequence);
        if (ahead is > 0 and < MaxDropout)
        {
            _seen = ahead >= 128 ? 1 : (_seen << ahead) | 1;
            HighestSequence += ahead;
            _jumpTo = 0;
            _received++;
            return RtpArrival.InOrder;
        }

        var behind = (ushort)-ahead;
        if (behind < MaxMisorder)
        {
            return PlaceBehind(behind);
        }

        // A restart is believed when two packets in a row say so. Kept plus one, so that 0 means none.
        if (_jumpTo == sequence + 1)
        {
            _expectedBefore = Expected;
            Restarts++;
            Start((ushort)(sequence - 1));
            _received++;
            HighestSequence++;
            _seen = 3;
            return RtpArrival.InOrder;
        }

        _jumpTo = (ushort)(sequence + 1) + 1;
        return RtpArrival.Jump;
    }

    private RtpArrival PlaceBehind(int behind)
    {
        _received++;
        var bit = UInt128.One << behind;
        var before = (ulong)behind > HighestSequence - _first;
        if ((_seen & bit) != 0)
        {
            Duplicates++;
            return RtpArrival.Duplicate;
        }

        if (before)
        {
            // It came before the first one we saw: not expected, so not a gain either.
            _received--;
        }

        _seen |= bit;
        Reordered++;
        return RtpArrival.Reordered;
    }

    private void Start(ushort sequence)
    {
        Started = true;
        _first = HighestSequence = sequence;
        _seen = 1;
        _received++;
        _jumpTo = 0;
    }

    private void AddTransit(uint timestamp, long arrival, int clockRate)
    {
        if (_clockRate != clockRate)
        {
            _jitterTimes16 = _clockRate == 0 ? 0 : _jitterTimes16 * clockRate / _clockRate;
            _clockRate = clockRate;
            return;
        }

        var elapsed = (arrival - _lastArrival) * clockRate / 1_000_000;
        var difference = Math.Abs(elapsed - (int)(timestamp - LastTimestamp));

        // A new timestamp base is no jitter.
        if (difference <= (long)clockRate * MaxTransitSeconds)
        {
            _jitterTimes16 += difference - ((_jitterTimes16 + 8) >> 4);
        }
    }
}
