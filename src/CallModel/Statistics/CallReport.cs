using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Statistics;

/// <summary>
/// The statistics of a call as query and delete print them: the keys, types and order that Kamailio's reader and others expect. Append
/// <c>result</c> behind it, where the peer has it.
/// </summary>
public static class CallReport
{
    /// <summary>Formats.</summary>
    /// <param name="state">The call.</param>
    /// <param name="statistics">Its running statistics; null: none known, everything counts 0.</param>
    /// <param name="reporting">Where the SSRC statistics go.</param>
    /// <param name="monologues">The participants to print, in order; null: all.</param>
    public static NgDictionary Format(
        CallState state, CallStatistics? statistics, SsrcReporting reporting = SsrcReporting.Full, IReadOnlyList<Monologue>? monologues = null)
    {
        var streams = Index(statistics);
        var tags = new NgDictionary();
        var totals = new ReportTotals();
        foreach (var monologue in monologues ?? state.Monologues)
        {
            tags.Add(TagReport.Name(monologue), TagReport.Format(state, monologue, streams, reporting, totals));
        }

        var report = new NgDictionary()
            .Add("created", state.Created.Seconds)
            .Add("created_us", state.Created.MicrosOfSecond)
            .Add("created_ts", state.Created.Micros)
            .Add("last signal", state.LastSignal.Seconds);
        if (state.Metadata is not null)
        {
            report.Add("metadata", state.Metadata);
        }

        bool global = reporting is SsrcReporting.Full or SsrcReporting.Global;
        return report
            .Add("SSRC", global ? SsrcReport.Global(totals.Ssrcs) : new NgDictionary())
            .Add("tags", tags)
            .Add("totals", new NgDictionary().Add("RTP", Counters(totals.Rtp)).Add("RTCP", Counters(totals.Rtcp)))
            .Add("recording", new NgDictionary().Add("call recording", 0).Add("forwarding", state.Forwarding ? 1 : 0));
    }

    /// <summary><c>packets</c>, <c>bytes</c>, <c>errors</c>.</summary>
    internal static NgDictionary Counters(Counters counters) => new NgDictionary()
        .Add("packets", counters.Packets)
        .Add("bytes", counters.Bytes)
        .Add("errors", counters.Errors);

    private static Dictionary<StreamId, StreamStatistics> Index(CallStatistics? statistics)
    {
        var index = new Dictionary<StreamId, StreamStatistics>();
        foreach (var stream in statistics?.Streams ?? [])
        {
            index[stream.Id] = stream;
        }

        return index;
    }
}

/// <summary>What is summed up while the participants are printed.</summary>
internal sealed class ReportTotals
{
    /// <summary>Input of all RTP streams.</summary>
    public Counters Rtp { get; set; }

    /// <summary>Input of all RTCP streams.</summary>
    public Counters Rtcp { get; set; }

    /// <summary>Every SSRC that was seen.</summary>
    public List<SsrcStatistics> Ssrcs { get; } = [];
}
