namespace RtpCluster.Cluster.Routing;

/// <summary>
/// How many commands run at once at a node: fewer when its threads do not keep up, since more would take the time of what keeps the leases and answers
/// the other nodes, and none would be answered sooner. The others wait in the order they came, and when too many wait the next is refused at once: its
/// client can ask another node. Safe for concurrent use.
/// </summary>
/// <param name="running">Most that run at once; commands that wait for another node or the store are among them.</param>
/// <param name="whenBusy">As many while threads do not keep up.</param>
/// <param name="waiting">Most that wait.</param>
/// <param name="isBusy">Threads do not keep up; null: the thread pool tells.</param>
internal sealed class CommandTurns(int running = 512, int whenBusy = 32, int waiting = 1024, Func<bool>? isBusy = null)
{
    private const int PendingWhenBusy = 128;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _running;

    /// <summary>Waits for a turn; <see cref="Leave"/> must follow. False: too many wait already.</summary>
    public async ValueTask<bool> EnterAsync()
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_waiting.Count == 0 && MayRun())
            {
                _running++;
                return true;
            }

            if (_waiting.Count >= waiting)
            {
                return false;
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        await turn.Task.ConfigureAwait(false);
        return true;
    }

    /// <summary>Ends a turn, which is another one's then.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _running--;
            while (_waiting.Count > 0 && MayRun())
            {
                _running++;
                _waiting.Dequeue().SetResult();
            }
        }
    }

    private bool MayRun() => _running < whenBusy || (_running < running && !(isBusy?.Invoke() ?? ThreadPool.PendingWorkItemCount > PendingWhenBusy));
}
