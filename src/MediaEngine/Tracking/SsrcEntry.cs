using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;

namespace RtpCluster.MediaEngine.Tracking;

/// <summary>What is known of one SSRC of a remote.</summary>
internal sealed class SsrcEntry
{
    private RtpReceiverStatistics _statistics;
    private SsrcQuality? _quality;
    private bool _hasQuality;
    private byte _payloadType;
    private long _highest;
    private int _levelTimes16 = -1;
    private bool _voice;

    /// <summary>The SSRC.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>Its last payload type; 255: none.</summary>
    public byte PayloadType => _payloadType;

    /// <summary>What RTCP tells about it. Made by the first report: most of the memory of an SSRC is here.</summary>
    public SsrcQuality Quality
    {
        get
        {
            _hasQuality = true;
            return _quality ??= new SsrcQuality();
        }
    }

    /// <summary>Forgets everything for a new SSRC.</summary>
    public void Reset(uint ssrc)
    {
        Ssrc = ssrc;
        _statistics = default;
        _quality?.Clear();
        _hasQuality = false;
        _payloadType = 255;
        _highest = 0;
        _levelTimes16 = -1;
    }

    /// <summary>Counts an RTP packet and returns its extended sequence number.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="header">Its header.</param>
    /// <param name="bytes">Its bytes as they came.</param>
    /// <param name="clockRate">Its clock in Hz; 0: it says nothing about jitter.</param>
    public long Note(Instant now, in RtpHeader header, int bytes, int clockRate)
    {
        long extended = _statistics.Started ? _highest + (short)(header.Sequence - (ushort)_highest) : header.Sequence;
        _highest = _statistics.Started ? Math.Max(_highest, extended) : extended;
        _payloadType = header.PayloadType;
        _statistics.Add(header.Sequence, header.Timestamp, bytes, now, clockRate);
        return extended;
    }

    /// <summary>The extended sequence number of a packet that is not counted.</summary>
    public long Extend(ushort sequence) => _highest + (short)(sequence - (ushort)_highest);

    /// <summary>Notes a packet's audio level, RFC 6464: the voice bit and -dBov in seven bits.</summary>
    public void Heard(byte level)
    {
        int quiet = level & 127;
        _levelTimes16 = _levelTimes16 < 0 ? quiet << 4 : _levelTimes16 + quiet - (_levelTimes16 >> 4);
        _voice = level > 127;
    }

    /// <summary>Adds what somebody else has counted of this SSRC since <paramref name="before"/>.</summary>
    public void Absorb(SsrcStatistics now, SsrcStatistics? before, int clockRate)
    {
        _highest = _statistics.Started ? _highest + (short)(now.LastSequence - (ushort)_highest) : now.LastSequence;
        _statistics.Absorb(
            now.Packets - (before?.Packets ?? 0), now.Bytes - (before?.Bytes ?? 0), now.LastSequence, now.LastTimestamp,
            now.Lost - (before?.Lost ?? 0), now.Duplicates - (before?.Duplicates ?? 0), now.Reordered - (before?.Reordered ?? 0));
        _statistics.AbsorbJitter(now.JitterMicros, clockRate);
        _payloadType = now.PayloadType;
        _levelTimes16 = -1;
    }

    /// <summary>Our report about it, without what is known of its sender reports. Loss counts since the last call.</summary>
    public ReportBlock Report() => new(
        Ssrc, _statistics.TakeFractionLost(), (int)Math.Clamp(_statistics.Lost, int.MinValue, int.MaxValue), (uint)_statistics.HighestSequence, _statistics.Jitter, 0, 0);

    /// <summary>Copies everything.</summary>
    public SsrcStatistics Export()
    {
        var statistics = new SsrcStatistics
        {
            Ssrc = Ssrc,
            Packets = _statistics.Packets,
            Bytes = _statistics.Bytes,
            LastTimestamp = _statistics.LastTimestamp,
            LastSequence = _statistics.LastSequence,
            PayloadType = _payloadType,
            Lost = _statistics.Lost,
            Duplicates = _statistics.Duplicates,
            Reordered = _statistics.Reordered,
            JitterMicros = _statistics.JitterMicros,
            AudioLevel = _levelTimes16 < 0 ? null : -(_levelTimes16 >> 4),
            Voice = _levelTimes16 >= 0 && _voice,
        };
        if (!_hasQuality)
        {
            return statistics;
        }

        ref readonly var samples = ref _quality!.Samples;
        return statistics with
        {
            Average = samples.Total,
            Lowest = samples.Lowest,
            Highest = samples.Highest,
            Progression = samples.Progression(),
            ProgressionInterval = samples.ProgressionInterval,
        };
    }
}
