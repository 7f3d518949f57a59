using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>Passes facts to the handler; those that come before there is one wait for it. Safe for concurrent use.</summary>
internal sealed class FactRelay
{
    private readonly Lock _lock = new();
    private readonly Queue<MediaFact> _early = new();
    private Action<MediaFact>? _handler;

    /// <summary>Who takes facts; set once. What waited is handed over during the set.</summary>
    public Action<MediaFact>? Handler
    {
        get => _handler;
        set
        {
            lock (_lock)
            {
                _handler = value;
                while (value is not null && _early.TryDequeue(out var fact))
                {
                    value(fact);
                }
            }
        }
    }

    /// <summary>Takes a fact.</summary>
    public void Publish(MediaFact fact)
    {
        lock (_lock)
        {
            if (_handler is { } handler)
            {
                handler(fact);
            }
            else
            {
                _early.Enqueue(fact);
            }
        }
    }
}
