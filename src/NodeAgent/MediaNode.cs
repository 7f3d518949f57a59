using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Ipc;
using RtpCluster.NodeAgent.MediaProcess;
using RtpCluster.NodeAgent.Ports;
using RtpCluster.NodeAgent.Supervision;

namespace RtpCluster.NodeAgent;

/// <summary>
/// This machine's media, for the call actors: keeps the media process running, owns the port pools, and remembers every plan so that a media
/// process that died is replaced by one that does the same on the same ports. Safe for concurrent use.
/// </summary>
public sealed class MediaNode : IMediaNode, IPortSource, IAsyncDisposable
{
    private readonly NodeAgentOptions _options;
    private readonly ILogger _logger;
    private readonly PortAllocator _ports;
    private readonly CallLedger _ledger = new();
    private readonly FactRelay _facts = new();
    private readonly MediaSupervisor _supervisor;
    private readonly CancellationTokenSource _stop = new();
    private Adoption? _adoption;

    private MediaNode(NodeAgentOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<MediaNode>();
        _ports = new PortAllocator(options.Interfaces, options.PortMin, options.PortMax);
        _supervisor = new MediaSupervisor(new MediaProcessLauncher(options, _logger, TakeFact), _logger, RestoreAsync);
    }

    /// <summary>Adopts the running media process of the state directory, or starts one.</summary>
    /// <exception cref="MediaNodeException">The media process does not start.</exception>
    public static async Task<MediaNode> StartAsync(NodeAgentOptions options, ILoggerFactory loggers, CancellationToken cancel)
    {
        var node = new MediaNode(options, loggers);
        var session = await node._supervisor.StartAsync(cancel).ConfigureAwait(false);
        node.PacketTier = session.Hello.Tier;
        await node.CheckKernelAsync(session.Hello).ConfigureAwait(false);
        foreach (var call in session.Hello.Calls)
        {
            node._ports.Adopt(call.Ports);
        }

        node._adoption = new Adoption(session.Hello.Calls);
        return node;
    }

    /// <summary>The packet tier that the media process started with.</summary>
    public string PacketTier { get; private set; } = "";

    /// <summary>The kernel module that forwards; empty: everything is relayed in userspace.</summary>
    public string KernelModule { get; private set; } = "";

    /// <summary>How often the media process died and was replaced (metric <c>media_process_restarts</c>).</summary>
    public long MediaProcessRestarts => _supervisor.Restarts;

    /// <summary>Process id of the media process now.</summary>
    public int MediaProcessId => _supervisor.ProcessId;

