using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Exchange;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Rooms;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Verbs;

/// <summary>ng <c>publish</c>: answers a participant's offer by ourselves, with one codec per media. Others receive it by subscribing.</summary>
public static class PublishVerb
{
    private const int TagLength = 64;

    /// <summary>Runs it.</summary>
    public static VerbResult Run(VerbContext context)
    {
        var command = context.Command;
        if (SignallingRules.Unsupported(context, isOffer: true) is { } unsupported)
        {
            return VerbResult.Fail(unsupported);
        }

        if (!SdpRequest.TryRead(context, out var request, out var failure))
        {
            return failure;
        }

        var call = context.GetOrCreateCall();
        string tag = string.IsNullOrEmpty(command.FromTag) ? context.RandomHex(TagLength) : command.FromTag;
        var publisher = call.FindByTag(tag);
        if (publisher is null)
        {
            publisher = call.AddMonologue(tag, context.Now);
            publisher.Kind = MonologueKind.Publisher;
        }

        SignallingRules.Apply(context, call, publisher, publisher);
        var medias = Pairing.Blocks(call, publisher, request!.Medias);
        if (BundleNegotiation.Read(context, publisher, request, medias, isOffer: true) is { } unbundled)
        {
            return VerbResult.Fail(unbundled);
        }

        for (int i = 0; i < medias.Count; i++)
        {
            medias[i].Interface = publisher.Interface;
            if (Accept(context, medias[i], request.Medias[i]) is { } refusal)
            {
                return VerbResult.Fail(refusal);
            }
        }

        foreach (var media in publisher.Medias)
        {
            if (!medias.Contains(media))
            {
                SourceReader.Remove(media);
                media.Ports = null;
            }
        }

        string sdp = OwnComposer.Print(context, publisher, m => Direction(context, m), isOffer: false, labels: []);
        return VerbResult.Commit(new NgDictionary()
            .Add("call-id", context.CallId.Value)
            .Add("from-tag", tag)
            .Add("sdp", sdp)
            .Add("result", "ok"));
    }

    private static SdpDirection Direction(VerbContext context, CallMedia media) => DirectionNegotiation.PublishAnswer(
        new MediaDirection(media.Has(MediaFlags.Send), media.Has(MediaFlags.Recv)),
        context.Command.Flags.HasFlag(NgFlags.Bidirectional));

    private static string? Accept(VerbContext context, CallMedia media, SdpMediaView view)
    {
        if (SourceReader.Apply(context, media, view) is { } refusal)
        {
            return refusal;
        }

        if (media.Has(MediaFlags.Rejected))
        {
            media.Ports = null;
            return null;
        }

        if (context.Command.Ice == IceOption.Remove)
        {
            media.Ice = null;
        }

        media.Family = context.Command.AddressFamily != IpFamily.None ? context.Command.AddressFamily : media.Family;
        media.PtimeOverride = context.Command.PtimeReverse;
        if (media.IsRtp && ChooseCodecs(context, media, view) is { } reason)
        {
            return reason;
        }

        bool muxed = media.IsRtp && RtcpMuxNegotiation.AcceptAlone(view.Attributes.RtcpMux || media.BundleOwner != 0, context.Command.RtcpMux);
        AnswerNegotiation.SetMux(media, muxed);
        PortAssignment.Ensure(context, media, muxed || !media.IsRtp ? 1 : 2);
        if (media.Dtls is not null)
        {
            media.SdesSent = [];
            return null;
        }

        var keys = SdesNegotiation.Answer(
            new SdesAnswerInput
            {
                Offerer = media.Transport.Srtp ? media.SdesReceived : [],
                Previous = media.SdesSent.Count > 0 ? media.SdesSent[0] : null,
                Options = context.Command.Sdes,
            },
            context.Entropy);
        AnswerNegotiation.Take(media, keys.Offerer);
        return media.Has(MediaFlags.NoKeys) ? "SRTP without SDES and DTLS" : null;
    }

    private static string? ChooseCodecs(VerbContext context, CallMedia media, SdpMediaView view)
    {
        var options = context.Command.Codec;
        var offer = CodecNegotiation.Offer(view.Codecs, options, context.Command.Flags);
        if (offer.Refusal is { } refusal)
        {
            return refusal;
        }

        var chosen = PublishCodecSelection.Choose(offer.Printed, options.Accept);
        if (chosen.Count == 0)
        {
            return CodecRefusals.NoPublishCodec;
        }

        var repair = media.Transport.Feedback ? RepairNegotiation.Of(offer.Printed, chosen[0]) : null;
        media.Codecs = repair is null ? [.. chosen] : [.. chosen, repair];
        media.PrintedCodecs = [.. media.Codecs];
        if (media.Transport.Feedback)
        {
            media.Layers = SimulcastNegotiation.Layers(view, chosen);
            media.AcceptedExtensions = ExtensionNegotiation.Accept(
                context.Command, view.ExtMaps, bundled: BundleNegotiation.IsShared(context.Call!, media), layered: media.Layers.Count > 0, repaired: repair is not null,
                isVideo: media.Type.Equals("video", StringComparison.OrdinalIgnoreCase));
            media.Extensions = ExtensionNegotiation.Ids(media.AcceptedExtensions);
        }

        SubscribeNegotiation.MapSubscribers(context.Call!, media);
        return null;
    }
}
