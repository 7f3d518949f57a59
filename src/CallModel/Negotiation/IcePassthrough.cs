using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>
/// <c>ICE=optional</c> of an offer with ICE, and <c>ICE=force-relay</c>: each side gets the other's ICE, keys and addresses as they are, and our port as one
/// more candidate. The sides check and key each other; what comes to our ports passes as it is, for sides that cannot reach each other directly.
/// </summary>
public static class IcePassthrough
{
    private const MediaFlags Both = MediaFlags.IcePassthrough | MediaFlags.IceRelay;

    /// <summary>The offer asks for it.</summary>
    public static bool IsWanted(NgCommand command, SdpMediaView source) =>
        command.Verb == NgVerb.Offer && command.Ice is IceOption.Optional or IceOption.ForceRelay && source.HasIce && source.Protocol.IsRtp;

    /// <summary>Begins or ends it for both sides of an offered media. True: it is in force and nothing else is to be negotiated.</summary>
    public static bool Offer(VerbContext context, CallMedia sender, CallMedia receiver, SdpMediaView view)
    {
        bool wanted = IsWanted(context.Command, view);
        foreach (var media in new[] { sender, receiver })
        {
            media.Set(Both, false);
            media.Set(MediaFlags.IcePassthrough, wanted);
            media.Set(MediaFlags.IceRelay, wanted && context.Command.Ice == IceOption.ForceRelay);
            if (wanted)
            {
                Forget(media);
            }
        }

        if (wanted)
        {
            receiver.Transport = sender.Transport;
            receiver.PrintedCodecs = [.. view.Codecs];
            receiver.MuxOffer = RtcpMuxNegotiation.Offer(view.Attributes.RtcpMux, receiver.Has(MediaFlags.RtcpMux), RtcpMuxFlags.None);
            sender.Codecs = [.. view.Codecs];
        }

        return wanted;
    }

    /// <summary>Takes the answer of a media that passes. False: it does not pass.</summary>
    public static bool Answer(CallState call, CallMedia answerer, CallMedia offerer, SdpMediaView view)
    {
        if (!answerer.Has(MediaFlags.IcePassthrough))
        {
            return false;
        }

        Forget(answerer);
        answerer.Codecs = [.. view.Codecs];
        offerer.PrintedCodecs = [.. view.Codecs];
        call.Subscribe(offerer, answerer, offerAnswer: true).PayloadTypeMaps = [];
        call.Subscribe(answerer, offerer, offerAnswer: true).PayloadTypeMaps = [];
        return true;
    }

    /// <summary>The block that a side gets.</summary>
    public static SdpMediaOutput Compose(VerbContext context, CallMedia receiver, SdpMediaView source)
    {
        bool relay = receiver.Has(MediaFlags.IceRelay);
        var attributes = source.Media.Attributes.Where(a => a.Name != "end-of-candidates" && !(relay && IsRelayed(a)));
        return SdpTransit.Verbatim(source, source.Endpoint.Address, source.Media.Port) with
        {
            Rejected = false,
            Attributes = [.. attributes],
            Candidates = source.HasIce ? IceNegotiation.Print(context.Config, receiver.Ports!, rtcp: !receiver.Has(MediaFlags.RtcpMux), relay ? IceCandidateType.Relay : IceCandidateType.Host) : [],
            EndOfCandidates = source.HasIce,
        };
    }

    private static bool IsRelayed(SdpAttribute attribute) =>
        attribute.Name == "candidate" && CandidateAttribute.TryParse(attribute.Value, out var candidate) && candidate!.Type == "relay";

    /// <summary>We are no party of ICE, keys or hold here.</summary>
    private static void Forget(CallMedia media)
    {
        media.Ice = null;
        DtlsNegotiation.Stop(media);
        media.SdesReceived = [];
        media.SdesSent = [];
        media.DecryptKeys = null;
        media.EncryptKeys = null;
        media.Set(MediaFlags.NoKeys | MediaFlags.ZeroAddress, false);
        media.Set(MediaFlags.Send | MediaFlags.Recv);
    }
}
