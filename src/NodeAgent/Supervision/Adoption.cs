using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.Ports;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>What an adoption did.</summary>
internal sealed record AdoptionReport(int Kept, int Pushed, int Failed, IReadOnlyList<CallInventory> Orphans);

/// <summary>Compares the calls a running media process holds with those of the store, once, and makes the process agree.</summary>
internal sealed class Adoption(IReadOnlyList<CallInventory> held)
{
    private const int InFlight = 256;

    /// <summary>Does it.</summary>
    public async Task<AdoptionReport> RunAsync(
        IReadOnlyList<MediaPlan> fromStore, MediaNode node, CallLedger ledger, PortAllocator ports, CancellationToken cancel)
    {
        var epochs = held.ToDictionary(c => c.CallId, c => c.Epoch);
        int kept = 0, failed = 0;
        foreach (var chunk in fromStore.Chunk(InFlight))
        {
            bool[] results = await Task.WhenAll(chunk.Select(plan => TakeAsync(plan, node, ledger, ports, epochs, cancel))).ConfigureAwait(false);
            failed += results.Count(ok => !ok);
            kept += chunk.Count(plan => epochs.GetValueOrDefault(plan.CallId) == plan.Epoch);
        }

        var known = fromStore.Select(p => p.CallId).ToHashSet();
        return new AdoptionReport(kept, fromStore.Count - kept - failed, failed, [.. held.Where(c => !known.Contains(c.CallId))]);
    }

    private static async Task<bool> TakeAsync(
        MediaPlan plan, MediaNode node, CallLedger ledger, PortAllocator ports, Dictionary<CallId, long> epochs, CancellationToken cancel)
    {
        ports.Adopt(plan.Streams.SelectMany(s => s.Locals));
        long epoch = epochs.GetValueOrDefault(plan.CallId);
        try
        {
            if (epoch > plan.Epoch)
            {
                // The store is right: what it does not know was never answered.
                await node.RemoveAsync(plan.CallId, cancel).ConfigureAwait(false);
            }

            // The same epoch is a no-op for the media and closes ports that were reserved for an answer that never went out.
            await node.ApplyAsync(plan, cancel).ConfigureAwait(false);
            if (epoch == plan.Epoch)
            {
                await LearnAsync(plan.CallId, node, ledger, cancel).ConfigureAwait(false);
            }

            return true;
        }
        catch (MediaNodeException)
        {
            return false;
        }
    }

    /// <summary>What the media process learned while nobody listened.</summary>
    private static async Task LearnAsync(CallId callId, MediaNode node, CallLedger ledger, CancellationToken cancel)
    {
        if (await node.ReadAsync(callId, cancel).ConfigureAwait(false) is not { } statistics)
        {
            return;
        }

        foreach (var stream in statistics.Streams.Where(s => s.Confirmed))
        {
            ledger.Note(new EndpointLearned(callId, stream.Id, stream.Endpoint));
        }
    }
}
