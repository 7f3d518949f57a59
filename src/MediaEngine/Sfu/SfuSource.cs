using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.MediaEngine.Tracking;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>One SSRC that a remote sends, as its feedback needs it. Allocates only when it is made.</summary>
internal sealed class SfuSource(uint ssrc)
{
    private const int ActiveMillis = 1500;
    private const long LeastMicros = 500_000;

    /// <summary>Requests for key frames.</summary>
    public KeyFrameRequest KeyFrame;

    private long _bytes;
    private Instant _ratedAt;
    private uint _reportMiddle;
    private Instant _reportAt;

    /// <summary>The SSRC.</summary>
    public uint Ssrc { get; } = ssrc;

    /// <summary>Missing packets.</summary>
    public GapTracker Gaps { get; } = new();

    /// <summary>Its simulcast layer by position in the plan; -1: not known, or no simulcast.</summary>
    public int Layer { get; set; } = -1;

    /// <summary>Its bit rate, bit/s, over the last second or so in which it came; 0: not measured yet.</summary>
    public long Bitrate { get; private set; }

    /// <summary>When its last packet came.</summary>
    public Instant LastPacket { get; private set; }

    /// <summary>Packets came a moment ago.</summary>
    public bool IsActive(Instant now) => LastPacket.Micros != 0 && now < LastPacket.AddMillis(ActiveMillis);

    /// <summary>Counts a packet. True: the first one, or the first one after a pause.</summary>
    public bool Note(Instant now, int bytes)
    {
        bool begins = !IsActive(now);
        if (begins)
        {
            _ratedAt = now;
            _bytes = 0;
        }

        LastPacket = now;
        _bytes += bytes;
        return begins;
    }

    /// <summary>Measures the bit rate since the last time. A pause leaves it as it was, and so does too short a time.</summary>
    public void Rate(Instant now)
    {
        long micros = now - _ratedAt;
        if (_bytes > 0 && micros >= LeastMicros)
        {
            Bitrate = _bytes * 8_000_000 / micros;
            _ratedAt = now;
            _bytes = 0;
        }
    }

    /// <summary>Notes a sender report.</summary>
    public void Reported(Instant now, in SenderReport report)
    {
        _reportMiddle = report.NtpMiddle;
        _reportAt = now;
    }

    /// <summary>Our report about it.</summary>
    public ReportBlock Block(Instant now, SsrcEntry entry)
    {
        long since = _reportAt.Micros == 0 ? 0 : (now - _reportAt) * 65536 / 1_000_000;
        return entry.Report() with { LastSenderReport = _reportMiddle, DelaySinceLastSenderReport = (uint)since };
    }
}
