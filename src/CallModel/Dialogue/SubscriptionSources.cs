using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Dialogue;

/// <summary>One media that a subscriber is to get.</summary>
/// <param name="Owner">The participant that was asked for.</param>
/// <param name="Media">Its media.</param>
public sealed record SubscriptionSource(Monologue Owner, CallMedia Media);

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
    public static List<SubscriptionSource> Medias(List<Monologue> participants)
    {
        var sources = new List<SubscriptionSource>();
        foreach (var participant in participants)
        {
            foreach (var media in participant.Medias)
            {
                if (media.Has(MediaFlags.Filled) && !media.Has(MediaFlags.Rejected))
                {
                    sources.Add(new SubscriptionSource(participant, media));
                }
            }
        }

        return sources;
    }

    /// <summary>
    /// The codecs that flow to a subscriber, with the payload types they have before its own renaming: what the source sends (as we printed it
    /// to it), or with <c>egress</c> what it is sent (as it asked for).
    /// </summary>
    public static List<SdpCodec> Codecs(CallMedia source, bool egress)
    {
        var (list, other) = egress ? (source.Codecs, source.PrintedCodecs) : (source.PrintedCodecs, source.Codecs);
        var agreed = list.FindAll(c => CodecNegotiation.Find(other, c) is not null);
        return agreed.Exists(c => !c.IsSupplemental) ? agreed : source.Codecs;
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
}
