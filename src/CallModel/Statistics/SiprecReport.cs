using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Statistics;

/// <summary>What a SIPREC client needs to write its metadata (RFC 7865): which label carries whose media.</summary>
internal static class SiprecReport
{
    /// <summary>Appends <c>tag-medias</c> and <c>media-labels</c>.</summary>
    public static void Append(NgDictionary reply, List<SubscriptionSource> sources, IReadOnlyList<string> labels)
    {
        var tags = new NgList();
        var byLabel = new NgDictionary();
        foreach (var group in sources.Select((source, i) => (Source: source, Label: labels[i])).GroupBy(e => e.Source.Owner))
        {
            var medias = new NgList();
            foreach (var (source, label) in group)
            {
                string mode = Mode(source.Media);
                medias.Items.Add(new NgDictionary()
                    .Add("index", source.Media.Index).Add("type", source.Media.Type).Add("label", label).Add("mode", mode));
                byLabel.Add(label, new NgDictionary()
                    .Add("tag", TagReport.Name(group.Key)).Add("index", source.Media.Index).Add("type", source.Media.Type).Add("mode", mode));
            }

            tags.Items.Add(new NgDictionary().Add("tag", TagReport.Name(group.Key)).Add("medias", medias));
        }

        reply.Add("tag-medias", tags).Add("media-labels", byLabel);
    }

    private static string Mode(CallMedia media) =>
        DirectionAttribute.Print(new MediaDirection(media.Has(MediaFlags.Send), media.Has(MediaFlags.Recv)).AsPrintedByRemote);
}
