namespace RtpCluster.Control.Listeners;

/// <summary>The requests of one connection that still run, bounded: beyond the bound the connection is not read. For one reader.</summary>
internal sealed class RunningRequests
{
    /// <summary>Requests of one connection at once.</summary>
    private const int Max = 256;

    private readonly HashSet<Task> _tasks = [];

    /// <summary>Notes a request; a finished one is forgotten at once.</summary>
    public void Add(Task task)
    {
        if (!task.IsCompleted)
        {
            _tasks.Add(task);
        }
    }

    /// <summary>Returns when there is room for another.</summary>
    public async ValueTask ThrottleAsync()
    {
        if (_tasks.Count > 0)
        {
            _tasks.RemoveWhere(task => task.IsCompleted);
        }

        while (_tasks.Count >= Max)
        {
            _tasks.Remove(await Task.WhenAny(_tasks).ConfigureAwait(false));
        }
    }

    /// <summary>Returns when all have ended.</summary>
    public Task WhenAllAsync() => Task.WhenAll(_tasks);
}
