using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Statistics;

/// <summary>One entry of <c>medias</c> in a <see cref="CallReport"/>.</summary>
internal static class MediaReport
{
    /// <summary>Formats a media with its streams.</summary>
    public static NgDictionary Format(
        CallState state, Monologue owner, CallMedia media, Dictionary<StreamId, StreamStatistics> streams, SsrcReporting reporting,
        ReportTotals totals)
    {
        var report = new NgDictionary().Add("index", media.Index).Add("type", media.Type);
        if (media.Transport.Name.Length > 0)
        {
            report.Add("protocol", media.Transport.Name);
        }

        if (CodecInUse(media) is { } codec)
        {
            report.Add("codec", codec.Parameters is null
                ? $"{codec.Name}/{codec.ClockRate}"
                : $"{codec.Name}/{codec.ClockRate}/{codec.Parameters}");
        }

        var list = new NgList();
        var ingress = new List<SsrcStatistics>();
        var egress = new List<uint>();
        foreach (var view in StreamReport.Views(media))
        {
            var statistics = streams.GetValueOrDefault(view.Id) ?? new StreamStatistics { Id = view.Id };
            list.Items.Add(StreamReport.Format(state, media, view, statistics));
            Sum(totals, view, statistics);
            ingress.AddRange(statistics.Ssrcs);
            egress.AddRange(statistics.EgressSsrcs);
        }

        report.Add("streams", list).Add("flags", TagReport.List(Flags(state, owner, media)));
        if (reporting is SsrcReporting.Full or SsrcReporting.Inline)
        {
            report.Add("ingress SSRCs", SsrcReport.Inline(ingress)).Add("egress SSRCs", SsrcReport.Numbers(egress));
        }

        return report;
    }

    /// <summary>The first main codec that both its SDP and ours name; null: none known.</summary>
    internal static SdpCodec? CodecInUse(CallMedia media) =>
        media.Codecs.Find(c => !c.IsSupplemental && media.PrintedCodecs.Exists(p => p.SameEncoding(c))) ?? media.Codecs.Find(c => !c.IsSupplemental);

    private static void Sum(ReportTotals totals, StreamView view, StreamStatistics statistics)
    {
        if (view.IsRtp)
        {
            totals.Rtp += statistics.In;
        }
        else
        {
            totals.Rtcp += statistics.In;
        }

        totals.Ssrcs.AddRange(statistics.Ssrcs);
    }

    private static IEnumerable<string> Flags(CallState state, Monologue owner, CallMedia media)
    {
        // The peer counts itself as controlling wherever it made the first offer.
        bool offeredTo = owner.Kind == MonologueKind.Subscriber
            || (owner.Kind == MonologueKind.OfferAnswer && !ReferenceEquals(state.Monologues[0], owner));
        (bool Set, string Word)[] flags =
        [
            (media.Ports is not null, "initialized"),
            (media.Has(MediaFlags.Asymmetric), "asymmetric"),
            (media.Has(MediaFlags.Recv), "send"),
            (media.Has(MediaFlags.Send), "recv"),
            (media.Has(MediaFlags.RtcpMux), "rtcp-mux"),
            (media.DecryptKeys is not null || media.EncryptKeys is not null, "SDES"),
            (offeredTo, "ICE controlling"),
            (media.Has(MediaFlags.Unidirectional), "unidirectional"),
            (media.Has(MediaFlags.LoopCheck), "loop check"),
            (media.PtimeOverride > 0, "ptime-override"),
            (media.Transport.Feedback, "RTCP feedback"),
            (media.Has(MediaFlags.SdesReordered), "SDES reordered"),
            (media.Has(MediaFlags.BlockEgress), "block egress"),
        ];
        return from flag in flags where flag.Set select flag.Word;
    }
}