    /// <summary>Completes when the calls that the store did not know have been ended.</summary>
    internal Task OrphansEnded { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public IReadOnlyList<PortPoolStatus> PortPools => _ports.Status;

    /// <inheritdoc/>
    public Action<MediaFact>? FactReceived
    {
        get => _facts.Handler;
        set => _facts.Handler = value;
    }

    /// <summary>A call's plan or running state changed, or it ended. Set before the first call; called on any thread, must not block.</summary>
    public Action<CallId>? PlanTouched { get; set; }

    /// <summary>A call's plan with its running state in it; null: no such call.</summary>
    public MediaPlan? Resume(CallId callId) => _ledger.Resume(callId);

    /// <summary>The calls with ports on an address.</summary>
    public IReadOnlyList<CallId> CallsOn(IpAddress address) => _ledger.CallsOn(address);

    /// <summary>
    /// After a start of the node: makes the media process do what the store says. Calls it already has with the same epoch go on untouched,
    /// missing or older ones are pushed, and those the store does not know are ended after <see cref="NodeAgentOptions.OrphanCallSeconds"/>.
    /// </summary>
    /// <param name="fromStore">The newest plan of every stored call that is placed here.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task AdoptAsync(IReadOnlyList<MediaPlan> fromStore, CancellationToken cancel = default)
    {
        var adoption = Interlocked.Exchange(ref _adoption, null) ?? new Adoption([]);
        var report = await adoption.RunAsync(fromStore, this, _ledger, cancel).ConfigureAwait(false);
        _logger.LogInformation(
            "media adopted: {Kept} calls kept, {Pushed} pushed, {Failed} failed, {Orphans} unknown to the store",
            report.Kept, report.Pushed, report.Failed, report.Orphans.Count);
        if (report.Orphans.Count > 0)
        {
            OrphansEnded = EndOrphansAsync(report.Orphans);
        }
    }

    /// <inheritdoc/>
    public bool TryTake(CallId callId, PortRequest request, out ushort first)
    {
        if (!_ports.TryTake(request, out first))
        {
            return false;
        }

        _ledger.Reserve(callId, PortAllocator.Expand(request, first));
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<ushort[]?> ReserveAsync(CallId callId, IReadOnlyList<PortRequest> requests, CancellationToken cancel)
    {
        ushort[] first = new ushort[requests.Count];
        int taken = 0;
        try
        {
            while (taken < first.Length)
            {
                if (_ports.TryTake(requests[taken], out first[taken]))
                {
                    taken++;
                }
                else if (!await RefillAsync(requests[taken], first.Length - taken, cancel).ConfigureAwait(false))
                {
                    return null;
                }
            }
        }
        finally
        {
            for (int i = 0; i < taken && taken < first.Length; i++)
            {
                _ports.PutBack(requests[i], first[i]);
            }
        }

        for (int i = 0; i < first.Length; i++)
        {
            _ledger.Reserve(callId, PortAllocator.Expand(requests[i], first[i]));
        }

        return first;
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(CallId callId, IReadOnlyList<NetEndpoint> ports, CancellationToken cancel) =>
        DropAsync(_ledger.Release(callId, ports), cancel);

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(MediaPlan plan, CancellationToken cancel)
    {
        // A call that comes from another node brings ports that nobody took here.
        if (!_ledger.Contains(plan.CallId))
        {
            await AdoptPortsAsync([plan], cancel).ConfigureAwait(false);
        }

        // Recorded first: when the media process dies now, the next one starts with this plan and the second push finds it there.
        var gone = _ledger.Take(plan);
        PlanTouched?.Invoke(plan.CallId);
        await PushAsync(plan, cancel).ConfigureAwait(false);
        _ports.Free(Clock.Now, gone.Planned);
        await DropAsync(gone.Reserved, cancel).ConfigureAwait(false);
        if (_ports.TryFindLow(out var shelf))
        {
            _ = RestockAsync(shelf);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CallStatistics?> RemoveAsync(CallId callId, CancellationToken cancel)
    {
        var gone = _ledger.Remove(callId);
        PlanTouched?.Invoke(callId);
        var reply = await _supervisor.RequestAsync(
            MessageKind.Remove, new CallRequest(callId), Protocol.Default.CallRequest, Protocol.Default.StatisticsReply, cancel).ConfigureAwait(false);
        _ports.Free(Clock.Now, gone.Planned);
        await DropAsync(gone.Reserved, cancel).ConfigureAwait(false);
        return reply.Statistics;
    }

    /// <inheritdoc/>
    public async ValueTask<CallStatistics?> ReadAsync(CallId callId, CancellationToken cancel) =>
        (await _supervisor.RequestAsync(
            MessageKind.Read, new CallRequest(callId), Protocol.Default.CallRequest, Protocol.Default.StatisticsReply, cancel).ConfigureAwait(false))
        .Statistics;

    /// <inheritdoc/>
    public ValueTask<MediaTotals> ReadTotalsAsync(CancellationToken cancel) =>
        _supervisor.RequestAsync<ErrorReply, MediaTotals>(MessageKind.Totals, null, null, Protocol.Default.MediaTotals, cancel);

    /// <summary>Stops the media process too, unless <see cref="NodeAgentOptions.KeepMediaOnStop"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _supervisor.StopAsync(_options.KeepMediaOnStop).ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Puts the plan of a call in force that was another node's, on the same ports; false: it could not. A plan that is here already stays.</summary>
    internal async Task<bool> TryInstallAsync(MediaPlan plan)
    {
        try
        {
            await ApplyAsync(plan, _stop.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is MediaNodeException or OperationCanceledException)
        {
            _logger.LogError("call {CallId} is not taken over: {Reason}", plan.CallId, e.Message);
            return false;
        }
    }

    /// <summary>Strikes the ports of calls that come from the store or another node off those for calls to come: all of them, before the first plan is pushed.</summary>
    internal ValueTask AdoptPortsAsync(IEnumerable<MediaPlan> plans, CancellationToken cancel) =>
        DropAsync(_ports.Adopt([.. plans.SelectMany(p => p.Streams).SelectMany(s => s.Locals)]), cancel);

    /// <summary>New calls get ports that are far from those of these streams.</summary>
    internal void StartFarFrom(IEnumerable<StreamPlan> streams) => _ports.StartFarFrom(streams.SelectMany(s => s.Locals));

    /// <summary>Gives up the ports of an address that are held for calls to come: who had the address before us gave out ports without asking.</summary>
    internal ValueTask DropStockAsync(IpAddress address) => DropAsync(_ports.TakeStock(address), _stop.Token);

    /// <summary>Ends the media of every call with ports on an address that is another node's now, and gives up the ports held there; returns the calls.</summary>
    internal async ValueTask<IReadOnlyList<CallId>> EvictAsync(IpAddress address)
    {
        var calls = _ledger.CallsOn(address);
        try
        {
            await Task.WhenAll(calls.Select(id => RemoveAsync(id, _stop.Token).AsTask())).ConfigureAwait(false);
            await DropStockAsync(address).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MediaNodeException or OperationCanceledException)
        {
            _logger.LogWarning("media on {Address} is not ended: {Reason}", address, e.Message);
        }

        return calls;
    }

    /// <summary>Leaves the media process as a crash would; for tests.</summary>
    internal ValueTask AbandonAsync() => _supervisor.StopAsync(keepMedia: true);

    internal async Task PushAsync(MediaPlan plan, CancellationToken cancel)
    {
        var reply = await _supervisor.RequestAsync(
            MessageKind.Apply, plan, Protocol.Default.MediaPlan, Protocol.Default.ApplyReply, cancel).ConfigureAwait(false);
        if (reply.Result == nameof(RtpCluster.MediaEngine.PlanResult.Stale))
        {
            throw new MediaNodeException($"plan {plan.Epoch} of {plan.CallId} is older than the one in force");
        }

        if (reply.Refused.Length > 0)
        {
            throw new MediaNodeException($"plan {plan.Epoch} of {plan.CallId}: cannot bind {reply.Refused[0]}: {LibC.Describe(reply.Errno)}");
        }
    }

    /// <summary>Says once how the kernel takes part, and refuses to go on without it when that was asked for.</summary>
    private async ValueTask CheckKernelAsync(HelloReply hello)
    {
        KernelModule = hello.Kernel;
        if (_options.KernelTable < 0)
        {
            return;
        }

        if (hello.Kernel.Length > 0)
        {
            _logger.LogInformation("kernel forwarding: table {Table}, {Module}", _options.KernelTable, hello.Kernel);
            return;
        }

        string reason = hello.KernelReason.Length > 0 ? hello.KernelReason : "the running media process was started without it";
        if (_options.NoFallback)
        {
            await _supervisor.StopAsync(keepMedia: hello.Calls.Length > 0).ConfigureAwait(false);
            throw new MediaNodeException($"no kernel forwarding and no-fallback is set: {reason}");
        }

        _logger.LogWarning("no kernel forwarding, every packet is relayed in userspace: {Reason}", reason);
    }

    /// <summary>Gives up ports that the media process holds for no plan.</summary>
    private async ValueTask DropAsync(IReadOnlyList<NetEndpoint> ports, CancellationToken cancel)
    {
        if (ports.Count > 0)
        {
            await _supervisor.RequestAsync(
                MessageKind.Drop, new PortsRequest([.. ports]), Protocol.Default.PortsRequest, Protocol.Default.HoldReply, cancel).ConfigureAwait(false);
            _ports.Free(Clock.Now, ports);
        }
    }

    /// <summary>Has the media process hold more ports. False: none is left, or it may open no more files.</summary>
    private async ValueTask<bool> RefillAsync(PortRequest request, int needed, CancellationToken cancel)
    {
        var firsts = _ports.BeginRefill(Clock.Now, request, needed);
        if (firsts.Count == 0)
        {
            return _ports.TrySplitPair(request);
        }

        NetEndpoint[] ports = [.. firsts.SelectMany(first => PortAllocator.Expand(request, first))];
        HoldReply reply;
        try
        {
            reply = await _supervisor.RequestAsync(
                MessageKind.Hold, new PortsRequest(ports), Protocol.Default.PortsRequest, Protocol.Default.HoldReply, cancel).ConfigureAwait(false);
        }
        catch
        {
            _ports.AbortRefill(Clock.Now, request, firsts);
            throw;
        }

        await DropAsync(_ports.EndRefill(Clock.Now, request, firsts, reply.Refused), cancel).ConfigureAwait(false);
        if (reply.Errno == Errno.TooManyFiles)
        {
            _logger.LogError("the media process has too many open files: raise the limit (ulimit -n) or use the sk_lookup tier");
            return reply.Refused.Length < ports.Length;
        }

        return reply.Errno is Errno.None or Errno.AddressInUse
            ? true
            : throw new MediaNodeException($"cannot bind {reply.Refused[0]}: {LibC.Describe(reply.Errno)}");
    }

    private async Task RestockAsync(PortRequest shelf)
    {
        try
        {
            await RefillAsync(shelf, 0, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or MediaNodeException)
        {
            // Nobody waits for these ports: a command that does is told why there are none.
        }
    }

    private void TakeFact(MediaFact fact)
    {
        _ledger.Note(fact);
        PlanTouched?.Invoke(fact.CallId);
        _facts.Publish(fact);
    }

    /// <summary>Gives a fresh media process every call back. Many requests in flight, no more tasks than calls.</summary>
    private async Task RestoreAsync(MediaLink link)
    {
        var clock = Stopwatch.StartNew();
        var (plans, reserved) = _ledger.Resume();
        var requests = plans.ConvertAll(
            plan => (plan.CallId, Reply: link.RequestAsync(MessageKind.Apply, plan, Protocol.Default.MediaPlan, Protocol.Default.ApplyReply)));
        await HoldAgainAsync(link, [.. reserved, .. _ports.Stocked]).ConfigureAwait(false);
        int failed = 0;
        foreach (var (callId, pending) in requests)
        {
            try
            {
                var reply = await pending.ConfigureAwait(false);
                if (reply.Refused.Length > 0)
                {
                    failed++;
                    _logger.LogError("call {CallId}: cannot bind {Port} again: {Error}", callId, reply.Refused[0], LibC.Describe(reply.Errno));
                }
            }
            catch (MediaNodeException e)
            {
                failed++;
                _logger.LogError("call {CallId} is not restored: {Reason}", callId, e.Message);
            }
        }

        _logger.LogWarning("media restored: {Calls} calls on their ports in {Millis} ms, {Failed} failed", plans.Count, clock.ElapsedMilliseconds, failed);
    }

    private async Task HoldAgainAsync(MediaLink link, NetEndpoint[] ports)
    {
        if (ports.Length == 0)
        {
            return;
        }

        var reply = await link.RequestAsync(
            MessageKind.Hold, new PortsRequest(ports), Protocol.Default.PortsRequest, Protocol.Default.HoldReply).ConfigureAwait(false);
        if (reply.Refused.Length > 0 && _ports.Lose(Clock.Now, reply.Refused) is { Count: > 0 } mates)
        {
            await link.RequestAsync(
                MessageKind.Drop, new PortsRequest([.. mates]), Protocol.Default.PortsRequest, Protocol.Default.HoldReply).ConfigureAwait(false);
        }
    }

    private async Task EndOrphansAsync(IReadOnlyList<CallInventory> orphans)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(_options.OrphanCallSeconds), _stop.Token).ConfigureAwait(false);
            foreach (var orphan in orphans.Where(o => !_ledger.Contains(o.CallId)))
            {
                await RemoveAsync(orphan.CallId, _stop.Token).ConfigureAwait(false);
                _ports.Free(Clock.Now, orphan.Ports);
                _logger.LogWarning("call {CallId} is unknown to the store: its media ended", orphan.CallId);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or MediaNodeException)
        {
            // Stopping, or the process that held them died: nothing is left to end.
        }
    }
}
