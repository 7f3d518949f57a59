using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ipc;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>What an adoption did.</summary>
internal sealed record AdoptionReport(int Kept, int Pushed, int Failed, IReadOnlyList<CallInventory> Orphans);

/// <summary>Compares the calls a running media process holds with those of the store, once, and makes the process agree.</summary>
internal sealed class Adoption(IReadOnlyList<CallInventory> held)
{
    private const int InFlight = 256;

    /// <summary>Does it.</summary>
    public async Task<AdoptionReport> RunAsync(
        IReadOnlyList<MediaPlan> fromStore, MediaNode node, CallLedger ledger, CancellationToken cancel)
    {
        var calls = held.ToDictionary(c => c.CallId);
        int kept = 0, failed = 0;
        await node.AdoptPortsAsync(fromStore, cancel).ConfigureAwait(false);
        foreach (var chunk in fromStore.Chunk(InFlight))
        {
            bool[] results = await Task.WhenAll(chunk.Select(plan => TakeAsync(plan, node, ledger, calls, cancel))).ConfigureAwait(false);
            failed += results.Count(ok => !ok);
            kept += chunk.Count(plan => calls.GetValueOrDefault(plan.CallId)?.Epoch == plan.Epoch);
        }

        var known = fromStore.Select(p => p.CallId).ToHashSet();
        return new AdoptionReport(kept, fromStore.Count - kept - failed, failed, [.. held.Where(c => !known.Contains(c.CallId))]);
    }

    private static async Task<bool> TakeAsync(
        MediaPlan plan, MediaNode node, CallLedger ledger, Dictionary<CallId, CallInventory> calls, CancellationToken cancel)
    {
        calls.TryGetValue(plan.CallId, out var call);
        try
        {
            if (call?.Epoch > plan.Epoch)
            {
                // The store is right: what it does not know was never answered.
                await node.RemoveAsync(plan.CallId, cancel).ConfigureAwait(false);
            }

            // The same epoch is a no-op for the media and closes ports that were reserved for an answer that never went out.
            await node.ApplyAsync(plan, cancel).ConfigureAwait(false);
            if (call?.Epoch == plan.Epoch)
            {
                // What the media process found out while nobody listened. Of another epoch it could belong to other keys.
                Array.ForEach(call.Facts, f => ledger.Note(f.Open()!));
            }

            return true;
        }
        catch (MediaNodeException)
        {
            return false;
        }
    }
}
