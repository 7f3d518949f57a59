using System.Diagnostics;

namespace RtpCluster.TestKit;

/// <summary>Waits for a condition of a real process or network: the one place where tests look at the clock.</summary>
public static class Eventually
{
    /// <summary>Looks every few milliseconds until the condition holds.</summary>
    /// <exception cref="TimeoutException">It never did.</exception>
    public static async Task HoldsAsync(Func<bool> condition, TimeSpan limit, Func<string> otherwise)
    {
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > limit)
            {
                throw new TimeoutException(otherwise());
            }

            await pulse.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}
