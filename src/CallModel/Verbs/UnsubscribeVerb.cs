using RtpCluster.CallModel.Dialogue;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>ng <c>unsubscribe</c>: ends what a subscriber receives; a subscriber without any subscription goes, and its ports with it.</summary>
public static class UnsubscribeVerb
{
    /// <summary>Runs it.</summary>
    public static VerbResult Run(VerbContext context)
    {
        var command = context.Command;
        if (string.IsNullOrEmpty(command.ToTag))
        {
            return VerbResult.Fail("No to-tag in message");
        }

        if (context.Call is not { } call)
        {
            return VerbResult.Fail("Unknown call-id");
        }

        if (call.FindByTag(command.ToTag) is not { } subscriber)
        {
            return VerbResult.Fail("To-tag not found");
        }

        Monologue? publisher = null;
        if (command.FromTag is { } from && command.Flags.HasFlag(NgFlags.Directional))
        {
            publisher = call.FindByTag(from);
            if (publisher is null)
            {
                return VerbResult.Fail("From-tag given, but no such tag exists");
            }
        }

        SubscriptionLinks.Drop(call, subscriber, publisher);
        if (command.Flags.HasFlag(NgFlags.Bidirectional))
        {
            DropReverse(call, subscriber, publisher);
        }

        bool idle = !call.Subscriptions.Exists(
            s => SubscriptionLinks.Owns(subscriber, s.Subscriber) || SubscriptionLinks.Owns(subscriber, s.Publisher));
        if (idle && subscriber.Kind == MonologueKind.Subscriber)
        {
            call.Remove(subscriber);
        }

        return VerbResult.Commit(NgReplies.Ok());
    }

    private static void DropReverse(CallState call, Monologue subscriber, Monologue? publisher)
    {
        foreach (var other in call.Monologues)
        {
            if (other != subscriber && (publisher is null || other == publisher))
            {
                SubscriptionLinks.Drop(call, other, subscriber);
            }
        }
    }
}
