using System.Diagnostics;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>
/// A socket per port on one reactor. A port that floods is left alone for a few milliseconds whenever its limit is spent: the kernel then
/// throws the excess away at its full receive queue, which costs us nothing, and the port comes back by itself.
/// </summary>
internal sealed class SocketReactorIo : ReactorIo
{
    private const int EventCapacity = 128;
    private const int WakeToken = 0;
    private const int MaxPerWake = 32;
    private const long PauseNanos = 5_000_000;
    private const long HotNanos = 2_000_000;

    private readonly ReactorEngine _engine;
    private readonly EventFd _wake;
    private readonly RateLimit _limit;
    private readonly HeldPorts _held;
    private readonly EpollSet _epoll = new(EventCapacity);
    private readonly ReceiveBatch _batch = new(MaxPerWake);
    private readonly SocketOutput _output;
    private readonly Dictionary<NetEndpoint, BoundSocket> _byLocal = [];
    private readonly Stack<int> _freeTokens = new();
    private readonly Queue<BoundSocket> _paused = new();
    private BoundSocket?[] _sockets = new BoundSocket?[64];
    private int _lastToken;
    private int _ready;

    public SocketReactorIo(ReactorEngine engine, EventFd wake, RateLimit limit, HeldPorts held)
    {
        _engine = engine;
        _wake = wake;
        _limit = limit;
        _held = held;
        _output = new SocketOutput(engine.Counters);
        _epoll.Add(wake.Fd, WakeToken);
    }

    /// <inheritdoc/>
    public override OutputBatch Output => _output;

    /// <inheritdoc/>
    public override int Bind(in NetEndpoint local)
    {
        if (_byLocal.ContainsKey(local))
        {
            return Errno.None;
        }

        int fd = _held.Take(local, out int errno);
        if (fd < 0)
        {
            return errno;
        }

        // What came before the call had the port was meant for somebody else.
        UdpSocket.Discard(fd);
        var socket = new BoundSocket(fd, TakeToken(), local);
        errno = _epoll.Add(fd, socket.Token);
        if (errno != Errno.None)
        {
            LibC.close(fd);
            _freeTokens.Push(socket.Token);
            return errno;
        }

        _sockets[socket.Token] = socket;
        _byLocal[local] = socket;
        Refresh(local);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override void Close(in NetEndpoint local)
    {
        if (!_byLocal.Remove(local, out var socket))
        {
            return;
        }

        CollectDrops(socket);
        _epoll.Remove(socket.Fd);
        LibC.close(socket.Fd);
        socket.IsClosed = true;
        _output.Forget(socket.Handle);
        _sockets[socket.Token] = null;
        _freeTokens.Push(socket.Token);
    }

    /// <inheritdoc/>
    public override void Refresh(in NetEndpoint local)
    {
        if (_byLocal.TryGetValue(local, out var socket) && _engine.TryFindPort(local, out var handle))
        {
            socket.Handle = handle;
            _output.Register(handle, socket);
        }
    }

    /// <inheritdoc/>
    public override bool Wait(int timeoutMillis)
    {
        _ready = _epoll.Wait(_paused.Count > 0 ? Math.Min(timeoutMillis, 1) : timeoutMillis);
        return _ready > 1 || (_ready == 1 && _epoll.Token(0) != WakeToken);
    }

    /// <inheritdoc/>
    public override int Receive(Instant now)
    {
        long monotonic = Stopwatch.GetTimestamp();
        int packets = 0;
        for (int i = 0; i < _ready; i++)
        {
            int token = _epoll.Token(i);
            if (token == WakeToken)
            {
                _wake.Clear();
            }
            else if (_sockets[token] is { } socket)
            {
                packets += Drain(socket, now, monotonic);
            }
        }

        _ready = 0;
        Resume(monotonic);
        return packets;
    }

    /// <inheritdoc/>
    public override void CollectDrops()
    {
        foreach (var socket in _byLocal.Values)
        {
            CollectDrops(socket);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var socket in _byLocal.Values)
        {
            LibC.close(socket.Fd);
        }

        _epoll.Dispose();
        _batch.Dispose();
        _output.Dispose();
    }

    private int Drain(BoundSocket socket, Instant now, long monotonic)
    {
        int asked = socket.Appetite;
        int n = _batch.Receive(socket.Fd, asked, wantLocal: false);
        for (int i = 0; i < n; i++)
        {
            if (!_limit.TryCharge(ref socket.Arrival, monotonic))
            {
                _engine.Counters.CountDrop(DropReason.RateLimited, n - i);
                Pause(socket, monotonic);
                break;
            }

            if (_batch.IsTruncated(i))
            {
                _engine.Counters.CountDrop(DropReason.TooLarge);
                continue;
            }

            _engine.Receive(now, socket.Handle, _batch.Source(i), _batch.Buffer(i), _batch.Length(i), _output);
        }

        // One packet every 20 ms: ask for one, a second look would only find nothing. A hot port: ask for more each time.
        bool hot = monotonic - socket.LastRound < HotNanos;
        socket.Appetite = hot && n == asked ? Math.Min(asked * 2, MaxPerWake) : hot ? Math.Max(n, 1) : 1;
        socket.LastRound = monotonic;
        return Math.Max(n, 0);
    }

    private void Pause(BoundSocket socket, long monotonic)
    {
        socket.PausedUntil = monotonic + PauseNanos;
        _epoll.SetEnabled(socket.Fd, socket.Token, enabled: false);
        _paused.Enqueue(socket);
    }

    private void Resume(long monotonic)
    {
        while (_paused.TryPeek(out var socket) && socket.PausedUntil <= monotonic)
        {
            _paused.Dequeue();
            if (!socket.IsClosed)
            {
                CollectDrops(socket);
                _epoll.SetEnabled(socket.Fd, socket.Token, enabled: true);
            }
        }
    }

    private void CollectDrops(BoundSocket socket)
    {
        uint drops = UdpSocket.ReadQueueDrops(socket.Fd);
        uint fresh = drops - socket.QueueDrops;
        socket.QueueDrops = drops;
        if (fresh > 0)
        {
            _engine.Counters.CountDrop(DropReason.RateLimited, fresh);
        }
    }

    private int TakeToken()
    {
        if (_freeTokens.TryPop(out int token))
        {
            return token;
        }

        if (++_lastToken == _sockets.Length)
        {
            Array.Resize(ref _sockets, _sockets.Length * 2);
        }

        return _lastToken;
    }
}
