using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Statistics;

/// <summary>One entry of <c>tags</c> in a <see cref="CallReport"/>.</summary>
internal static class TagReport
{
    /// <summary>The key of a monologue: its tag, or a made-up name before it has one.</summary>
    public static string Name(Monologue monologue) => monologue.Tag ?? $"<untagged {monologue.Id}>";

    /// <summary>Formats a monologue with its medias.</summary>
    public static NgDictionary Format(
        CallState state, Monologue monologue, Dictionary<StreamId, StreamStatistics> streams, SsrcReporting reporting, ReportTotals totals)
    {
        var report = new NgDictionary().Add("tag", Name(monologue));
        AddText(report, "via-branch", monologue.ViaBranch);
        if (monologue.Aliases.Count > 0)
        {
            report.Add("tag-aliases", List(monologue.Aliases));
        }

        AddText(report, "label", monologue.Label);
        report.Add("created", monologue.Created.Seconds);
        AddText(report, "metadata", monologue.Metadata);
        report.Add("subscriptions", Partners(state, monologue, publishers: true));
        report.Add("subscribers", Partners(state, monologue, publishers: false));
        report.Add("recording", new NgDictionary().Add("excluded", 0).Add("forwarding", monologue.Forwarding ? 1 : 0));
        var medias = new NgList();
        foreach (var media in monologue.Medias)
        {
            medias.Items.Add(MediaReport.Format(state, monologue, media, streams, reporting, totals));
        }

        return report.Add("medias", medias);
    }

    /// <summary>A list of strings.</summary>
    internal static NgList List(IEnumerable<string> words)
    {
        var list = new NgList();
        foreach (string word in words)
        {
            list.Items.Add(word);
        }

        return list;
    }

    private static void AddText(NgDictionary report, string key, string? text)
    {
        if (text is not null)
        {
            report.Add(key, text);
        }
    }

    // The others whose media it receives (publishers), or who receive its media; each once per type.
    private static NgList Partners(CallState state, Monologue monologue, bool publishers)
    {
        var list = new NgList();
        var seen = new HashSet<(int, bool)>();
        foreach (var subscription in state.Subscriptions)
        {
            int own = publishers ? subscription.Subscriber : subscription.Publisher;
            int other = publishers ? subscription.Publisher : subscription.Subscriber;
            if (subscription.RtcpOnly || !monologue.Medias.Exists(m => m.Id == own) || state.FindMedia(other) is not { } media)
            {
                continue;
            }

            var partner = state.OwnerOf(media);
            if (seen.Add((partner.Id, subscription.OfferAnswer)))
            {
                list.Items.Add(new NgDictionary()
                    .Add("tag", Name(partner))
                    .Add("type", subscription.OfferAnswer ? "offer/answer" : "pub/sub"));
            }
        }

        return list;
    }
}
