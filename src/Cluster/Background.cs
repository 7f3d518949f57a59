using Microsoft.Extensions.Logging;

namespace RtpCluster.Cluster;

/// <summary>Steps that nobody waits for.</summary>
internal static class Background
{
    /// <summary>Lets a step run; the machine that wanted it tries again, so a failure is only told.</summary>
    /// <param name="work">The step.</param>
    /// <param name="log">Where a failure is told.</param>
    /// <param name="of">Whose step it is.</param>
    public static async void Forget(ValueTask work, ILogger log, string of)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody else would hear of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogError(e, "a step of {Of} failed", of);
        }
    }
}
