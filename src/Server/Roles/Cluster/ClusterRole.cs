using System.Net;
using Microsoft.Extensions.Logging;
using RtpCluster.CallActors;
using RtpCluster.CallModel;
using RtpCluster.Cluster;
using RtpCluster.Cluster.Addresses;
using RtpCluster.Cluster.Agents;
using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Routing;
using RtpCluster.Cluster.Storage;
using RtpCluster.Cluster.Wire;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.NodeAgent;
using RtpCluster.NodeAgent.Addresses;
using RtpCluster.Server.Cli;
using RtpCluster.Server.Options;
using RtpCluster.Telemetry.Logging;

namespace RtpCluster.Server.Roles.Cluster;

/// <summary>
/// Makes a node a member of a cluster: its calls are those of the shards it owns, its media is at anybody's service who shows a valid fence.
/// </summary>
internal sealed class ClusterRole : IAsyncDisposable
{
    private const int TickMillis = 25, AddressTickMillis = 20, DeadExitCode = 3, FactAttempts = 6, FactRetryMillis = 500;
    private static readonly TimeSpan s_handOverLimit = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan s_adoptAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_claimLimit = TimeSpan.FromSeconds(30);

    private readonly ClusterOptions _options;
    private readonly CallConfig _config;
    private readonly MediaNode _media;
    private readonly ILogger _log;
    private readonly RedisClusterStore _redis;
    private readonly SecretSealer _sealer;
    private readonly MediaDirectory _directory = new();
    private readonly FencedAgent _agent;
    private readonly PeerService _service;
    private readonly HttpPeers _peers;
    private readonly PeerServer _server;
    private readonly OwnerHost _host;
    private readonly RegistryRestorer _restorer;
    private readonly MediaRouter _router;
    private readonly FloatingMedia _floating;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _finished = new();
    private volatile bool _exitWhenEmpty;
    private Task _ticking = Task.CompletedTask;
    private MembersReply? _seen;
    private volatile bool _stopping;

    /// <summary>Puts the parts together; nothing runs yet.</summary>
    /// <exception cref="IOException">The key file cannot be read.</exception>
    public ClusterRole(ClusterOptions options, CallConfig config, CertificateFile ownCertificate, MediaNode media, NodeLog log)
    {
        _options = options;
        _config = config;
        _media = media;
        _log = log.Factory.CreateLogger("RtpCluster.Cluster");
        _sealer = SecretSealer.FromFile(options.KeyFile);
        var self = new NodeRef(options.NodeId, SystemClock.Now().Micros);
        _redis = new RedisClusterStore(options.Redis, options.Name, _sealer, _log);
        Certificate = new ClusterCertificate(_redis, ownCertificate, _log);
        _agent = new FencedAgent(media, ClusterTime.System);
        _service = new PeerService(self, _agent);
        _peers = new HttpPeers(_service, _directory, options.Timers, _sealer.PeerSecret, options.Tls, _log);
        _server = new PeerServer(new IPEndPoint(IPAddress.Parse(options.Listen.Address.ToString()), options.Listen.Port), _service, _sealer.PeerSecret, options.Tls, log.Factory);
        _restorer = new RegistryRestorer(_log);
        _host = new OwnerHost(_restorer, _directory, ClusterTime.System, _log);
        _floating = new FloatingMedia(media);
        Addresses = new AddressKeeper(
            self, options.Addresses, options.AddressTimers, _redis, _peers, _floating, _directory, ClusterTime.System, log.Factory.CreateLogger("RtpCluster.Address"));
        Node = new ClusterNode(self, options.Timers, _redis, _peers, _host, ClusterTime.System, _log)
        {
            Info = () => new MemberInfo(options.Advertise, MediaDirectory.Write(config.Interfaces, Addresses.Holds), _agent.Calls, options.Labels),
            Dead = () => Environment.Exit(DeadExitCode),
        };
        Calls = new OwnedCalls(Node, _redis, _peers, _directory, ClusterTime.System);
        _host.Attach(Node, Calls);
        Addresses.IsAnyReachable = () => Node.IsAnyReachable;
        Addresses.Evicted = _agent.Forget;
        _agent.UseOf = Addresses.UseOf;
        Addresses.Moved = FollowAddress;
        _router = new MediaRouter(Node, Calls, _directory, () => media.PortPools);
    }

    /// <summary>The DTLS certificate of new calls.</summary>
    public ClusterCertificate Certificate { get; }

    /// <summary>The media process outlives a stop and its floating addresses stay, for the next process of this node.</summary>
    public bool KeepsMedia { get; init; }

    /// <summary>The floating addresses.</summary>
    public AddressKeeper Addresses { get; }

    /// <summary>This member.</summary>
    public ClusterNode Node { get; }

