using System.Security.Cryptography;
using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;

namespace RtpCluster.MediaEngine.Transports;

/// <summary>
/// ICE and DTLS of all streams of a media process, beside the packet path: RTP never comes here. Pure: plans, packets and time are arguments;
/// drain <see cref="TryGetTransmit"/> and <see cref="TryGetChange"/> after each. One thread.
/// </summary>
/// <param name="entropy">Transaction ids.</param>
/// <param name="software">What STUN's SOFTWARE says.</param>
public sealed class TransportEngine(IEntropy entropy, string software) : IDisposable
{
    private readonly Dictionary<CallId, Dictionary<StreamId, TransportSession>> _calls = [];
    private readonly Dictionary<DtlsCertificate, DtlsContext> _contexts = [];
    private readonly PriorityQueue<TransportSession, long> _deadlines = new();
    private readonly Queue<TransportDatagram> _transmits = new();
    private readonly Queue<TransportChange> _changes = new();

    /// <summary>Handshakes that may be half-open at once; more are refused and counted. Default 4096 (about 200 MB).</summary>
    public int MaxHalfOpen { get; init; } = 4096;

    /// <summary>How handshakes are made.</summary>
    public DtlsSettings Dtls { get; init; } = new();

    /// <summary>Seconds after which a handshake that got nowhere is given up. Default 30.</summary>
    public int HandshakeSeconds { get; init; } = 30;

    /// <summary>Totals since the start.</summary>
    public TransportCounters Counters { get; } = new();

    /// <summary>Streams held.</summary>
    public int SessionCount => _calls.Values.Sum(c => c.Count);

    /// <summary>When <see cref="Tick"/> has something to do; null: never.</summary>
    public Instant? NextDeadline => _deadlines.TryPeek(out _, out long at) ? new Instant(at) : null;

    internal IEntropy Entropy => entropy;

    internal string Software => software;

    /// <summary>Follows a plan: streams with ICE or DTLS get a session or keep theirs, others lose it.</summary>
    /// <param name="now">Now.</param>
    /// <param name="reactor">The reactor that owns the call; handed back with what leaves.</param>
    /// <param name="plan">The plan.</param>
    public void Apply(Instant now, int reactor, MediaPlan plan)
    {
        _calls.TryGetValue(plan.CallId, out var sessions);
        var wanted = plan.Streams.Where(Concerns).ToDictionary(s => s.Id);
        foreach (var gone in sessions?.Keys.Where(id => !wanted.ContainsKey(id)).ToArray() ?? [])
        {
            sessions!.Remove(gone, out var session);
            End(session!);
        }

        foreach (var stream in wanted.Values)
        {
            if (sessions is null)
            {
                _calls[plan.CallId] = sessions = [];
            }

            if (!sessions.TryGetValue(stream.Id, out var session))
            {
                sessions[stream.Id] = session = new TransportSession(this, plan.CallId, stream.Id);
            }

            session.Update(now, reactor, stream);
            Schedule(session);
        }

        if (sessions is { Count: 0 })
        {
            _calls.Remove(plan.CallId);
        }
    }

    /// <summary>True when a plan has something to do here.</summary>
    public static bool Concerns(MediaPlan plan) => plan.Streams.Any(Concerns);

    /// <summary>Ends a call's sessions; unknown ones are ignored.</summary>
    public void Remove(CallId callId)
    {
        if (_calls.Remove(callId, out var sessions))
        {
            foreach (var session in sessions.Values)
            {
                End(session);
            }
        }
    }

    /// <summary>Takes a STUN or DTLS packet; those of unknown streams are ignored.</summary>
    public void Receive(Instant now, in TransportPacket packet, ReadOnlySpan<byte> bytes)
    {
        if (_calls.TryGetValue(packet.CallId, out var sessions) && sessions.TryGetValue(packet.Stream, out var session))
        {
            session.Receive(now, packet.Local, packet.Source, bytes);
            Schedule(session);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick(Instant now)
    {
        while (_deadlines.TryPeek(out var session, out long at) && at <= now.Micros)
        {
            _deadlines.Dequeue();
            if (session.Scheduled?.Micros != at)
            {
                continue; // moved meanwhile, or ended
            }

            session.Scheduled = null;
            session.Tick(now);
            Schedule(session);
        }
    }

    /// <summary>Takes the next packet to send; false: none.</summary>
    public bool TryGetTransmit(out TransportDatagram datagram) => _transmits.TryDequeue(out datagram);

    /// <summary>Takes the next finding; false: none.</summary>
    public bool TryGetChange(out TransportChange change) => _changes.TryDequeue(out change!);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var callId in _calls.Keys.ToArray())
        {
            Remove(callId);
        }

        foreach (var context in _contexts.Values)
        {
            context.Dispose();
        }

        _contexts.Clear();
    }

    internal void Transmit(in TransportDatagram datagram) => _transmits.Enqueue(datagram);

    internal void Report(TransportChange change) => _changes.Enqueue(change);

    /// <summary>Opens a handshake; null: too many are half-open, or the certificate is no good.</summary>
    internal DtlsEndpoint? Open(DtlsPlan plan)
    {
        if (Counters.HalfOpen >= MaxHalfOpen)
        {
            Counters.HandshakesRefused++;
            return null;
        }

        try
        {
            if (!_contexts.TryGetValue(plan.Certificate!, out var context))
            {
                _contexts[plan.Certificate!] = context = new DtlsContext(plan.Certificate!, Dtls);
            }

            var endpoint = new DtlsEndpoint(context, plan);
            Counters.HalfOpen++;
            return endpoint;
        }
        catch (CryptographicException)
        {
            Counters.HandshakesFailed++;
            return null;
        }
    }

    private static bool Concerns(StreamPlan stream) => stream.Ice is not null || stream.Dtls is not null;

    private static void End(TransportSession session)
    {
        session.Scheduled = null;
        session.Dispose();
    }

    private void Schedule(TransportSession session)
    {
        if (session.NextDeadline is { } next && (session.Scheduled is null || next < session.Scheduled))
        {
            session.Scheduled = next;
            _deadlines.Enqueue(session, next.Micros);
        }
    }
}
