namespace RtpCluster.CallActors;

/// <summary>
/// One at a time, in order of arrival. A message that finds the mailbox idle runs at once on its sender's thread, without a task or a
/// queue; others wait for their turn. An idle mailbox costs one small object.
/// </summary>
internal sealed class Mailbox
{
    private readonly Lock _gate = new();
    private Queue<TaskCompletionSource>? _waiting;
    private bool _busy;

    /// <summary>Waits for our turn. <see cref="Leave"/> must follow when the result is true.</summary>
    /// <param name="bound">Most messages that may wait; when there are as many, the result is false: no turn.</param>
    public async ValueTask<bool> EnterAsync(int bound)
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (!_busy)
            {
                _busy = true;
                return true;
            }

            _waiting ??= new();
            if (_waiting.Count >= bound)
            {
                return false;
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        await turn.Task.ConfigureAwait(false);
        return true;
    }

    /// <summary>Hands the turn to the next message.</summary>
    public void Leave()
    {
        TaskCompletionSource? next = null;
        lock (_gate)
        {
            if (_waiting is null || !_waiting.TryDequeue(out next))
            {
                _busy = false;
                _waiting = null;
            }
        }

        next?.SetResult();
    }
}
