using System.Runtime;

namespace RtpCluster.NodeAgent.Runtime;

/// <summary>Keeps what the .NET runtime does for itself out of the way of packets and commands. Both processes of a node run it.</summary>
public static class RuntimeCare
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Does so until it is stopped.</summary>
    public static async Task RunAsync(CancellationToken stopped)
    {
        var ballast = new HeapBallast(HeapBallast.Sensible);
        // Threads wait for parts of a collection of everything only; the background collector does the rest.
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        var collector = new BackgroundCollector();
        using var timer = new PeriodicTimer(s_interval);
        try
        {
            do
            {
                collector.Tick(Environment.TickCount64);
            }
            while (await timer.WaitForNextTickAsync(stopped).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The stop we were told to wait for.
        }

        GC.KeepAlive(ballast);
    }
}
