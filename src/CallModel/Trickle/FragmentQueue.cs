using RtpCluster.Contracts;

namespace RtpCluster.CallModel.Trickle;

/// <summary>Fragments that were faster than the SDP they belong to. They wait for it a little while.</summary>
internal sealed class FragmentQueue
{
    private const int WaitSeconds = 3;
    private const int MaxWaiting = 32;

    private readonly Queue<(Instant Until, TrickleFragment Fragment)> _waiting = new();

    /// <summary>When the first one is given up; null: none waits.</summary>
    public Instant? Expiry => _waiting.TryPeek(out var first) ? first.Until : null;

    /// <summary>Keeps a fragment; with too many the oldest one goes.</summary>
    public void Add(Instant now, TrickleFragment fragment)
    {
        _waiting.Enqueue((now.AddSeconds(WaitSeconds), fragment));
        if (_waiting.Count > MaxWaiting)
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Gives up what has waited too long.</summary>
    public void Tick(Instant now)
    {
        while (Expiry <= now)
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Adds to a call's new state what belongs to it by now.</summary>
    public void Apply(Instant now, CallState state)
    {
        Tick(now);
        for (int i = _waiting.Count; i > 0; i--)
        {
            var waiting = _waiting.Dequeue();
            if (!waiting.Fragment.TryApply(state))
            {
                _waiting.Enqueue(waiting);
            }
        }
    }
}
