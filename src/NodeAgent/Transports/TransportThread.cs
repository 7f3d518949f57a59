using System.Collections.Concurrent;
using System.Security.Cryptography;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.MediaEngine.Transports;
using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.NodeAgent.Transports;

/// <summary>
/// The media process's slow path: one thread that runs ICE and DTLS for all reactors, so that a handshake (over a millisecond of CPU) delays no
/// RTP packet. Packets come in by the reactors' rings; what it sends and finds goes back to them as commands.
/// </summary>
internal sealed class TransportThread : IDisposable
{
    private const int IdleMillis = 1000;

    private readonly ConcurrentQueue<Action<TransportEngine>> _commands = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TransportEngine _engine;
    private readonly HashSet<CallId> _known = [];
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private Reactor[] _reactors = [];
    private volatile bool _stopping;

    /// <summary>Makes it; <see cref="Start"/> runs it.</summary>
    public TransportThread(DtlsSettings dtls)
    {
        _engine = new TransportEngine(new SystemEntropy(), "rtpcluster") { Dtls = dtls };
        _thread = new Thread(Run) { IsBackground = true, Name = "ICE and DTLS" };
    }

    /// <summary>What it has counted.</summary>
    public TransportCounters Counters => _engine.Counters;

    /// <summary>Starts it.</summary>
    public void Start(Reactor[] reactors)
    {
        _reactors = reactors;
        _thread.Start();
    }

    /// <summary>Follows a plan that a reactor has put in force. Any thread; plans of one call come in order.</summary>
    public void Apply(int reactor, MediaPlan plan)
    {
        lock (_lock)
        {
            // A call without ICE and DTLS is of no concern, unless it had some before.
            bool concerns = TransportEngine.Concerns(plan);
            bool known = concerns ? !_known.Add(plan.CallId) : _known.Remove(plan.CallId);
            if (!concerns && !known)
            {
                return;
            }
        }

        Post(engine => engine.Apply(Clock.Now, reactor, plan));
    }

    /// <summary>Forgets a call. Any thread.</summary>
    public void Remove(CallId callId)
    {
        lock (_lock)
        {
            if (!_known.Remove(callId))
            {
                return;
            }
        }

        Post(engine => engine.Remove(callId));
    }

    /// <summary>A reactor has put packets into its ring. Any thread.</summary>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _engine.Dispose();
        _wake.Dispose();
    }

    private void Post(Action<TransportEngine> command)
    {
        _commands.Enqueue(command);
        _wake.Set();
    }

    private void Run()
    {
        while (!_stopping)
        {
            while (_commands.TryDequeue(out var command))
            {
                command(_engine);
            }

            foreach (var reactor in _reactors)
            {
                var ring = reactor.Engine.Handover;
                while (ring.TryPeek(out var packet, out var bytes))
                {
                    _engine.Receive(Clock.Now, packet, bytes);
                    ring.Next();
                }
            }

            _engine.Tick(Clock.Now);
            HandBack();
            _wake.WaitOne(WaitMillis());
        }
    }

    private int WaitMillis() =>
        _engine.NextDeadline is { } next ? (int)Math.Clamp((next - Clock.Now + 999) / 1000, 0, IdleMillis) : IdleMillis;

    private void HandBack()
    {
        // Findings first: a path must be open before the remote can know of it.
        while (_engine.TryGetChange(out var change))
        {
            _reactors[change.Reactor].Post(r => r.Engine.SetTransport(Clock.Now, change));
        }

        List<TransportDatagram>? datagrams = null;
        while (_engine.TryGetTransmit(out var datagram))
        {
            (datagrams ??= []).Add(datagram);
        }

        foreach (var group in datagrams?.GroupBy(d => d.Reactor) ?? [])
        {
            TransportDatagram[] batch = [.. group];
            _reactors[group.Key].Post(r => r.Send(batch));
        }
    }

    private sealed class SystemEntropy : IEntropy
    {
        public void Fill(Span<byte> target) => RandomNumberGenerator.Fill(target);
    }
}
