using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Exchange;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Verbs;

/// <summary>ng <c>offer</c>: rewrites the offerer's SDP for the participant it calls.</summary>
public static class OfferVerb
{
    /// <summary>Runs it.</summary>
    public static VerbResult Run(VerbContext context)
    {
        var command = context.Command;
        if (SignallingRules.Check(context, needsToTag: false) is { } reason)
        {
            return VerbResult.Fail(reason);
        }

        if (!SdpRequest.TryRead(context, out var request, out var failure))
        {
            return failure;
        }

        var call = context.GetOrCreateCall();
        var (sender, receiver) = DialogueLookup.ForOffer(call, command, context.Now);
        if (sender == receiver)
        {
            return VerbResult.Fail("Invalid dialogue association");
        }

        SignallingRules.Apply(context, call, sender, receiver);
        var sources = Pairing.Blocks(call, sender, request!.Medias);
        if (BundleNegotiation.Read(context, sender, request, sources, isOffer: true) is { } unbundled)
        {
            return VerbResult.Fail(unbundled);
        }

        for (int i = 0; i < sources.Count; i++)
        {
            if (Negotiate(context, sources[i], receiver, request, i) is { } refusal)
            {
                return VerbResult.Fail(refusal);
            }
        }

        DropMissing(sender, sources, receiver);
        Pairing.Associate(call, sender, receiver, exclusive: false);
        string sdp = SessionComposer.Print(context, request, sources, receiver, isOffer: true);
        return VerbResult.Commit(NgReplies.Ok().Add("sdp", sdp));
    }

    private static string? Negotiate(VerbContext context, CallMedia source, Monologue receiver, SdpRequest request, int block)
    {
        var command = context.Command;
        var view = request.Medias[block];
        source.Interface = context.Call!.OwnerOf(source).Interface ?? source.Interface;
        if (SourceReader.Apply(context, source, view) is { } refusal)
        {
            return refusal;
        }

        if (SdpTransit.IsRemoved(source.Type, command.SdpMediaRemove))
        {
            source.Codecs = [.. view.Codecs];
            return null;
        }

        var partner = Pairing.Partner(context.Call!, source, receiver);
        partner.Interface = receiver.Interface ?? partner.Interface;
        BundleNegotiation.Offer(context, receiver, partner);
        if (OfferNegotiation.Apply(context, source, partner, view) is { } reason)
        {
            return reason;
        }

        if (partner.Has(MediaFlags.Rejected))
        {
            partner.Ports = null;
        }
        else if (!MediaComposer.IsMessage(source))
        {
            PortAssignment.Ensure(context, partner, partner.IsRtp ? partner.MuxOffer.PortCount : 1);
            ReserveFirst(context, source);
        }

        return null;
    }

    /// <summary>The offerer's own ports come with its first offer, so that the answer needs no round trip to the media node.</summary>
    private static void ReserveFirst(VerbContext context, CallMedia source)
    {
        if (source.Ports is null)
        {
            PortAssignment.Ensure(context, source, source.IsRtp ? 2 : 1);
        }
    }

    private static void DropMissing(Monologue sender, List<CallMedia> sources, Monologue receiver)
    {
        foreach (var media in sender.Medias)
        {
            if (!sources.Contains(media))
            {
                SourceReader.Remove(media);
                if (Pairing.Find(media, receiver) is { } partner)
                {
                    partner.Set(MediaFlags.Rejected);
                    partner.Ports = null;
                }
            }
        }
    }
}
