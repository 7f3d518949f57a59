using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Addresses;

/// <summary>The floating addresses of this host, and the media on them. Safe for concurrent use.</summary>
public sealed class FloatingMedia(MediaNode media) : IFloatingMedia, IDisposable
{
    private const int InFlight = 256;
    private readonly LinkAddresses _links = new();

    /// <inheritdoc/>
    public Action<CallId>? PlanTouched
    {
        get => media.PlanTouched;
        set => media.PlanTouched = value;
    }

    /// <inheritdoc/>
    public bool IsPresent(IpAddress address) => _links.Has(address);

    /// <inheritdoc/>
    public bool CanAsk(FloatingAddress address) => _links.TryFind(address.Device, out var device) && device.Mac.Length > 0;

    /// <inheritdoc/>
    public async ValueTask<bool> IsAnsweredAsync(FloatingAddress address, int millis) =>
        // A thread of its own: it blocks, and the pool has few, which have enough to do when a host has just died.
        _links.TryFind(address.Device, out var device) && device.Mac.Length > 0
        && await Task.Factory.StartNew(
            () => LinkSpeaker.IsAnswered(device, address.Address, millis), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public string Raise(FloatingAddress address, int lifeSeconds)
    {
        if (!_links.TryFind(address.Device, out var device))
        {
            return $"there is no device {address.Device}";
        }

        int errno = _links.Set(device.Index, address.Address, lifeSeconds);
        return errno == Errno.None ? string.Empty : $"{address.Address} on {address.Device}: {LibC.Describe(errno)}";
    }

    /// <inheritdoc/>
    public void Lower(FloatingAddress address)
    {
        if (_links.TryFind(address.Device, out var device))
        {
            _links.Remove(device.Index, address.Address);
        }
    }

    /// <inheritdoc/>
    public string Announce(FloatingAddress address)
    {
        // A device without a link address (a tunnel, lo) has no neighbours to tell.
        int errno = _links.TryFind(address.Device, out var device) && device.Mac.Length > 0 ? LinkSpeaker.Announce(device, address.Address) : Errno.None;
        return errno == Errno.None ? string.Empty : $"announcing {address.Address}: {LibC.Describe(errno)}";
    }

    /// <inheritdoc/>
    public async ValueTask<int> InstallAsync(IReadOnlyList<MediaPlan> plans)
    {
        int failed = 0;
        // Calls of the last moment may be missing. Their ports, which look free, are those after the newest call's.
        media.StartFarFrom(plans.MaxBy(p => p.Created)?.Streams ?? []);
        foreach (var address in plans.SelectMany(p => p.Streams).SelectMany(s => s.Locals).Select(l => l.Address).Distinct())
        {
            await media.DropStockAsync(address).ConfigureAwait(false);
        }

        // A command may have us hold more ports while the plans go in.
        await media.AdoptPortsAsync(plans, CancellationToken.None).ConfigureAwait(false);
        foreach (var chunk in plans.Chunk(InFlight))
        {
            bool[] done = await Task.WhenAll(chunk.Select(media.TryInstallAsync)).ConfigureAwait(false);
            failed += done.Count(ok => !ok);
        }

        return failed;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CallId>> EvictAsync(IpAddress address) => media.EvictAsync(address);

    /// <inheritdoc/>
    public IReadOnlyList<CallId> CallsOn(IpAddress address) => media.CallsOn(address);

    /// <inheritdoc/>
    public MediaPlan? Resume(CallId callId) => media.Resume(callId);

    /// <inheritdoc/>
    public void Dispose() => _links.Dispose();
}
