using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Dialogue;

/// <summary>One media that a subscriber is to get.</summary>
/// <param name="Owner">The participant that was asked for.</param>
/// <param name="Media">Its media.</param>
/// <param name="Publisher">Whose packets these are: the media itself, or with <c>egress</c> the one that it receives.</param>
public sealed record SubscriptionSource(Monologue Owner, CallMedia Media, CallMedia Publisher);

/// <summary>Finds what a subscribe request asks for.</summary>
public static class SubscriptionSources
{
    /// <summary>Finds the participants by from-tags, from-tag, label, address, or all; in the order asked for.</summary>
    /// <param name="call">The call.</param>
    /// <param name="command">The request.</param>
    /// <param name="subscriber">The subscriber itself: never its own source; null: not there yet.</param>
    /// <param name="found">The participants.</param>
    /// <returns>Why there is none; null: all is well.</returns>
    public static string? Find(CallState call, NgCommand command, Monologue? subscriber, out List<Monologue> found)
    {
        found = [];
        if (command.FromTags.Count > 0 || command.FromTag is not null)
        {
            return ByTags(call, command, found);
        }

        if (command.Label is { } label)
        {
            found.AddRange(call.Monologues.FindAll(m => m.Label == label && m != subscriber));
            return found.Count == 0 ? "No monologue matching the given label" : null;
        }

        if (command.Address is { } address)
        {
            var participant = ParticipantSelection.ByAddress(call, address);
            found.AddRange(participant is null ? [] : [participant]);
            return found.Count == 0 ? "Failed to match address to any tag" : null;
        }

        if (command.All != AllOption.None || command.Flags.HasFlag(NgFlags.All))
        {
            found.AddRange(call.Monologues.FindAll(m => m != subscriber && m.Tag is not null && IsWanted(m, command.All)));
        }

        return found.Count == 0 ? "No call participant specified" : null;
    }

    /// <summary>The medias of the participants, in order; those that are rejected or unknown are left out.</summary>
    public static List<SubscriptionSource> Medias(CallState call, List<Monologue> participants, bool egress)
    {
        var sources = new List<SubscriptionSource>();
        foreach (var participant in participants)
        {
            foreach (var media in participant.Medias)
            {
                var publisher = egress ? ReceivedBy(call, media) : media;
                if (publisher is not null && publisher.Has(MediaFlags.Filled) && !publisher.Has(MediaFlags.Rejected))
                {
                    sources.Add(new SubscriptionSource(participant, media, publisher));
                }
            }
        }

        return sources;
    }

    /// <summary>
    /// The codecs that a media sends, with its payload types: what we printed to it, as far as its own SDP names it too.
    /// </summary>
    public static List<SdpCodec> SentCodecs(CallMedia publisher)
    {
        var agreed = publisher.PrintedCodecs.FindAll(p => CodecNegotiation.Find(publisher.Codecs, p) is not null);
        return agreed.Exists(c => !c.IsSupplemental) ? agreed : publisher.Codecs;
    }

    private static string? ByTags(CallState call, NgCommand command, List<Monologue> found)
    {
        IReadOnlyList<string> tags = command.FromTags.Count > 0 ? command.FromTags : [command.FromTag!];
        foreach (string tag in tags)
        {
            if (call.FindByTag(tag) is not { } participant)
            {
                return "From-tag given, but no such tag exists";
            }

            if (!found.Contains(participant))
            {
                found.Add(participant);
            }
        }

        return null;
    }

    private static bool IsWanted(Monologue monologue, AllOption all) => all switch
    {
        AllOption.OfferAnswer => monologue.Kind == MonologueKind.OfferAnswer,
        AllOption.ExceptOfferAnswer => monologue.Kind == MonologueKind.Publisher,
        _ => monologue.Kind != MonologueKind.Subscriber,
    };

    private static CallMedia? ReceivedBy(CallState call, CallMedia media) =>
        call.Subscriptions.Find(s => s.Subscriber == media.Id && !s.RtcpOnly) is { } subscription
            ? call.FindMedia(subscription.Publisher)
            : null;
}
