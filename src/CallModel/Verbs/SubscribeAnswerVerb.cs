using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Exchange;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>ng <c>subscribe answer</c>: takes a subscriber's answer to our offer in and lets the media flow. May be repeated.</summary>
public static class SubscribeAnswerVerb
{
    /// <summary>Runs it.</summary>
    public static VerbResult Run(VerbContext context)
    {
        var command = context.Command;
        if (string.IsNullOrEmpty(command.ToTag))
        {
            return VerbResult.Fail("No to-tag in message");
        }

        if (!SdpRequest.TryRead(context, out var request, out var failure))
        {
            return failure;
        }

        if (context.Call is not { } call)
        {
            return VerbResult.Fail("Unknown call-id");
        }

        if (call.FindByTag(command.ToTag) is not { } subscriber)
        {
            return VerbResult.Fail("To-tag not found");
        }

        if (SignallingRules.Unsupported(context, isOffer: false) is { } unsupported)
        {
            return VerbResult.Fail(unsupported);
        }

        call.LastSignal = context.Now;
        int answered = Math.Min(request!.Medias.Count, subscriber.Medias.Count);
        if (BundleNegotiation.Read(context, subscriber, request, subscriber.Medias.GetRange(0, answered), isOffer: false) is { } unbundled)
        {
            return VerbResult.Fail(unbundled);
        }

        for (int i = 0; i < answered; i++)
        {
            var media = subscriber.Medias[i];
            if ((SubscribeNegotiation.Answer(context, media, request.Medias[i]) ?? SubscriptionLinks.Limit(context, call, media)) is { } refusal)
            {
                return VerbResult.Fail(refusal);
            }
        }

        return VerbResult.Commit(NgReplies.Ok());
    }
}
