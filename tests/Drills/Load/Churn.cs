namespace RtpCluster.Drills.Load;

/// <summary>New calls at a steady rate, each offered, answered and, two seconds later, deleted, at any nodes. Disposing ends them all.</summary>
public sealed class Churn : IAsyncDisposable
{
    private const int PerSecond = 20, HoldMillis = 2000;
    private readonly int[] _nodes;
    private readonly Func<string, WatchedCall> _make;
    private readonly List<Task> _calls = [];
    private readonly Task _running;
    private volatile bool _stop;

    /// <summary>Begins.</summary>
    /// <param name="nodes">Whom to ask, in turns.</param>
    /// <param name="make">Makes a call with a call-id.</param>
    public Churn(int[] nodes, Func<string, WatchedCall> make)
    {
        _nodes = nodes;
        _make = make;
        _running = RunAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stop = true;
        await _running;
        await Task.WhenAll(_calls);
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1000.0 / PerSecond));
        for (int i = 0; !_stop; i++)
        {
            await timer.WaitForNextTickAsync();
            _calls.Add(LiveAsync(i));
        }
    }

    private async Task LiveAsync(int number)
    {
        var call = _make($"new-{number}-{Guid.NewGuid():N}");
        if (await call.PlaceAsync(From(number), From(number + 1)))
        {
            await Task.Delay(HoldMillis);
        }

        await call.DeleteAsync(From(number + 2));
    }

    private int[] From(int first) => [.. _nodes.Select((_, i) => _nodes[(first + i) % _nodes.Length])];
}
