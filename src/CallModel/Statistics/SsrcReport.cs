using System.Globalization;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Statistics;

/// <summary>The SSRC statistics of a <see cref="CallReport"/>, global and inside the medias.</summary>
internal static class SsrcReport
{
    /// <summary>The global dictionary: key is the SSRC in decimal. One SSRC on several streams (RTP and RTCP port, or both sides) is one entry.</summary>
    public static NgDictionary Global(List<SsrcStatistics> ssrcs)
    {
        var report = new NgDictionary();
        foreach (var group in ssrcs.GroupBy(s => s.Ssrc))
        {
            report.Add(group.Key.ToString(CultureInfo.InvariantCulture), Format(Merge(group)));
        }

        return report;
    }

    /// <summary>The list inside a media.</summary>
    public static NgList Inline(List<SsrcStatistics> ssrcs)
    {
        var list = new NgList();
        foreach (var group in ssrcs.GroupBy(s => s.Ssrc))
        {
            list.Items.Add(Format(Merge(group)));
        }

        return list;
    }

    /// <summary>The SSRCs that go out.</summary>
    public static NgList Numbers(List<uint> ssrcs)
    {
        var list = new NgList();
        foreach (uint ssrc in ssrcs.Distinct())
        {
            list.Items.Add(new NgDictionary().Add("SSRC", ssrc));
        }

        return list;
    }

    private static SsrcStatistics Merge(IEnumerable<SsrcStatistics> same)
    {
        SsrcStatistics? merged = null;
        foreach (var one in same)
        {
            if (merged is null)
            {
                merged = one;
                continue;
            }

            var (busier, other) = one.Packets > merged.Packets ? (one, merged) : (merged, one);
            var rated = (busier.Average?.Samples ?? 0) >= (other.Average?.Samples ?? 0) ? busier : other;
            merged = busier with
            {
                Average = rated.Average,
                Lowest = rated.Lowest,
                Highest = rated.Highest,
                Progression = rated.Progression,
                ProgressionInterval = rated.ProgressionInterval,
            };
        }

        return merged!;
    }

    private static NgDictionary Format(SsrcStatistics ssrc)
    {
        var report = new NgDictionary()
            .Add("SSRC", ssrc.Ssrc)
            .Add("bytes", ssrc.Bytes)
            .Add("packets", ssrc.Packets)
            .Add("last RTP timestamp", ssrc.LastTimestamp)
            .Add("last RTP seq", ssrc.LastSequence)
            .Add("cumulative loss", ssrc.Lost);
        if (ssrc.AudioLevel is { } level)
        {
            report.Add("audio level", level).Add("voice activity", ssrc.Voice ? 1 : 0);
        }

        if (ssrc.Average is not { Samples: > 0 } average || ssrc.Lowest is not { } lowest || ssrc.Highest is not { } highest)
        {
            return report;
        }

        int n = average.Samples;
        return report
            .Add("average MOS", Quality(average.Mos / n, average.RttMicros / n, average.RttLegMicros / n, average.JitterMillis / n, average.LossPercent / n)
                .Add("samples", n))
            .Add("lowest MOS", Sample(lowest))
            .Add("highest MOS", Sample(highest))
            .Add("MOS progression", new NgDictionary()
                .Add("interval", ssrc.ProgressionInterval)
                .Add("entries", new NgList([.. ssrc.Progression.Select(Sample)])));
    }

    private static NgDictionary Sample(QualitySample sample) =>
        Quality(sample.Mos, sample.RttMicros, sample.RttLegMicros, sample.JitterMillis, sample.LossPercent).Add("reported at", sample.At.Seconds);

    private static NgDictionary Quality(int mos, long rtt, long rttLeg, int jitter, int loss) => new NgDictionary()
        .Add("MOS", mos)
        .Add("round-trip time", rtt)
        .Add("round-trip time leg", rttLeg)
        .Add("jitter", jitter)
        .Add("packet loss", loss);
}
