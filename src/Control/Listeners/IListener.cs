namespace RtpCluster.Control.Listeners;

/// <summary>One listening address. Started once, stopped once.</summary>
internal interface IListener : IAsyncDisposable
{
    /// <summary>Binds and starts to serve.</summary>
    /// <exception cref="ListenException">The address cannot be had.</exception>
    Task StartAsync();

    /// <summary>Takes no more requests; running ones can still be answered. Disposal then waits for the last replies and closes.</summary>
    Task StopAsync();
}
