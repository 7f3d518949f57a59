using RtpCluster.Contracts;

namespace RtpCluster.CallModel;

/// <summary>The named deadlines of a call: final timeout, delete of the call, delete of a monologue, save of facts.</summary>
internal static class CallDeadlines
{
    /// <summary>The earliest deadline; null: none. <paramref name="other"/>: one that does not depend on the state.</summary>
    public static Instant? Next(CallState? state, CallConfig config, Instant? saveAt, Instant? other)
    {
        if (state is null)
        {
            return other;
        }

        var next = Earlier(Earlier(saveAt, other), Earlier(state.DeleteAt, FinalTimeout(state, config)));
        foreach (var monologue in state.Monologues)
        {
            next = Earlier(next, monologue.DeleteAt);
        }

        return next;
    }

    /// <summary>Why the call is over at <paramref name="now"/>; null: it is not.</summary>
    public static CallEndReason? Expired(CallState state, CallConfig config, Instant now)
    {
        if (state.DeleteAt is { } delete && delete <= now)
        {
            return CallEndReason.Regular;
        }

        return FinalTimeout(state, config) is { } final && final <= now ? CallEndReason.FinalTimeout : null;
    }

    /// <summary>Removes monologues whose delete is due; false: none was.</summary>
    public static bool PurgeMonologues(CallState state, Instant now)
    {
        var due = state.Monologues.FindAll(m => m.DeleteAt is { } at && at <= now);
        due.ForEach(state.Remove);
        return due.Count > 0;
    }

    private static Instant? FinalTimeout(CallState state, CallConfig config) =>
        config.FinalTimeout > 0 ? state.Created.AddSeconds(config.FinalTimeout) : null;

    private static Instant? Earlier(Instant? a, Instant? b) => a is null ? b : b is null || a < b ? a : b;
}
