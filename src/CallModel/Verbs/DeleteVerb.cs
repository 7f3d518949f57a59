using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Statistics;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>ng <c>delete</c>: ends the call or one branch of it, at once or after the delete delay.</summary>
public static class DeleteVerb
{
    private const string NotFound = "Call-ID not found or tags didn't match";

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
            return Unknown(command);
        }

        int delay = Math.Max(0, command.DeleteDelay ?? context.Config.DeleteDelay);
        var at = context.Now.AddSeconds(delay);
        if (string.IsNullOrEmpty(command.FromTag))
        {
            return DeleteCall(context, call, at, delay, call.Monologues);
        }

        if (Match(call, command) is not { } matched)
        {
            return Unknown(command);
        }

        var gone = new List<Monologue>();
        Mark(call, matched, at, gone);
        if (call.Monologues.TrueForAll(m => m.DeleteAt is not null))
        {
            return DeleteCall(context, call, at, delay, gone);
        }

        var reply = Report(context, call, gone);
        if (delay > 0)
        {
            return VerbResult.CommitQuietly(reply);
        }

        CallDeadlines.PurgeMonologues(call, context.Now);
        return VerbResult.Commit(reply);
    }

    /// <summary>The full statistics, unless flag fast does without.</summary>
    private static NgDictionary Report(VerbContext context, CallState call, List<Monologue> gone) =>
        context.Command.Flags.HasFlag(NgFlags.Fast)
            ? NgReplies.Ok()
            : CallReport.Format(call, context.Statistics, context.Config.SsrcReporting, gone).Add("result", "ok");

    private static VerbResult Unknown(NgCommand command) =>
        command.Flags.HasFlag(NgFlags.Fatal)
            ? VerbResult.Fail(NotFound)
            : VerbResult.Look(NgReplies.Ok().Add("warning", NotFound));

    private static VerbResult DeleteCall(VerbContext context, CallState call, Instant at, int delay, List<Monologue> gone)
    {
        var reply = Report(context, call, gone);
        if (delay == 0)
        {
            return VerbResult.End(reply);
        }

        call.DeleteAt = at;
        return VerbResult.CommitQuietly(reply);
    }

    /// <summary>The branch a delete means; null: no such.</summary>
    private static Monologue? Match(CallState call, NgCommand command)
    {
        if (command.HonourToTag && command.ToTag is { Length: > 0 } toTag)
        {
            return call.FindByTag(toTag);
        }

        var branch = command.ViaBranch is { } via ? call.Monologues.Find(m => m.ViaBranch == via) : null;
        return branch ?? call.FindByTag(command.FromTag!);
    }

    /// <summary>Marks a monologue, and every one that is left without a live partner or publisher by that.</summary>
    private static void Mark(CallState call, Monologue monologue, Instant at, List<Monologue> gone)
    {
        monologue.DeleteAt = at;
        gone.Add(monologue);
        foreach (var follower in call.Monologues)
        {
            var needed = follower.DeleteAt is null ? Needed(call, follower) : [];
            if (needed.Contains(monologue) && needed.TrueForAll(n => n.DeleteAt is not null))
            {
                Mark(call, follower, at, gone);
            }
        }
    }

    /// <summary>Whom a monologue is there for: its dialogue partners, and the publishers it has subscribed to.</summary>
    private static List<Monologue> Needed(CallState call, Monologue monologue)
    {
        var needed = Pairing.Peers(call, monologue);
        foreach (var subscription in call.Subscriptions)
        {
            bool receives = !subscription.OfferAnswer && monologue.Medias.Exists(m => m.Id == subscription.Subscriber);
            if (receives && call.FindMedia(subscription.Publisher) is { } publisher)
            {
                needed.Add(call.OwnerOf(publisher));
            }
        }

        return needed;
    }
}
