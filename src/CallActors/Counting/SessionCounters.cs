using RtpCluster.CallModel;
using RtpCluster.Contracts;

namespace RtpCluster.CallActors;

/// <summary>Counts sessions and how they ended. Safe for concurrent use.</summary>
public sealed class SessionCounters
{
    private readonly Lock _gate = new();
    private readonly long[] _byReason = new long[Enum.GetValues<CallEndReason>().Length];
    private SessionTotals _totals;
    private int _current;

    /// <summary>Calls now.</summary>
    public int Current => Volatile.Read(ref _current);

    /// <summary>A call began.</summary>
    public void Started()
    {
        lock (_gate)
        {
            _current++;
            _totals = _totals with { Managed = _totals.Managed + 1 };
        }
    }

    /// <summary>A call goes on at another node.</summary>
    public void MovedAway()
    {
        lock (_gate)
        {
            _current--;
        }
    }

    /// <summary>A call was refused by a load limit.</summary>
    public void Rejected()
    {
        lock (_gate)
        {
            _totals = _totals with { Rejected = _totals.Rejected + 1 };
        }
    }

    /// <summary>A call ended.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="durationMicros">How long it was.</param>
    /// <param name="last">Its last statistics; null: unknown.</param>
    public void Ended(CallEndReason reason, long durationMicros, CallStatistics? last)
    {
        var (silent, heard) = CountStreams(last);
        double seconds = durationMicros / 1e6;
        lock (_gate)
        {
            _current--;
            _byReason[(int)reason]++;
            _totals = _totals with
            {
                DurationMicros = _totals.DurationMicros + durationMicros,
                DurationSquared = _totals.DurationSquared + (seconds * seconds),
                ZeroPacketStreams = _totals.ZeroPacketStreams + silent,
                OneWay = _totals.OneWay + (silent > 0 && heard > 0 ? 1 : 0),
            };
        }
    }

    /// <summary>The counters now.</summary>
    public SessionTotals Read()
    {
        lock (_gate)
        {
            return _totals with
            {
                Current = _current,
                Timeout = _byReason[(int)CallEndReason.Timeout],
                SilentTimeout = _byReason[(int)CallEndReason.SilentTimeout],
                FinalTimeout = _byReason[(int)CallEndReason.FinalTimeout],
                OfferTimeout = _byReason[(int)CallEndReason.OfferTimeout],
                Regular = _byReason[(int)CallEndReason.Regular] + _byReason[(int)CallEndReason.Unknown],
                Forced = _byReason[(int)CallEndReason.Forced],
            };
        }
    }

    // RTCP streams are told from RTP ones by their SSRC statistics: only RTP has any packets per payload type.
    private static (int Silent, int Heard) CountStreams(CallStatistics? last)
    {
        int silent = 0;
        int heard = 0;
        foreach (var stream in last?.Streams ?? [])
        {
            if (stream.PayloadTypes.Length > 0)
            {
                heard++;
            }
            else if (stream.In.Packets == 0 && stream.Out.Packets > 0)
            {
                silent++;
            }
        }

        return (silent, heard);
    }
}
