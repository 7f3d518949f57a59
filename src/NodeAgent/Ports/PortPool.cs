using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ports;

/// <summary>
/// The UDP ports of one local address. Pure: time and the starting point are arguments. Not safe for concurrent use.
/// A freed port rests for a while before it is handed out again, so that a late packet of the old call meets no new one.
/// </summary>
internal sealed class PortPool
{
    private const int PortCount = 65536;
    private const int ForeignRestSeconds = 60;

    private readonly bool[] _used = new bool[PortCount];
    private readonly Queue<(ushort Port, Instant Until)> _freed = new();
    private readonly Queue<(ushort Port, Instant Until)> _foreign = new();
    private readonly bool[] _rests = new bool[PortCount];
    private readonly long _restMicros;
    private int _next;
    private int _taken;

    /// <summary>Makes a pool.</summary>
    /// <param name="min">First port, inclusive.</param>
    /// <param name="max">Last port, inclusive.</param>
    /// <param name="start">Where the search begins; any number, taken into the range. Random in production.</param>
    /// <param name="restSeconds">How long a freed port rests.</param>
    public PortPool(int min, int max, int start, int restSeconds = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, PortCount - 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        Min = min;
        Max = max;
        _next = min + (int)((uint)start % (uint)(max - min + 1));
        _restMicros = restSeconds * 1_000_000L;
    }

    /// <summary>First port, inclusive.</summary>
    public int Min { get; }

    /// <summary>Last port, inclusive.</summary>
    public int Max { get; }

    /// <summary>Ports that calls have now; resting and stocked ones are not counted.</summary>
    public int Used => _taken - Stocked;

    /// <summary>Taken ports that wait for a call.</summary>
    public int Stocked { get; set; }

    /// <summary>
    /// Takes one port, or an even one and the next. Walks on from the last one taken, so that ports are reused as late as possible.
    /// </summary>
    /// <returns>False: none is left.</returns>
    public bool TryTake(Instant now, int count, out ushort first)
    {
        Wake(_freed, now);
        Wake(_foreign, now);
        int step = count == 1 ? 1 : 2;
        int start = count == 1 ? _next : (_next + 1) & ~1;
        for (int turn = 0; turn < 2; turn++)
        {
            for (int port = start; port + count - 1 <= Max; port += step)
            {
                if (IsFree(port) && (count == 1 || IsFree(port + 1)))
                {
                    first = (ushort)port;
                    Mark(port, count);
                    _next = port + count > Max ? Min : port + count;
                    return true;
                }
            }

            start = count == 1 ? Min : (Min + 1) & ~1;
        }

        first = 0;
        return false;
    }

    /// <summary>Goes on half the range away from a port: those after it are the last to be taken.</summary>
    public void StartFarFrom(ushort port)
    {
        int size = Max - Min + 1;
        _next = Min + (Math.Max(port - Min, 0) + size / 2) % size;
    }

    /// <summary>Marks a port that a running call holds already (adoption), also outside the range. False: it was taken, or is stocked.</summary>
    public bool TryAdopt(ushort port)
    {
        if (_used[port])
        {
            return false;
        }

        _used[port] = true;
        _taken++;
        return true;
    }

    /// <summary>Takes a port back; it rests first. Unknown ports are ignored.</summary>
    public void Free(Instant now, ushort port)
    {
        if (!_used[port])
        {
            return;
        }

        _used[port] = false;
        _taken--;
        Rest(_freed, port, new Instant(now.Micros + _restMicros));
    }

    /// <summary>Takes back a port that somebody else holds in the system; it rests for a minute.</summary>
    public void Foreign(Instant now, ushort port)
    {
        if (_used[port])
        {
            _used[port] = false;
            _taken--;
        }

        Rest(_foreign, port, now.AddSeconds(ForeignRestSeconds));
    }

    private bool IsFree(int port) => !_used[port] && !_rests[port];

    private void Mark(int port, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _used[port + i] = true;
        }

        _taken += count;
    }

    private void Rest(Queue<(ushort Port, Instant Until)> queue, ushort port, Instant until)
    {
        if (!_rests[port])
        {
            _rests[port] = true;
            queue.Enqueue((port, until));
        }
    }

    private void Wake(Queue<(ushort Port, Instant Until)> queue, Instant now)
    {
        while (queue.TryPeek(out var entry) && entry.Until <= now)
        {
            queue.Dequeue();
            _rests[entry.Port] = false;
        }
    }
}
