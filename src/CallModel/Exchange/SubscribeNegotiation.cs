using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Rooms;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Negotiates one media with a subscriber: our offer, and its answer.</summary>
public static class SubscribeNegotiation
{
    /// <summary>Decides what our offer says about one media.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="publisher">Whose packets it will carry; with <c>egress</c> those that it is sent.</param>
    /// <param name="media">The subscriber's media.</param>
    /// <returns>Why it cannot be served; null: it can.</returns>
    public static string? Offer(VerbContext context, CallMedia publisher, CallMedia media)
    {
        var command = context.Command;
        var transport = TransportNegotiation.Offer(publisher.Transport, command.TransportProtocol, command.TransportChange, command.Osrtp);
        if (transport.Dtls && context.Config.Certificate is null)
        {
            return $"not supported yet: DTLS ({transport.Name})";
        }

        if (publisher.IsRtp)
        {
            var source = SubscriptionSources.Codecs(publisher, command.Flags.HasFlag(NgFlags.Egress));
            var codecs = CodecNegotiation.Offer(source, command.Codec, command.Flags);
            if (codecs.Refusal is { } refusal)
            {
                return refusal;
            }

            media.PrintedCodecs = [.. codecs.Printed];
        }

        media.Transport = transport;
        media.RawFormats = publisher.RawFormats;
        media.Interface = context.Call!.OwnerOf(media).Interface;
        media.Family = command.AddressFamily != IpFamily.None ? command.AddressFamily
            : media.Family != IpFamily.None ? media.Family : publisher.Family;
        media.PtimeOverride = command.Ptime;
        media.PacketTime = publisher.PacketTime;
        media.Set(MediaFlags.Rejected, false);
        media.Set(MediaFlags.StripExtmap, command.Flags.HasFlag(NgFlags.StripExtmap));
        media.Set(MediaFlags.Send, command.Flags.HasFlag(NgFlags.Bidirectional));
        media.MuxOffer = media.IsRtp ? RtcpMuxNegotiation.OfferAlone(media.Has(MediaFlags.RtcpMux), command.RtcpMux) : default;
        bool isNew = !media.Has(MediaFlags.Public);
        IceNegotiation.Offer(context, media, sourceHasIce: false, isNew);
        DtlsNegotiation.Offer(context, media, sourceHasSdes: publisher.SdesReceived.Count > 0);
        bool published = context.Call.OwnerOf(publisher).Kind == MonologueKind.Publisher && publisher.Transport.Feedback;
        media.SourceAttributes = published
            ? SimulcastNegotiation.SubscriberAttributes(publisher, media, context.Entropy) : [.. publisher.SourceAttributes];
        if (published)
        {
            RepairNegotiation.Offer(media, publisher, media.SourceAttributes, context.Entropy);
        }

        PortAssignment.Ensure(context, media, media.IsRtp ? media.MuxOffer.PortCount : 1);
        return OfferKeys(context, publisher, media);
    }

    /// <summary>Takes the subscriber's answer in.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="media">The subscriber's media.</param>
    /// <param name="view">Its block.</param>
    /// <returns>Why it cannot be served; null: it can.</returns>
    public static string? Answer(VerbContext context, CallMedia media, SdpMediaView view)
    {
        string? mid = media.Mid;
        if (SourceReader.Apply(context, media, view) is { } refusal)
        {
            return refusal;
        }

        media.Mid ??= mid;

        // Port 0 pauses: ports, keys and codecs stay for the next answer.
        if (media.Has(MediaFlags.Rejected) || !media.IsRtp)
        {
            return null;
        }

        if (!CodecNegotiation.HaveCommonCodec(media.PrintedCodecs, view.Codecs))
        {
            return CodecRefusals.NoSubscriberCodec;
        }

        AnswerNegotiation.SetMux(media, media.BundleOwner != 0 || RtcpMuxNegotiation.Answer(media.MuxOffer, view.Attributes.RtcpMux).TowardAnswerer);
        media.Codecs = [.. view.Codecs];
        media.Extensions = ExtensionNegotiation.Ids(view.ExtMaps);
        var call = context.Call!;
        foreach (var subscription in call.Subscriptions.FindAll(s => s.Subscriber == media.Id && !s.OfferAnswer && !s.RtcpOnly))
        {
            Map(call, subscription, call.FindMedia(subscription.Publisher)!, media);
        }

        if (media.Dtls is not null)
        {
            media.SdesSent = [];
            return null;
        }

        AnswerNegotiation.Take(media, SdesNegotiation.AnswererSide(media.Transport.Srtp ? media.SdesSent : [], media.SdesReceived));
        return null;
    }

    /// <summary>Renames payload types anew on everything that a media publishes, after its codecs changed.</summary>
    public static void MapSubscribers(CallState call, CallMedia publisher)
    {
        foreach (var subscription in call.Subscriptions.FindAll(s => s.Publisher == publisher.Id && !s.OfferAnswer && !s.RtcpOnly))
        {
            Map(call, subscription, publisher, call.FindMedia(subscription.Subscriber)!);
        }
    }

    private static void Map(CallState call, MediaSubscription subscription, CallMedia publisher, CallMedia subscriber)
    {
        if (subscriber.Codecs.Count == 0)
        {
            return;
        }

        var source = SubscriptionSources.Codecs(publisher, subscription.Egress);
        var codecs = CodecNegotiation.Answer(new CodecAnswerInput { Offered = source, Printed = source, Answered = subscriber.Codecs });
        subscription.PayloadTypeMaps = codecs.ToAnswerer;
        if (call.FindSubscription(subscriber, publisher) is { OfferAnswer: false } back)
        {
            back.PayloadTypeMaps = codecs.ToOfferer;
        }
    }

    private static string? OfferKeys(VerbContext context, CallMedia publisher, CallMedia media)
    {
        if (!media.Transport.Srtp || media.Transport.Dtls || context.Command.Sdes.Off)
        {
            if (media.Transport.Srtp && media.Dtls is null)
            {
                return "SRTP without SDES and DTLS";
            }

            // Keys in force stay until the answer: nothing that was encrypted goes out in clear meanwhile.
            media.SdesSent = [];
            return null;
        }

        // Only the line in use is worth copying: it lets the publisher's packets pass as they are.
        bool inUse = publisher.SdesAcceptedTag != 0;
        var offer = new SdesOfferInput
        {
            Source = publisher.SdesReceived.FindAll(l => !inUse || l.Tag == publisher.SdesAcceptedTag),
            Previous = media.SdesSent,
            AcceptedTag = media.SdesAcceptedTag,
            Options = context.Command.Sdes,
        };
        media.SdesSent = [.. SdesNegotiation.Offer(offer, context.Entropy)];
        return media.SdesSent.Count == 0 && media.Dtls is null ? "SRTP without SDES and DTLS" : null;
    }
}
