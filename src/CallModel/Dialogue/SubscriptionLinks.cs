using RtpCluster.CallModel.Rooms;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Dialogue;

/// <summary>Makes and drops the subscriptions of subscribers.</summary>
public static class SubscriptionLinks
{
    /// <summary>
    /// Makes a subscriber's media receive a publisher's. The subscriber's RTCP goes back to one that publishes, for it needs key frame requests
    /// and reports; to a participant of an ordinary call only with <c>rtcp-mirror</c>, for its reports come from its peer. With
    /// <c>bidirectional</c> the publisher receives the subscriber's media too.
    /// </summary>
    public static void Make(VerbContext context, CallState call, CallMedia publisher, CallMedia subscriber)
    {
        var flags = context.Command.Flags;
        call.Subscribe(publisher, subscriber, offerAnswer: false).Egress = flags.HasFlag(NgFlags.Egress);
        bool media = flags.HasFlag(NgFlags.Bidirectional);
        bool rtcp = media || flags.HasFlag(NgFlags.MirrorRtcp) || call.OwnerOf(publisher).Kind == MonologueKind.Publisher;
        if (rtcp && call.FindSubscription(subscriber, publisher) is null)
        {
            call.Subscribe(subscriber, publisher, offerAnswer: false).RtcpOnly = !media;
        }
    }

    /// <summary>Heeds <c>rid</c> and <c>layer</c>: the best simulcast layer that a subscriber's media may get. Without either nothing changes.</summary>
    /// <returns>Why it cannot be served; null: it can.</returns>
    public static string? Limit(VerbContext context, CallState call, CallMedia subscriber)
    {
        var command = context.Command;
        if (command.Rid is null && command.Layer is null)
        {
            return null;
        }

        foreach (var subscription in call.Subscriptions.FindAll(s => s.Subscriber == subscriber.Id && !s.OfferAnswer && !s.RtcpOnly))
        {
            var publisher = call.FindMedia(subscription.Publisher)!;
            if (!SimulcastNegotiation.TryFindLayer(publisher, command.Rid, command.Layer, out int layer))
            {
                return $"No such simulcast layer: {command.Rid ?? command.Layer.ToString()}";
            }

            subscription.Layer = layer;
        }

        return null;
    }

    /// <summary>Drops what a subscriber receives by subscription, with what flows back for it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="subscriber">The subscriber.</param>
    /// <param name="publisher">Only from this participant; null: from all.</param>
    public static void Drop(CallState call, Monologue subscriber, Monologue? publisher = null)
    {
        var dropped = call.Subscriptions.FindAll(s => !s.OfferAnswer && !s.RtcpOnly && Owns(subscriber, s.Subscriber)
            && (publisher is null || Owns(publisher, s.Publisher)));
        foreach (var subscription in dropped)
        {
            call.Subscriptions.Remove(subscription);
            call.Subscriptions.RemoveAll(
                s => !s.OfferAnswer && s.Publisher == subscription.Subscriber && s.Subscriber == subscription.Publisher);
        }
    }

    /// <summary>Whether a media belongs to a monologue.</summary>
    public static bool Owns(Monologue monologue, int mediaId) => monologue.Medias.Exists(m => m.Id == mediaId);
}
