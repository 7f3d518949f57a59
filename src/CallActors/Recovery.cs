using Microsoft.Extensions.Logging;
using RtpCluster.CallModel;
using RtpCluster.Contracts;

namespace RtpCluster.CallActors;

/// <summary>Brings the stored calls back at the start of a node, before the first command is taken.</summary>
public static class Recovery
{
    /// <summary>Restores every call of the store; one that cannot be read is logged and left in the store.</summary>
    /// <returns>The plans of the restored calls, for the media node to adopt.</returns>
    public static async Task<List<MediaPlan>> RestoreAsync(CallRegistry registry, CancellationToken cancel)
    {
        var plans = new List<MediaPlan>();
        var host = registry.Host;
        await foreach (var stored in host.Store.LoadAllAsync(cancel).ConfigureAwait(false))
        {
            try
            {
                var machine = host.Restore(stored);
                if (machine.CurrentPlan() is { } plan)
                {
                    plans.Add(plan);
                }

                registry.Adopt(machine);
            }
            catch (Exception e)
            {
                host.Log.LogError(e, "stored call {CallId} cannot be restored", stored.CallId.Value);
            }
        }

        return plans;
    }
}
