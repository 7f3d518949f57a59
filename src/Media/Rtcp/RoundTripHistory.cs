using System.Runtime.CompilerServices;
using RtpCluster.Contracts;

namespace RtpCluster.Media.Rtcp;

/// <summary>
/// The last ten reports of one sender that passed us (SR, or XR reference time), so that the answer to one of them (LSR and DLSR, or DLRR)
/// tells the round-trip time between us and whoever answers. <c>default</c> is empty; allocates nothing.
/// </summary>
public struct RoundTripHistory
{
    private const int Size = 10;

    private Ring _ring;
    private int _next;

    /// <summary>Notes a report that passed.</summary>
    /// <param name="ntpMiddle">Middle 32 bits of its NTP timestamp.</param>
    /// <param name="now">When it passed.</param>
    public void Add(uint ntpMiddle, Instant now)
    {
        _ring[_next] = new Entry(ntpMiddle, now);
        _next = (_next + 1) % Size;
    }

    /// <summary>
    /// The round-trip time in µs between us and the sender of an answer. False: the report is unknown, or the time is not positive (a
    /// receiver that rounds its delay up) or longer than a minute.
    /// </summary>
    public readonly bool TryMeasure(uint lastReport, uint delay, Instant now, out int micros)
    {
        micros = 0;
        if (lastReport == 0)
        {
            return false;
        }

        for (var i = 0; i < Size; i++)
        {
            var entry = _ring[(_next + Size - 1 - i) % Size];
            if (entry.NtpMiddle == lastReport && entry.At.Micros != 0)
            {
                var time = now - entry.At - ((long)delay * 1_000_000 / 65536);
                micros = time is > 0 and < 60_000_000 ? (int)time : 0;
                return micros > 0;
            }
        }

        return false;
    }

    private readonly record struct Entry(uint NtpMiddle, Instant At);

    [InlineArray(Size)]
    private struct Ring
    {
        private Entry _first;
    }
}
