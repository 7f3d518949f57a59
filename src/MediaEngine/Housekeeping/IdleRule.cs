using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Housekeeping;

/// <summary>Decides whether a call's media has died.</summary>
internal static class IdleRule
{
    /// <summary>
    /// A call lives while any receiving stream is within its limit; when it has no receiving stream, while any stream is. A stream without a
    /// limit never counts, and a call without a counting stream never dies here. Silence counts from the last packet, or from the last offer or
    /// answer (a call that comes back from a long hold has its whole limit again).
    /// </summary>
    public static bool IsIdle(Instant now, CallRuntime call, out IdleReason reason)
    {
        reason = IdleReason.Timeout;
        bool anyReceiving = false;
        foreach (var stream in call.Streams.Values)
        {
            anyReceiving |= stream.Plan.IdleSeconds > 0 && stream.Has(StreamFlags.CountsAsReceiving);
        }

        bool any = false;
        long longest = -1;
        foreach (var stream in call.Streams.Values)
        {
            if (stream.Plan.IdleSeconds <= 0 || (anyReceiving && !stream.Has(StreamFlags.CountsAsReceiving)))
            {
                continue;
            }

            long silent = now - Latest(stream.LastPacket, Latest(call.Plan.Created, call.Plan.LastSignal));
            if (silent <= stream.Plan.IdleSeconds * 1_000_000L)
            {
                return false;
            }

            any = true;
            if (silent > longest)
            {
                longest = silent;
                reason = stream.Plan.IdleReason;
            }
        }

        return any;
    }

    private static Instant Latest(Instant a, Instant b) => a > b ? a : b;
}
