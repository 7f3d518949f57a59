using RtpCluster.Cluster;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Simulation;

/// <summary>A process in virtual time that can be stopped and killed.</summary>
public class SimProcess
{
    private readonly World _world;
    private readonly List<Action> _heldBack = [];
    private bool _stopped;

    protected SimProcess(World world, NodeRef self)
    {
        _world = world;
        Ref = self;
        Time = new ClusterTime(() => world.Now, Delay, () => world.Wall);
    }

    public NodeRef Ref { get; }

    public ClusterTime Time { get; }

    public bool IsAlive { get; protected set; } = true;

    /// <summary>SIGSTOP and SIGCONT.</summary>
    public bool Stopped
    {
        get => _stopped;
        set
        {
            _stopped = value;
            if (!value)
            {
                var held = _heldBack.ToArray();
                _heldBack.Clear();
                foreach (var action in held)
                {
                    Run(action);
                }
            }
        }
    }

    /// <summary>SIGKILL: whatever was awaited never comes back.</summary>
    public void Kill() => IsAlive = false;

    public void Run(Action action)
    {
        if (IsAlive && _stopped)
        {
            _heldBack.Add(action);
        }
        else if (IsAlive)
        {
            action();
        }
    }

    private ValueTask Delay(int millis)
    {
        var source = new TaskCompletionSource();
        _world.At(this, millis, source.SetResult);
        return new ValueTask(source.Task);
    }
}
