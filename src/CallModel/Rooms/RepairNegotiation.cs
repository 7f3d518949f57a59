using System.Globalization;
using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Rooms;

/// <summary>
/// Retransmissions in a stream of their own (RFC 4588, <c>rtx</c>): taken of a publisher that offers them, and offered to its subscribers,
/// each hop for itself.
/// </summary>
public static class RepairNegotiation
{
    private const string Group = "FID";

    /// <summary>The codec that repeats the packets of a chosen one, when the remote is asked for them by NACKs at all; null: none.</summary>
    public static SdpCodec? Of(IReadOnlyList<SdpCodec> offered, SdpCodec main) =>
        main.Feedback.Contains("nack") ? offered.FirstOrDefault(c => c.RepairedType == main.PayloadType && c.ClockRate == main.ClockRate) : null;

    /// <summary>The payload types of a list's retransmissions, to those of its codecs.</summary>
    public static PayloadTypeMap[] Types(IReadOnlyList<SdpCodec> codecs) =>
        [.. codecs.Where(c => codecs.Any(m => m.PayloadType == c.RepairedType)).Select(c => new PayloadTypeMap(c.PayloadType, (byte)c.RepairedType))];

    /// <summary>The SSRCs of retransmissions that an SDP names.</summary>
    public static List<RepairPlan> Repairs(SdpMediaView view) =>
        [.. view.Attributes.Generic.Where(a => a is { Name: "ssrc-group", Value: not null })
            .Select(a => SimulcastAttribute.GroupedSsrcs(a.Value, Group)).Where(g => g.Count == 2).Select(g => new RepairPlan(g[1], g[0]))];

    /// <summary>
    /// Gives a subscriber's media the SSRC in which it gets lost packets again: the publisher's own name for it, else one of ours. Without a
    /// known SSRC of the media there is none, and <c>rtx</c> leaves the offer.
    /// </summary>
    /// <param name="subscriber">The subscriber's media with the codecs of our offer.</param>
    /// <param name="publisher">Whose packets it gets.</param>
    /// <param name="attributes">The attributes of our offer; a group is added where there is none.</param>
    /// <param name="entropy">For an SSRC of ours.</param>
    public static void Offer(CallMedia subscriber, CallMedia publisher, List<string> attributes, IEntropy entropy)
    {
        bool wanted = Types(subscriber.PrintedCodecs).Length > 0;
        uint media = subscriber.SendSsrc != 0 ? subscriber.SendSsrc : FirstSsrc(attributes);
        if (!wanted || media == 0)
        {
            subscriber.PrintedCodecs.RemoveAll(c => c.RepairedType >= 0);
            subscriber.RetransmitSsrc = 0;
            return;
        }

        if (publisher.Layers.Count == 0 && publisher.Repairs is [var named, ..])
        {
            subscriber.RetransmitSsrc = named.Ssrc;
            return;
        }

        subscriber.RetransmitSsrc = subscriber.RetransmitSsrc != 0 ? subscriber.RetransmitSsrc : SimulcastNegotiation.Ssrc(entropy);
        attributes.Add(string.Create(CultureInfo.InvariantCulture, $"ssrc-group:{Group} {media} {subscriber.RetransmitSsrc}"));
        attributes.Add(string.Create(CultureInfo.InvariantCulture, $"ssrc:{subscriber.RetransmitSsrc} cname:{media:x8}"));
    }

    private static uint FirstSsrc(List<string> attributes)
    {
        foreach (string attribute in attributes)
        {
            if (attribute.StartsWith("ssrc:", StringComparison.Ordinal) && uint.TryParse(attribute[5..].Split(' ')[0], CultureInfo.InvariantCulture, out uint ssrc))
            {
                return ssrc;
            }
        }

        return 0;
    }
}
