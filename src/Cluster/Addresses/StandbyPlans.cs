using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Addresses;

/// <summary>The plans of the calls on an address that another node has, kept ready from its log. Safe for concurrent use.</summary>
public sealed class StandbyPlans(IClusterStore store, IpAddress address)
{
    private const int FollowMillis = 100;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MediaPlan> _plans = [];
    private LogPosition _position;
    private long _dueAt, _asked, _taken;
    private bool _isRead;

    /// <summary>Plans that are ready.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _plans.Count;
            }
        }
    }

    /// <summary>The log was read since the beginning.</summary>
    public bool IsRead
    {
        get
        {
            lock (_lock)
            {
                return _isRead;
            }
        }
    }

    /// <summary>The plans.</summary>
    public IReadOnlyList<MediaPlan> Plans
    {
        get
        {
            lock (_lock)
            {
                return [.. _plans.Values];
            }
        }
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _plans.Clear();
            _position = default;
            _isRead = false;
            _taken = Volatile.Read(ref _asked); // what is on its way goes on from where we are no more
        }
    }

    /// <summary>Reads what is new, if it is time to.</summary>
    public async ValueTask FollowAsync(long now)
    {
        if (now < _dueAt)
        {
            return;
        }

        _dueAt = now + FollowMillis;
        try
        {
            await CatchUpAsync().ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // It is read when the store is back.
        }
    }

    /// <summary>Reads what is new.</summary>
    /// <exception cref="StoreUnavailableException">No answer.</exception>
    public async ValueTask CatchUpAsync()
    {
        long order = Interlocked.Increment(ref _asked);
        var reply = await store.RunAsync(new ReadPlanLog(RedisClusterStore.AddressResource + address, _position), CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
        {
            // An answer that a later one has overtaken has nothing new. To take an entry twice does no harm.
            if (order > _taken)
            {
                _taken = order;
                _isRead = true;
                Take(reply);
            }
        }
    }

    private void Take(PlanLogReply reply)
    {
        if (reply.Position.Epoch == 0)
        {
            return; // no log: Redis was emptied, and what is known stays until the holder has written anew
        }

        if (reply.IsComplete)
        {
            _plans.Clear();
        }

        _position = reply.Position;
        foreach (var entry in reply.Plans)
        {
            if (WireJson.Read<MediaPlan>(entry.Plan.Span) is { } plan)
            {
                _plans[entry.CallId] = plan;
            }
            else
            {
                _plans.Remove(entry.CallId);
            }
        }
    }
}
