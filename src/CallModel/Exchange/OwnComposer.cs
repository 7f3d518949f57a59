using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Rooms;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Composes and prints SDPs that we make up ourselves: the answer to a publisher, the offer to a subscriber.</summary>
public static class OwnComposer
{
    /// <summary>Prints an SDP of our own toward a monologue's remote, and remembers what was printed.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="receiver">Who gets it; all its medias are printed.</param>
    /// <param name="direction">The direction we print for a media.</param>
    /// <param name="isOffer">It is an offer (subscribe request).</param>
    /// <param name="labels">The labels to print, by position; empty: none.</param>
    public static string Print(
        VerbContext context, Monologue receiver, Func<CallMedia, SdpDirection> direction, bool isOffer, IReadOnlyList<string> labels)
    {
        var medias = new List<SdpMediaOutput>(receiver.Medias.Count);
        foreach (var media in receiver.Medias)
        {
            string? label = medias.Count < labels.Count ? labels[medias.Count] : null;
            medias.Add(Compose(context, media, direction(media), isOffer) with { Mid = media.Mid, Label = label });
            media.Set(MediaFlags.Public, media.Ports is not null);
        }

        var address = context.Command.MediaAddress.Family != IpFamily.None
            ? context.Command.MediaAddress
            : receiver.Medias.Find(m => m.Ports is not null)?.Ports!.Advertised ?? context.Config.Interfaces[0].Advertised;
        var output = new SdpOutput
        {
            Origin = OriginRewriter.Own(context.Now, context.Entropy, address),
            Name = context.Config.SoftwareId,
            Medias = medias,
            Groups = BundleNegotiation.Groups(context, receiver, isOffer),
            IceLite = IceNegotiation.PrintsLite(receiver.Medias),
        };

        // RFC 3264 8: the session stays the same over re-negotiations, its version counts.
        string text = OriginRewriter.Print(
            output, OriginComposer.Manipulations(context.Command), SdpReplace.OriginFull, address, receiver.Printed, out var printed);
        receiver.Printed = printed;
        return text;
    }

    private static SdpMediaOutput Compose(VerbContext context, CallMedia media, SdpDirection direction, bool isOffer)
    {
        bool rejected = media.Ports is null || media.Has(MediaFlags.Rejected);
        var bare = new SdpMediaOutput
        {
            Type = media.Type,
            Port = rejected ? 0 : media.Ports!.Rtp,
            Rejected = rejected,
            Protocol = media.Transport.Name,
            Address = Address(context, media, rejected || direction == SdpDirection.Inactive),
            Codecs = media.PrintedCodecs,
            Formats = (media.RawFormats ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
        if (rejected || !media.IsRtp)
        {
            return bare;
        }

        var ports = media.Ports!;
        bool muxed = media.Has(MediaFlags.RtcpMux);
        bool single = RtcpMuxNegotiation.PrintsSinglePort(isOffer, media.MuxOffer, muxed) || ports.Rtcp == 0;
        var output = bare with
        {
            Direction = direction,
            RtcpForm = MediaComposer.RtcpForm(context.Command),
            RtcpPort = single ? ports.Rtp : ports.Rtcp,
            RtcpMux = isOffer ? media.MuxOffer.Offered : muxed,
            Crypto = media.SdesSent,
            PadCrypto = context.Command.Sdes.Pad || context.Command.Flags.HasFlag(NgFlags.PadCrypto),
            PacketTime = media.PtimeOverride > 0 || !isOffer ? media.PtimeOverride : media.PacketTime,
            ExtMaps = isOffer ? [] : media.AcceptedExtensions,
            Attributes = isOffer ? PeerTransportComposer.SourceAttributes(context.Command, media) : SimulcastNegotiation.Answer(media),
        };
        return output.WithPeerTransport(context, media, isOffer, rtcp: !single).Bundled(media, isOffer);
    }

    private static IpAddress Address(VerbContext context, CallMedia media, bool zero)
    {
        if (zero || media.Ports is null)
        {
            return IpAddress.Any(media.Family == IpFamily.None ? IpFamily.V4 : media.Family);
        }

        return context.Command.MediaAddress.Family != IpFamily.None ? context.Command.MediaAddress : media.Ports.Advertised;
    }
}
