using RtpCluster.NodeAgent.Ipc;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>
/// The place of the one controller. A new one pushes the old one out and is given the facts that nobody was there to take. Any thread.
/// </summary>
internal sealed class ControllerSlot
{
    private const int MaxWaiting = 100_000;

    private readonly Lock _lock = new();
    private readonly Queue<FactMessage> _waiting = new();
    private FrameConnection? _current;

    /// <summary>A controller is connected.</summary>
    public bool IsTaken
    {
        get
        {
            lock (_lock)
            {
                return _current is not null;
            }
        }
    }

    /// <summary>Lets a controller in that has said hello, and sends it what waited. Entering again changes nothing.</summary>
    public void Enter(FrameConnection connection)
    {
        lock (_lock)
        {
            if (connection.HasEnded)
            {
                return;
            }

            if (_current is { } old && old != connection)
            {
                old.Send(MessageKind.Replaced, 0);
                old.Complete();
            }

            _current = connection;
            while (_waiting.TryDequeue(out var fact))
            {
                connection.Send(MessageKind.Fact, 0, fact, Protocol.Default.FactMessage);
            }
        }
    }

    /// <summary>Empties the place, unless somebody else sits there by now.</summary>
    public void Leave(FrameConnection connection)
    {
        lock (_lock)
        {
            if (_current == connection)
            {
                _current = null;
            }
        }
    }

    /// <summary>Passes a fact up, or keeps it for the next controller; the oldest go first when too many wait.</summary>
    public void Publish(FactMessage fact)
    {
        lock (_lock)
        {
            if (_current is { } connection)
            {
                connection.Send(MessageKind.Fact, 0, fact, Protocol.Default.FactMessage);
                return;
            }

            if (_waiting.Count == MaxWaiting)
            {
                _waiting.Dequeue();
            }

            _waiting.Enqueue(fact);
        }
    }
}
