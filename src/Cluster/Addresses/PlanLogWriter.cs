using System.Collections.Concurrent;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Addresses;

/// <summary>
/// Writes what becomes of this node's calls into the logs of their floating addresses, a little later and together. Safe for concurrent use.
/// </summary>
public sealed class PlanLogWriter(NodeRef self, IClusterStore store, IFloatingMedia media)
{
    private const int Batch = 128;
    private readonly ConcurrentDictionary<CallId, bool> _touched = new();
    private readonly ConcurrentDictionary<CallId, IpAddress[]> _written = new();
    private int _busy;

    /// <summary>A call changed. Any thread, never blocks.</summary>
    public void Touch(CallId callId) => _touched[callId] = true;

    /// <summary>All of them are to be written again: the log may have lost them.</summary>
    public void TouchAll(IReadOnlyList<CallId> calls)
    {
        foreach (var call in calls)
        {
            Touch(call);
        }
    }

    /// <summary>Writes what has changed for an address that we have under <paramref name="epoch"/>, unless it is being written.</summary>
    public async ValueTask TickAsync(IpAddress address, long epoch)
    {
        if (_touched.IsEmpty || Interlocked.Exchange(ref _busy, 1) != 0)
        {
            return;
        }

        try
        {
            await FlushAsync(address, epoch).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Writes what has changed now; false: not all of it, and it is tried again.</summary>
    public async ValueTask<bool> FlushAsync(IpAddress address, long epoch)
    {
        bool written = true;
        var batch = new List<LoggedPlan>();
        foreach (var callId in _touched.Keys)
        {
            var plan = media.Resume(callId);
            IpAddress[] on = plan is null ? [] : [.. plan.Streams.SelectMany(s => s.Locals).Select(l => l.Address).Distinct()];
            bool was = _written.TryGetValue(callId, out var before) && before.Contains(address);
            if ((on.Contains(address) || was || on.Length == 0) && _touched.TryRemove(callId, out _))
            {
                if (on.Contains(address) || was)
                {
                    batch.Add(new(callId.Value, on.Contains(address) ? WireJson.Write(plan!) : default(ReadOnlyMemory<byte>)));
                }

                Remember(callId, on);
            }

            if (batch.Count == Batch)
            {
                written &= await WriteAsync(address, epoch, batch).ConfigureAwait(false);
                batch = [];
            }
        }

        return await WriteAsync(address, epoch, batch).ConfigureAwait(false) && written;
    }

    private void Remember(CallId callId, IpAddress[] on)
    {
        if (on.Length == 0)
        {
            _written.TryRemove(callId, out _);
        }
        else
        {
            _written[callId] = on;
        }
    }

    private async ValueTask<bool> WriteAsync(IpAddress address, long epoch, List<LoggedPlan> batch)
    {
        if (batch.Count == 0)
        {
            return true;
        }

        try
        {
            var reply = await store.RunAsync(new AppendPlans(RedisClusterStore.AddressResource + address, self, epoch, batch), CancellationToken.None).ConfigureAwait(false);
            return reply.Outcome == CommitOutcome.Ok;
        }
        catch (StoreUnavailableException)
        {
            batch.ForEach(plan => Touch(new CallId(plan.CallId)));
            return false;
        }
    }
}
