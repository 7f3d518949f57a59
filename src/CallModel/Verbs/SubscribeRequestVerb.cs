using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Exchange;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Statistics;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Verbs;

/// <summary>ng <c>subscribe request</c>: makes an offer of our own that carries the media of one or several participants to a subscriber.</summary>
public static class SubscribeRequestVerb
{
    private const int TagLength = 64;

    /// <summary>Runs it.</summary>
    public static VerbResult Run(VerbContext context)
    {
        var command = context.Command;
        if (context.Call is not { } call)
        {
            return VerbResult.Fail("Unknown call-id");
        }

        if ((Unsupported(command) ?? SignallingRules.Unsupported(context, isOffer: true)) is { } unsupported)
        {
            return VerbResult.Fail(unsupported);
        }

        var known = string.IsNullOrEmpty(command.ToTag) ? null : call.FindByTag(command.ToTag);
        if (SubscriptionSources.Find(call, command, known, out var participants) is { } reason)
        {
            return VerbResult.Fail(reason);
        }

        var sources = SubscriptionSources.Medias(participants);
        if (sources.Count == 0 || (known is not null && participants.Contains(known)))
        {
            return VerbResult.Fail("Failed to create SDP");
        }

        var subscriber = known ?? AddSubscriber(context, call);
        subscriber.Interface = SignallingRules.Interface(context, command.ToInterface ?? command.FromInterface) ?? subscriber.Interface;
        subscriber.DeleteAt = null;
        call.LastSignal = context.Now;
        SubscriptionLinks.Drop(call, subscriber);
        if (Offer(context, call, subscriber, sources) is { } refusal)
        {
            return VerbResult.Fail(refusal);
        }

        string[] labels = command.Flags.HasFlag(NgFlags.Siprec) ? MidNegotiation.GenerateLabels(sources.Count) : [];
        var direction = DirectionNegotiation.SubscribeOffer(
            command.Flags.HasFlag(NgFlags.Bidirectional), command.Flags.HasFlag(NgFlags.Inactive));
        string sdp = OwnComposer.Print(context, subscriber, _ => direction, isOffer: true, labels);
        return VerbResult.Commit(Reply(sdp, subscriber, sources, labels));
    }

    private static string? Unsupported(NgCommand command) =>
        command.Flags.HasFlag(NgFlags.Mix) ? "not supported yet: mix" : null;

    private static Monologue AddSubscriber(VerbContext context, CallState call)
    {
        string? tag = context.Command.ToTag;
        var subscriber = call.AddMonologue(string.IsNullOrEmpty(tag) ? context.RandomHex(TagLength) : tag, context.Now);
        subscriber.Kind = MonologueKind.Subscriber;
        return subscriber;
    }

    private static string? Offer(VerbContext context, CallState call, Monologue subscriber, List<SubscriptionSource> sources)
    {
        for (int i = 0; i < sources.Count; i++)
        {
            var media = Media(call, subscriber, i, sources[i].Media.Type);
            BundleNegotiation.Offer(context, subscriber, media);
            if (SubscribeNegotiation.Offer(context, sources[i].Media, media) is { } refusal)
            {
                return refusal;
            }

            SubscriptionLinks.Make(context, call, sources[i].Media, media);
            if (SubscriptionLinks.Limit(context, call, media) is { } unknown)
            {
                return unknown;
            }
        }

        for (int i = sources.Count; i < subscriber.Medias.Count; i++)
        {
            SourceReader.Remove(subscriber.Medias[i]);
            subscriber.Medias[i].Ports = null;
        }

        if (context.Command.Flags.HasFlag(NgFlags.GenerateMid))
        {
            string[] mids = MidNegotiation.Generate(subscriber.Medias.ConvertAll(m => m.Mid));
            subscriber.Medias.ForEach(m => m.Mid = mids[m.Index - 1]);
        }

        return null;
    }

    private static CallMedia Media(CallState call, Monologue subscriber, int position, string type)
    {
        if (position >= subscriber.Medias.Count)
        {
            return call.AddMedia(subscriber, type);
        }

        var media = subscriber.Medias[position];
        if (!media.Type.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            media.Reset(type);
        }

        return media;
    }

    private static NgDictionary Reply(string sdp, Monologue subscriber, List<SubscriptionSource> sources, string[] labels)
    {
        var reply = new NgDictionary().Add("sdp", sdp).Add("from-tags", new NgList([.. sources.Select(s => (NgValue)(s.Owner.Tag ?? ""))]));
        if (sources.TrueForAll(s => s.Owner == sources[0].Owner))
        {
            reply.Add("from-tag", sources[0].Owner.Tag ?? "");
        }

        if (labels.Length > 0)
        {
            SiprecReport.Append(reply, sources, labels);
        }

        return reply.Add("to-tag", subscriber.Tag!).Add("result", "ok");
    }
}
