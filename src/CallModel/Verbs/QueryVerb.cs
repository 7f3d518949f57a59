using RtpCluster.CallModel.Statistics;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>ng <c>query</c>: the call's state and statistics; of one participant and its partners when a tag is given.</summary>
public static class QueryVerb
{
    /// <summary>Runs it.</summary>
    public static VerbResult Run(VerbContext context)
    {
        var command = context.Command;
        if (string.IsNullOrEmpty(command.CallId))
        {
            return VerbResult.Fail("No call-id in message");
        }

        if (context.Call is not { } call)
        {
            return VerbResult.Fail("Unknown call-id");
        }

        string? tag = !string.IsNullOrEmpty(command.ToTag) ? command.ToTag : command.FromTag;
        var monologues = string.IsNullOrEmpty(tag) ? call.Monologues : WithPartners(call, tag);
        var report = CallReport.Format(call, context.Statistics, context.Config.SsrcReporting, monologues);
        return VerbResult.Look(report.Add("result", "ok"));
    }

    /// <summary>A participant, then everybody it shares a subscription with, in order of creation; empty: no such tag.</summary>
    public static List<Monologue> WithPartners(CallState call, string tag)
    {
        if (call.FindByTag(tag) is not { } first)
        {
            return [];
        }

        var partners = call.Monologues.FindAll(other => other != first && call.Subscriptions.Exists(
            s => Joins(s, first, other) || Joins(s, other, first)));
        return [first, .. partners];
    }

    private static bool Joins(MediaSubscription subscription, Monologue publisher, Monologue subscriber) =>
        publisher.Medias.Exists(m => m.Id == subscription.Publisher) && subscriber.Medias.Exists(m => m.Id == subscription.Subscriber);
}