    /// <summary>The calls of its shards.</summary>
    public OwnedCalls Calls { get; }

    /// <summary>Media of its calls, wherever it is.</summary>
    public IMediaNode Media => _router;

    /// <summary>Calls whose media this node carries.</summary>
    public int MediaCalls => _agent.Calls;

    /// <summary>Requests of former owners that its media refused.</summary>
    public long RefusedRequests => _agent.Refused;

    /// <summary>Cancelled when a node that was told to leave has nothing left: it may end.</summary>
    public CancellationToken Finished => _finished.Token;

    /// <summary>The store, for its figures.</summary>
    public RedisClusterStore Store => _redis;

    /// <summary>Redis answers.</summary>
    public bool IsStoreConnected => _redis.IsConnected;

    /// <summary>The options of a new call: those of the node that is to carry its media.</summary>
    public CallConfig ConfigForNew(NgCommand command)
    {
        var media = _directory.Choose(Node.Self, command.FromInterface, command.ToInterface);
        return With(_directory.InterfacesOf(media));
    }

    /// <summary>The options of a stored call: those of the node that carries its media; while that node is away the call keeps its addresses.</summary>
    public CallConfig ConfigForStored(CallState state)
    {
        var address = state.Medias().FirstOrDefault(m => m.Ports is not null)?.Ports!.Address ?? IpAddress.None;
        if (address == IpAddress.None)
        {
            return _config;
        }

        var known = _directory.InterfacesAt(address);
        return With(known.Count > 0 ? Prefer(known, state) : InterfacesOf(state));
    }

    /// <summary>Joins the calls to the cluster; returns what takes the clients' commands.</summary>
    public INgHandler Attach(CallRegistry registry, NgTemplates templates)
    {
        _restorer.Registry = registry;
        var router = new ClusterRouter(Node, registry, _redis, _peers, ClusterTime.System, _options.Timers, templates, _log);
        _host.Answered = router.Remember;
        _service.Command = router.HandleRemoteAsync;
        _service.Probe = node => _peers.ProbeAsync(node, NodeRef.None);
        _service.Heard = Node.Heard;
        _service.Fact = TakeFact;
        _service.Ask = async line => ClusterCommands.MayBeAsked(line) ? await registry.Cli!.ExecuteAsync(line, CancellationToken.None) : string.Empty;
        _service.LeaveAddress = Addresses.FenceAsync;
        _media.FactReceived = fact => _ = RouteAsync(fact);
        return router;
    }

    /// <summary>Runs a reading line of the operator's at every living member.</summary>
    public async Task<IReadOnlyList<(NodeRef Node, string? Text)>> AskAllAsync(string line)
    {
        var members = Node.View?.Members.Where(m => m.State != MemberState.Dead).Select(m => m.Node) ?? [Node.Self];
        return await Task.WhenAll(members.Select(async member => (member, await _peers.AskAsync(member, line))));
    }

    /// <summary>Gives everything away; with <paramref name="exit"/> the process ends when no media is left here.</summary>
    public void Drain(bool exit)
    {
        _exitWhenEmpty |= exit;
        Node.Drain();
    }

    /// <summary>Begins to be a member.</summary>
    public async Task StartAsync()
    {
        await _server.StartAsync();
        _log.LogInformation("{Node} joins cluster {Cluster} at {Address}", Node.Self, _options.Name, _options.Listen);
        _ticking = Task.WhenAll(Task.Run(() => EveryAsync(TickMillis, TickNode)), Task.Run(() => EveryAsync(AddressTickMillis, TickAddresses)));
        _ = AdoptAsync();
        _ = Certificate.RunAsync(_stop.Token);
    }

    private bool HasShards => Node.Shards().Any(s => s.Token != default);

