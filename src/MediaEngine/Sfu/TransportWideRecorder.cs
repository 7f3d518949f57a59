using System.Buffers.Binary;
using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>
/// When the packets of one path came, for the congestion control of who sends there: transport-wide feedback,
/// draft-holmer-rmcat-transport-wide-cc-extensions-01. Allocates only when it is made.
/// </summary>
internal sealed class TransportWideRecorder
{
    /// <summary>Packets that wait to be reported at most.</summary>
    public const int Window = 256;

    private const int IntervalMillis = 50;
    private const int ReferenceMicros = 64_000;
    private const int DeltaMicros = 250;
    private const int SymbolsPerChunk = 7;
    private const int HeaderLength = 8;
    private const byte Small = 1;
    private const byte Large = 2;

    private readonly long[] _arrivals = new long[Window];
    private long _next;
    private long _highest = -1;
    private byte _number;
    private Instant _reportedAt;

    /// <summary>Notes a packet.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="sequence">Its transport-wide sequence number.</param>
    public void Note(Instant now, ushort sequence)
    {
        long index = _highest < 0 ? 0x10000 + sequence : _highest + (short)(sequence - (ushort)_highest);
        if (_highest < 0 || index - _next >= Window || index < _next - Window)
        {
            // A new count, or so long a gap that nobody wants to know: begin here.
            Array.Clear(_arrivals);
            _next = index;
            _highest = index - 1;
        }

        if (index < _next)
        {
            return; // told as lost already
        }

        for (long gap = _highest + 1; gap < index; gap++)
        {
            _arrivals[gap % Window] = 0;
        }

        _highest = Math.Max(_highest, index);
        _arrivals[index % Window] = now.Micros;
    }

    /// <summary>It is time to report.</summary>
    public bool IsDue(Instant now) =>
        _highest >= _next && (now >= _reportedAt.AddMillis(IntervalMillis) || _highest - _next > Window / 2);

    /// <summary>Writes the control information of a report and begins the next one. Returns its bytes, a multiple of four.</summary>
    public int Write(Instant now, Span<byte> control)
    {
        Span<byte> symbols = stackalloc byte[Window];
        Span<byte> deltas = stackalloc byte[2 * Window];
        int count = 0;
        int used = 0;
        long reference = -1;
        long clock = 0;
        for (; count < Window && _next + count <= _highest; count++)
        {
            long arrival = _arrivals[(_next + count) % Window];
            symbols[count] = 0;
            if (arrival == 0)
            {
                continue;
            }

            if (reference < 0)
            {
                reference = arrival / ReferenceMicros;
                clock = reference * ReferenceMicros;
            }

            long delta = Math.Clamp((arrival - clock) / DeltaMicros, short.MinValue, short.MaxValue);
            clock += delta * DeltaMicros;
            symbols[count] = delta is >= 0 and <= byte.MaxValue ? Small : Large;
            used += WriteDelta(deltas[used..], symbols[count], delta);
        }

        BinaryPrimitives.WriteUInt16BigEndian(control, (ushort)_next);
        BinaryPrimitives.WriteUInt16BigEndian(control[2..], (ushort)count);
        BinaryPrimitives.WriteUInt32BigEndian(control[4..], ((uint)reference << 8) | _number++);
        int length = HeaderLength + WriteChunks(control[HeaderLength..], symbols[..count]);
        deltas[..used].CopyTo(control[length..]);
        length += used;
        int padded = (length + 3) & ~3;
        control[length..padded].Clear();
        _next += count;
        _reportedAt = now;
        return padded;
    }

    private static int WriteDelta(Span<byte> target, byte symbol, long delta)
    {
        if (symbol == Small)
        {
            target[0] = (byte)delta;
            return 1;
        }

        BinaryPrimitives.WriteInt16BigEndian(target, (short)delta);
        return 2;
    }

    /// <summary>Status vectors of two bits for each packet (section 3.1.4).</summary>
    private static int WriteChunks(Span<byte> target, ReadOnlySpan<byte> symbols)
    {
        int length = 0;
        for (int at = 0; at < symbols.Length; at += SymbolsPerChunk)
        {
            int chunk = 0xc000;
            for (int i = 0; i < SymbolsPerChunk && at + i < symbols.Length; i++)
            {
                chunk |= symbols[at + i] << (2 * (SymbolsPerChunk - 1 - i));
            }

            BinaryPrimitives.WriteUInt16BigEndian(target[length..], (ushort)chunk);
            length += 2;
        }

        return length;
    }
}
