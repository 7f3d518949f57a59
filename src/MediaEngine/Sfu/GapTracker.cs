using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>
/// The packets of one SSRC that are missing on the hop from its sender, and when each is to be asked for (again). Asked for at once, then after
/// one and a half round trips, as those that came on the first request show them. Allocates only when it is made.
/// </summary>
internal sealed class GapTracker
{
    /// <summary>Missing packets at a time; a longer gap is an outage, which no NACK mends.</summary>
    public const int Limit = 128;

    private const int MaxTries = 10;
    private const long GiveUpMicros = 1_000_000;
    private const long FirstRoundTripMicros = 30_000;
    private const long LeastWaitMicros = 15_000;
    private const long MostWaitMicros = 200_000;

    private readonly Gap[] _gaps = new Gap[Limit];
    private int _count;
    private long _highest = -1;
    private long _roundTripMicros = FirstRoundTripMicros;

    /// <summary>Packets that are missing.</summary>
    public int Count => _count;

    /// <summary>Packets that were given up.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Is this packet missing, or one of the next that come?</summary>
    /// <param name="index">Its sequence number extended by rollovers.</param>
    /// <param name="ahead">How many count as next.</param>
    public bool Lacks(long index, int ahead)
    {
        if (index > _highest)
        {
            return index <= _highest + ahead;
        }

        foreach (ref readonly var gap in _gaps.AsSpan(0, _count))
        {
            if (gap.Index == index)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Notes a packet. Returns how long it was missing in µs; -1: it was not.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="index">Its sequence number extended by rollovers.</param>
    public long Note(Instant now, long index)
    {
        if (index <= _highest)
        {
            return Fill(now, index);
        }

        long missing = _highest < 0 ? 0 : index - _highest - 1;
        if (missing > Limit)
        {
            GivenUp += _count;
            _count = 0;
            missing = 0;
        }

        for (long gap = index - missing; gap < index; gap++)
        {
            if (_count == Limit)
            {
                Remove(0);
                GivenUp++;
            }

            _gaps[_count++] = new Gap { Index = gap, Since = now };
        }

        _highest = index;
        return -1;
    }

    /// <summary>Takes the sequence numbers to ask for now, in ascending order; gives up what has been asked for often enough.</summary>
    public int TakeDue(Instant now, Span<ushort> sequences)
    {
        int taken = 0;
        for (int i = 0; i < _count;)
        {
            ref var gap = ref _gaps[i];
            if (gap.Tries >= MaxTries || now - gap.Since > GiveUpMicros)
            {
                Remove(i);
                GivenUp++;
                continue;
            }

            if (now >= gap.Next && taken < sequences.Length)
            {
                gap.Tries++;
                gap.Next = new Instant(now.Micros + Math.Clamp(_roundTripMicros * 3 / 2, LeastWaitMicros, MostWaitMicros));
                sequences[taken++] = (ushort)gap.Index;
            }

            i++;
        }

        return taken;
    }

    private long Fill(Instant now, long index)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_gaps[i].Index == index)
            {
                long micros = now - _gaps[i].Since;
                if (_gaps[i].Tries == 1)
                {
                    _roundTripMicros += (micros - _roundTripMicros) / 8;
                }

                Remove(i);
                return micros;
            }
        }

        return -1;
    }

    private void Remove(int at)
    {
        _count--;
        _gaps.AsSpan(at + 1, _count - at).CopyTo(_gaps.AsSpan(at));
    }

    private struct Gap
    {
        public long Index;
        public Instant Since;
        public Instant Next;
        public int Tries;
    }
}
