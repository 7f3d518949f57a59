using RtpCluster.Contracts;

namespace RtpCluster.Media.Rtcp;

/// <summary>What a report block is judged by.</summary>
/// <param name="Model">Which MOS calculation.</param>
/// <param name="ClockRate">Clock of the reported SSRC's payload type in Hz; 0: unknown, its jitter counts as 0.</param>
/// <param name="FullBandCodec">Its codec's default clock is 48 kHz.</param>
public readonly record struct QualityRule(MosModel Model, int ClockRate, bool FullBandCodec);

/// <summary>
/// What RTCP that passes through us tells about one SSRC of one leg: the round-trip time of its leg and its quality samples. Keep one per
/// SSRC and leg. Allocates nothing after construction; not thread-safe.
/// </summary>
public sealed class SsrcQuality
{
    private RoundTripHistory _senderReports;
    private RoundTripHistory _references;
    private QualityTracker _samples;

    /// <summary>Round-trip time in µs between us and the endpoint that has this SSRC; 0: not known yet.</summary>
    public int RoundTripMicros { get; private set; }

    /// <summary>The samples booked on this SSRC.</summary>
    public ref readonly QualityTracker Samples => ref _samples;

    /// <summary>Forgets everything, for reuse with another SSRC.</summary>
    public void Clear()
    {
        _senderReports = default;
        _references = default;
        _samples = default;
        RoundTripMicros = 0;
    }

    /// <summary>An SR of this SSRC passes.</summary>
    public void SenderReportPassed(uint ntpMiddle, Instant now) => _senderReports.Add(ntpMiddle, now);

    /// <summary>An XR reference time block (RRTR) of this SSRC passes.</summary>
    public void ReferencePassed(uint ntpMiddle, Instant now) => _references.Add(ntpMiddle, now);

    /// <summary>
    /// This SSRC sent a DLRR sub-block that answers a reference time block of <paramref name="reported"/>. False: it says no round-trip
    /// time.
    /// </summary>
    public bool DelayReported(in DelaySinceReference delay, SsrcQuality reported, Instant now)
    {
        if (!reported._references.TryMeasure(delay.LastReference, delay.Delay, now, out var micros))
        {
            return false;
        }

        RoundTripMicros = micros;
        return true;
    }

    /// <summary>
    /// This SSRC sent a report block about <paramref name="reported"/>, an SSRC of another leg: measures the round-trip time of this leg and
    /// books a sample here. False: no sample. The models that need the end-to-end round-trip time give one only once both legs' are known,
    /// and for blocks that tell it themselves.
    /// </summary>
    public bool BlockReported(in ReportBlock block, SsrcQuality reported, in QualityRule rule, Instant now)
    {
        var measured = reported._senderReports.TryMeasure(block.LastSenderReport, block.DelaySinceLastSenderReport, now, out var micros);
        if (measured)
        {
            RoundTripMicros = micros;
        }

        var known = measured && reported.RoundTripMicros > 0;
        if (!known && MosCalculator.NeedsRoundTrip(rule.Model))
        {
            return false;
        }

        var endToEnd = known ? (long)RoundTripMicros + reported.RoundTripMicros : 0;
        var loss = block.FractionLost * 100 / 256;
        var jitter = rule.ClockRate > 0 ? block.Jitter * 1000L / rule.ClockRate : 0;
        var mos = MosCalculator.Calculate(rule.Model, rule.FullBandCodec, loss, jitter, endToEnd);
        return _samples.Add(new QualityTracker.Sum(now, 1, mos, loss, jitter, endToEnd, RoundTripMicros));
    }
}
