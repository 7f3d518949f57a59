using RtpCluster.Contracts;
using RtpCluster.Media.Dtls;
using RtpCluster.Media.Ice;
using RtpCluster.Media.Stun;

namespace RtpCluster.MediaEngine.Transports;

/// <summary>ICE and DTLS of one stream. The handshake waits for a valid pair, so that its first flight is not lost.</summary>
internal sealed class TransportSession(TransportEngine owner, CallId callId, StreamId stream) : IDisposable
{
    private const int LingerSeconds = 10;
    private const int MaxEarly = 4;
    private const int MaxAttempts = 10;

    private readonly Queue<byte[]> _early = new();
    private StreamPlan _plan = null!;
    private IceAgent? _ice;
    private IceState _iceState;
    private DtlsEndpoint? _dtls;
    private int _association;
    private int _attempts;
    private SrtpKeys? _decrypt;
    private SrtpKeys? _encrypt;
    private bool _keyed;
    private IcePath _dtlsPath; // where the remote's handshake comes in
    private Instant? _retransmitAt;
    private Instant? _freeAt;

    /// <summary>The call.</summary>
    public CallId CallId => callId;

    /// <summary>The reactor that owns the ports.</summary>
    public int Reactor { get; private set; }

    /// <summary>The deadline it is queued for; null: none.</summary>
    public Instant? Scheduled { get; set; }

    /// <summary>When <see cref="Tick"/> has something to do; null: never.</summary>
    public Instant? NextDeadline => Earlier(Earlier(_ice?.NextDeadline, _retransmitAt), _freeAt);

    /// <summary>Takes the stream's new plan.</summary>
    public void Update(Instant now, int reactor, StreamPlan plan)
    {
        Reactor = reactor;
        _plan = plan;
        if (plan.Ice is { } ice)
        {
            _ice ??= new IceAgent(owner.Entropy, owner.Software);
            _ice.Update(now, ice, plan.Locals, plan.Learned);
        }
        else
        {
            _ice = null;
        }

        if (plan.Dtls?.Association is not { } association || association != _association)
        {
            EndHandshake();
            _keyed = false;
            _decrypt = _encrypt = null;
            _attempts = 0;
            _association = plan.Dtls?.Association ?? 0;
        }

        _keyed |= plan.Decrypt is not null && plan.Encrypt is not null;
        Advance(now);
        Report();
    }