    /// <summary>A call as the store has it, its secrets sealed; null: no such call.</summary>
    public async ValueTask<CallEntry?> ReadAsync(string callId, CancellationToken cancel)
    {
        string resource = Node.ShardOf(callId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var reply = await _redis.RunAsync(new ReadCall(resource, callId), cancel);
        return reply.Calls.Count == 0 ? null : reply.Calls[0] with { State = _sealer.Seal(callId, reply.Calls[0].State) };
    }

    /// <summary>Gives the shards away and leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        Node.Drain();
        long until = Environment.TickCount64 + (long)s_handOverLimit.TotalMilliseconds;
        while (Environment.TickCount64 < until && (HasShards || (!KeepsMedia && Addresses.HoldsAny)))
        {
            await Task.Delay(TickMillis);
        }

        await (KeepsMedia ? ValueTask.CompletedTask : Addresses.LeaveAsync());
        await _stop.CancelAsync();
        await _ticking;
        // The media is at everybody's service until here.
        try
        {
            await _redis.RunAsync(new Heartbeat(Node.Self, MemberState.Dead, Node.Info()), CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The others find out by themselves.
        }

        await _server.DisposeAsync();
        _peers.Dispose();
        _floating.Dispose();
        await _redis.DisposeAsync();
        _stop.Dispose();
        _finished.Dispose();
    }

    private static IReadOnlyList<LocalInterface> InterfacesOf(CallState state) =>
        [.. state.Medias().Where(m => m.Ports is not null).Select(m => new LocalInterface(m.Interface ?? "default", m.Ports!.Address, m.Ports.Advertised)).Distinct()];

    // A node may have several addresses of one logical interface, its own and those it took over: a call stays on its own.
    private static IReadOnlyList<LocalInterface> Prefer(IReadOnlyList<LocalInterface> interfaces, CallState state)
    {
        var used = state.Medias().Where(m => m.Ports is not null).Select(m => m.Ports!.Address).ToHashSet();
        return [.. interfaces.GroupBy(i => i.Name).SelectMany(g => g.OrderBy(i => used.Contains(i.Address) ? 0 : 1))];
    }

    private CallConfig With(IReadOnlyList<LocalInterface> interfaces) => interfaces.Count == 0 ? _config : _config with { Interfaces = interfaces };

    private void TickNode()
    {
        Node.Tick();
        if (_exitWhenEmpty && _agent.Calls == 0 && !HasShards && !Addresses.HoldsAny)
        {
            _log.LogInformation("drained and no media is left here: this process ends");
            _exitWhenEmpty = false;
            _finished.Cancel();
        }
    }

    private void TickAddresses()
    {
        if (Node.View is { } view && !ReferenceEquals(view, _seen))
        {
            _seen = view;
            Addresses.SetView(view, Node.Draining && !(_stopping && KeepsMedia));
        }

        Addresses.Tick();
    }

    /// <summary>An address moved: its calls get their plans where it is now, and everybody hears of it. Calls that nobody claims there end.</summary>
    private void FollowAddress(IpAddress address, NodeRef holder)
    {
        _ = _host.FollowAsync();
        if (holder == Node.Self)
        {
            Node.Hint();
            _ = EndUnclaimedAsync(address);
        }
    }

    private async Task EndUnclaimedAsync(IpAddress address)
    {
        await Task.Delay(s_claimLimit);
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        foreach (var call in _floating.CallsOn(address).Where(c => _agent.ShardOf(c.Value) is null))
        {
            _log.LogWarning("call {CallId} came with {Address} and nobody claims it: its media ends", call.Value, address);
            await _media.RemoveAsync(call, CancellationToken.None);
        }
    }

    private async Task EveryAsync(int millis, Action act)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(millis));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                act();
            }
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
    }

    // Calls of the media process that no owner claims end. Owners claim theirs as soon as they see this process, so there is time.
    private async Task AdoptAsync()
    {
        try
        {
            while (Node.View is null)
            {
                await Task.Delay(TickMillis, _stop.Token);
            }

            await Task.Delay(s_adoptAfter, _stop.Token);
            await _media.AdoptAsync([], _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
    }

    private bool TakeFact(MediaFact fact)
    {
        if (Node.TokenOf(Node.ShardOf(fact.CallId.Value)) is null)
        {
            return false;
        }

        _router.FactReceived?.Invoke(fact);
        return true;
    }

    private async Task RouteAsync(MediaFact fact)
    {
        for (int i = 0; i < FactAttempts && !_stop.IsCancellationRequested; i++)
        {
            var owner = Node.OwnerOf(Node.ShardOf(fact.CallId.Value));
            if (TakeFact(fact) || (!owner.IsNone && owner != Node.Self && await _peers.FactAsync(owner, fact)))
            {
                return;
            }

            await Task.Delay(FactRetryMillis);
        }

        _log.LogWarning("nobody took {Fact} of call {CallId}", fact.GetType().Name, fact.CallId.Value);
    }

    private sealed class RegistryRestorer(ILogger log) : ICallRestorer
    {
        public CallRegistry? Registry { get; set; }

        public MediaPlan? Restore(StoredCall call) => Try(call, Registry!.Restore);

        public void RestoreLater(CallId callId) => Registry!.RestoreLater(callId);

        public MediaPlan? PlanOf(StoredCall call) => Try(call, Registry!.PlanOf);

        public void Forget(Predicate<CallId> calls) => Registry!.Evict(calls);

        private MediaPlan? Try(StoredCall call, Func<StoredCall, MediaPlan?> act)
        {
            try
            {
                return act(call);
            }
            catch (FormatException e)
            {
                log.LogError(e, "stored call {CallId} cannot be restored", call.CallId.Value);
                return null;
            }
        }
    }
}
