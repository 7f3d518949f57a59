using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>
/// ng <c>connect</c>: makes two participants of a call receive each other's media as if they had negotiated with each other; with
/// <c>directional</c> only the to-tag's participant receives.
/// </summary>
public static class ConnectVerb
{
    /// <summary>Runs it.</summary>
    public static VerbResult Run(VerbContext context)
    {
        var command = context.Command;
        if (context.Call is not { } call)
        {
            return VerbResult.Fail("Unknown call-id");
        }

        if (Find(context, call, out var from, out var to) is { } reason)
        {
            return VerbResult.Fail(reason);
        }

        bool directional = command.Flags.HasFlag(NgFlags.Directional) && !command.Flags.HasFlag(NgFlags.Bidirectional);
        var pairs = Pairs(from!, to!);
        if (pairs.Count == 0 || !pairs.TrueForAll(p => Fit(p.From, p.To) && (directional || Fit(p.To, p.From))))
        {
            return VerbResult.Fail(pairs.Count == 0 ? "No eligible media found" : CodecRefusals.Transcode);
        }

        if (!directional)
        {
            from!.PeerId = to!.Id;
            to.PeerId = from.Id;
        }

        foreach (var (source, sink) in pairs)
        {
            Link(call, source, sink);
            if (!directional)
            {
                Link(call, sink, source);
                Pairing.Join(source, sink);
            }
        }

        return VerbResult.Commit(NgReplies.Ok());
    }

    private static string? Find(VerbContext context, CallState call, out Monologue? from, out Monologue? to)
    {
        from = to = null;
        var command = context.Command;
        if (command.ToCallId is { } other && other != context.CallId.Value)
        {
            return "not supported yet: to-call-id of another call";
        }

        if (command.FromTags.Count > 1 || command.All != AllOption.None)
        {
            return "not supported yet: connect of several participants";
        }

        string? fromTag = command.FromTags.Count == 1 ? command.FromTags[0] : command.FromTag;
        if (string.IsNullOrEmpty(fromTag) || string.IsNullOrEmpty(command.ToTag))
        {
            return string.IsNullOrEmpty(fromTag) ? "No from-tag in message" : "No to-tag in message";
        }

        from = call.FindByTag(fromTag);
        to = call.FindByTag(command.ToTag);
        if (from is null || to is null)
        {
            return from is null ? "From-tag given, but no such tag exists" : "To-tag not found";
        }

        return from == to ? "Invalid dialogue association" : null;
    }

    // In order, each with the first of its type that is still free.
    private static List<(CallMedia From, CallMedia To)> Pairs(Monologue from, Monologue to)
    {
        var pairs = new List<(CallMedia From, CallMedia To)>();
        foreach (var media in from.Medias.FindAll(IsLive))
        {
            var partner = to.Medias.Find(m => IsLive(m) && m.IsRtp == media.IsRtp
                && m.Type.Equals(media.Type, StringComparison.OrdinalIgnoreCase) && !pairs.Exists(p => p.To == m));
            if (partner is not null)
            {
                pairs.Add((media, partner));
            }
        }

        return pairs;
    }

    private static bool IsLive(CallMedia media) => media.Has(MediaFlags.Filled) && !media.Has(MediaFlags.Rejected) && media.Ports is not null;

    private static bool Fit(CallMedia source, CallMedia sink) =>
        !source.IsRtp || CodecNegotiation.HaveCommonCodec(SubscriptionSources.Codecs(source, egress: false), sink.Codecs);

    // The sink receives this source and no other that it was negotiated or connected with.
    private static void Link(CallState call, CallMedia source, CallMedia sink)
    {
        call.Subscriptions.RemoveAll(s => s.OfferAnswer && s.Subscriber == sink.Id && s.Publisher != source.Id);
        var subscription = call.Subscribe(source, sink, offerAnswer: true);
        subscription.RtcpOnly = false;
        var sent = SubscriptionSources.Codecs(source, egress: false);
        subscription.PayloadTypeMaps = CodecNegotiation.Answer(
            new CodecAnswerInput { Offered = sent, Printed = sent, Answered = sink.Codecs }).ToAnswerer;
    }
}
