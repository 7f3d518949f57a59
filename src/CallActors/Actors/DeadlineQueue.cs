using RtpCluster.Contracts;

namespace RtpCluster.CallActors;

/// <summary>
/// One queue of deadlines for all calls of a node instead of a timer per call. An actor has at most one entry that counts, the earliest; an
/// entry that fires too early (the deadline moved) makes the actor look and schedule itself again. Safe for concurrent use.
/// </summary>
internal sealed class DeadlineQueue
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<CallActor, long> _queue = new();

    /// <summary>Makes sure the actor is woken no later than <paramref name="deadline"/>; null: it waits for nothing.</summary>
    public void Schedule(CallActor actor, Instant? deadline)
    {
        if (deadline is not { } at)
        {
            return;
        }

        lock (_gate)
        {
            if (actor.WakesAt != 0 && actor.WakesAt <= at.Micros)
            {
                return;
            }

            actor.WakesAt = at.Micros;
            _queue.Enqueue(actor, at.Micros);
        }
    }

    /// <summary>Takes out everybody who is due.</summary>
    public List<CallActor> TakeDue(Instant now)
    {
        var due = new List<CallActor>();
        lock (_gate)
        {
            while (_queue.TryPeek(out var actor, out long at) && at <= now.Micros)
            {
                _queue.Dequeue();
                // An entry that an earlier one has overtaken no longer counts.
                if (actor.WakesAt == at)
                {
                    actor.WakesAt = 0;
                    due.Add(actor);
                }
            }
        }

        return due;
    }
}
