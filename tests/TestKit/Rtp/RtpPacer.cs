namespace RtpCluster.TestKit.Rtp;

/// <summary>Gives every peer its 20 ms tick and a report each second. Disposing stops the pace.</summary>
public sealed class RtpPacer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<RtpPeer> _peers = [];
    private readonly Task _loop;

    /// <summary>Starts ticking.</summary>
    public RtpPacer() => _loop = Task.Run(LoopAsync);

    /// <summary>Takes a peer into the pace.</summary>
    public void Add(RtpPeer peer)
    {
        lock (_peers)
        {
            _peers.Add(peer);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        int tick = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                RtpPeer[] peers;
                lock (_peers)
                {
                    peers = [.. _peers];
                }

                foreach (var peer in peers)
                {
                    peer.Tick();
                    if (tick % 40 == 20)
                    {
                        peer.Report();
                    }
                }

                tick++;
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
