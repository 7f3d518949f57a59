using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Exchange;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>ng <c>answer</c>: rewrites the answerer's SDP for the offerer and puts what was agreed in force.</summary>
public static class AnswerVerb
{
    /// <summary>Runs it.</summary>
    public static VerbResult Run(VerbContext context)
    {
        if (SignallingRules.Check(context, needsToTag: true) is { } reason)
        {
            return VerbResult.Fail(reason);
        }

        if (!SdpRequest.TryRead(context, out var request, out var failure))
        {
            return failure;
        }

        if (context.Call is not { } call)
        {
            return VerbResult.Fail("Unknown call-id");
        }

        if (DialogueLookup.ForAnswer(call, context.Command, context.Now) is not { } pair || pair.Sender == pair.Receiver)
        {
            return VerbResult.Fail("Invalid dialogue association");
        }

        var (answerer, offerer) = pair;
        SignallingRules.Apply(context, call, answerer, offerer);
        var sources = Pairing.Blocks(call, answerer, request!.Medias);
        if (BundleNegotiation.Read(context, answerer, request, sources, isOffer: false) is { } unbundled)
        {
            return VerbResult.Fail(unbundled);
        }

        for (int i = 0; i < sources.Count; i++)
        {
            if (Negotiate(context, sources[i], offerer, request, i) is { } refusal)
            {
                return VerbResult.Fail(refusal);
            }
        }

        RejectUnanswered(answerer, sources, offerer);
        Pairing.Associate(call, answerer, offerer, exclusive: true);
        string sdp = SessionComposer.Print(context, request, sources, offerer, isOffer: false);
        return VerbResult.Commit(NgReplies.Ok().Add("sdp", sdp));
    }

    private static string? Negotiate(VerbContext context, CallMedia source, Monologue offerer, SdpRequest request, int block)
    {
        var view = request.Medias[block];
        if (SourceReader.Apply(context, source, view) is { } refusal)
        {
            return refusal;
        }

        var partner = Pairing.Partner(context.Call!, source, offerer);
        if (AnswerNegotiation.Apply(context, source, partner, view) is { } reason)
        {
            return reason;
        }

        if (partner.Has(MediaFlags.Rejected))
        {
            partner.Ports = null;
            source.Ports = null;
        }
        else if (!MediaComposer.IsMessage(source))
        {
            PortAssignment.Ensure(context, partner, !partner.IsRtp || partner.Has(MediaFlags.RtcpMux) ? 1 : 2);
        }

        return null;
    }

    /// <summary>Medias of the offer that the answer does not mention, and those that were never offered on.</summary>
    private static void RejectUnanswered(Monologue answerer, List<CallMedia> sources, Monologue offerer)
    {
        foreach (var media in offerer.Medias)
        {
            if (Pairing.Find(media, answerer) is not { } partner || !sources.Contains(partner))
            {
                media.Set(MediaFlags.Rejected);
                media.Ports = null;
            }
        }
    }
}