    /// <summary>Takes a STUN or DTLS packet.</summary>
    public void Receive(Instant now, int local, in NetEndpoint source, ReadOnlySpan<byte> packet)
    {
        var before = Shape();
        if (StunMessage.IsStun(packet))
        {
            if (_ice?.Receive(now, local, source, packet) != true)
            {
                owner.Counters.Refused++;
                return;
            }
        }
        else if (_plan.Dtls is not null && DtlsEndpoint.IsDtls(packet))
        {
            ReceiveDtls(new IcePath(local, source), packet);
        }

        Advance(now);
        if (before != Shape())
        {
            Report();
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick(Instant now)
    {
        var before = Shape();
        _ice?.Tick(now);
        if (_retransmitAt <= now)
        {
            _dtls?.Tick();
        }

        if (_freeAt <= now)
        {
            FreeDtls();
        }

        Advance(now);
        if (before != Shape())
        {
            Report();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => EndHandshake();

    private void ReceiveDtls(in IcePath path, ReadOnlySpan<byte> packet)
    {
        if (_ice is null ? IsIntruder(path.Remote) : !IsAccepted(path.Remote))
        {
            owner.Counters.Refused++;
            return;
        }

        _dtlsPath = _keyed ? _dtlsPath : path;
        if (_dtls is not null || _keyed)
        {
            _dtls?.Receive(packet);
            return;
        }

        // The ClientHello may be faster than the answer that brings the fingerprint.
        if (_early.Count == MaxEarly)
        {
            _early.Dequeue();
        }

        _early.Enqueue(packet.ToArray());
    }

    /// <summary>
    /// Without ICE: while a handshake runs with one address no other one may disturb it. Only the signalled one may: then it starts anew with that.
    /// </summary>
    private bool IsIntruder(in NetEndpoint source)
    {
        bool other = _dtls is not null && !_keyed && _dtlsPath.Remote.IsUsable && source != _dtlsPath.Remote;
        if (other && source == _plan.Remote)
        {
            FreeDtls();
            return false;
        }

        return other;
    }

    private bool CanStart => _plan.Dtls is { FingerprintHash.Length: > 0, Certificate: not null };

    /// <summary>Where the handshake goes; none: it has to wait.</summary>
    private IcePath DtlsTarget => _ice?.Path ?? (_dtlsPath.Remote.IsUsable ? _dtlsPath : new IcePath(0, _plan.Remote));

    private void Start(Instant now)
    {
        if (_dtls is not null || _keyed || !CanStart || !DtlsTarget.Remote.IsUsable || _attempts == MaxAttempts)
        {
            return;
        }

        if (owner.Open(_plan.Dtls!) is { } endpoint)
        {
            _attempts++;
            _dtls = endpoint;
            _freeAt = now.AddSeconds(owner.HandshakeSeconds);
        }
    }

    /// <summary>Moves everything on that can move.</summary>
    private void Advance(Instant now)
    {
        if (_plan.Dtls?.Role == DtlsRole.Active || _early.Count > 0)
        {
            Start(now);
        }

        while (_dtls is not null && _early.TryDequeue(out byte[]? early))
        {
            _dtls.Receive(early);
        }

        if (_dtls is { State: DtlsState.Keyed } && !_keyed)
        {
            _keyed = true;
            (_decrypt, _encrypt) = (_dtls.Decrypt, _dtls.Encrypt);
            _freeAt = now.AddSeconds(LingerSeconds); // the remote may have missed our last flight
            owner.Counters.HandshakesDone++;
            owner.Counters.HalfOpen--;
        }

        Drain();
        if (_dtls is { State: DtlsState.Failed })
        {
            FreeDtls();
        }

        _retransmitAt = _dtls?.RetransmitInMicros is { } micros ? new Instant(now.Micros + micros) : null;
        NoteIce();
    }

    private void Drain()
    {
        while (_ice is not null && _ice.TryGetTransmit(out var check))
        {
            Send(check.Path, check.Bytes);
        }

        while (_dtls is not null && _dtls.TryGetTransmit(out byte[] record))
        {
            Send(DtlsTarget, record);
        }
    }

    private void Send(in IcePath path, byte[] bytes)
    {
        if (path.Remote.IsUsable && path.Local < _plan.Locals.Length)
        {
            owner.Transmit(new TransportDatagram(Reactor, _plan.Locals[path.Local], path.Remote, bytes, _plan.Tos));
        }
    }

    private void NoteIce()
    {
        if (_ice is not null && _ice.State != _iceState)
        {
            _iceState = _ice.State;
            owner.Counters.IceFailed += _iceState == IceState.Failed ? 1 : 0;
        }
    }

    private void FreeDtls()
    {
        if (_dtls is not null && !_keyed)
        {
            owner.Counters.HandshakesFailed++;
            owner.Counters.HalfOpen--;
        }

        _dtls?.Dispose();
        _dtls = null;
        _freeAt = null;
    }

    private void EndHandshake()
    {
        if (_dtls is not null && !_keyed)
        {
            owner.Counters.HalfOpen--;
        }

        _dtls?.Dispose();
        _dtls = null;
        _freeAt = null;
        _early.Clear();
    }

    private bool IsAccepted(in NetEndpoint source)
    {
        foreach (var path in _ice!.AcceptedPaths)
        {
            if (path.Remote == source)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a report would say, in short: reports go out when it changes.</summary>
    private (IcePath? Path, int Sources, bool Keyed) Shape() => (_ice?.Path, _ice?.AcceptedPaths.Count() ?? 0, _decrypt is not null);

    private void Report() => owner.Report(new TransportChange
    {
        Reactor = Reactor,
        CallId = callId,
        Stream = stream,
        UsesIce = _ice is not null,
        Remote = _ice?.Path?.Remote ?? default,
        Local = _ice?.Path?.Local ?? 0,
        Sources = _ice is null ? [] : [.. _ice.AcceptedPaths.Select(p => p.Remote).Distinct()],
        Association = _association,
        Decrypt = _decrypt,
        Encrypt = _encrypt,
    });

    private static Instant? Earlier(Instant? a, Instant? b) => a is null ? b : b is null || a < b ? a : b;
}
