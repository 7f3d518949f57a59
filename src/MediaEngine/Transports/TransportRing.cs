using System.Buffers.Binary;
using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Transports;

/// <summary>One handed-over packet.</summary>
/// <param name="CallId">The call it came for.</param>
/// <param name="Stream">The stream it came for.</param>
/// <param name="Local">Index of the port it came in on.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Length">Its bytes.</param>
public readonly record struct TransportPacket(CallId CallId, StreamId Stream, int Local, NetEndpoint Source, int Length);

/// <summary>
/// STUN and DTLS packets on their way from a reactor to the thread that runs ICE and DTLS. One writer, one reader, no lock, no allocation;
/// when it is full packets are dropped: their senders repeat them.
/// </summary>
public sealed class TransportRing
{
    private const int Slots = 256;
    private const int SlotSize = 1500;
    private const uint MagicCookie = 0x2112a442;

    private readonly byte[] _buffer = new byte[Slots * SlotSize];
    private readonly TransportPacket[] _packets = new TransportPacket[Slots];
    private int _written;
    private int _read;

    /// <summary>Packets ever put in. The writer's shell compares it to know when to wake the reader.</summary>
    public int Written => Volatile.Read(ref _written);

    /// <summary>STUN or DTLS by its first byte, RFC 7983 section 7; STUN by its magic cookie too.</summary>
    public static bool Takes(ReadOnlySpan<byte> packet) =>
        packet.Length > 12 && (packet[0] is >= 20 and <= 63
            || (packet[0] < 4 && packet.Length >= 20 && BinaryPrimitives.ReadUInt32BigEndian(packet[4..]) == MagicCookie));

    /// <summary>Puts a packet in; false: full, or too long.</summary>
    public bool TryPut(CallId callId, StreamId stream, int local, in NetEndpoint source, ReadOnlySpan<byte> packet)
    {
        int written = _written;
        if (packet.Length > SlotSize || written - Volatile.Read(ref _read) == Slots)
        {
            return false;
        }

        int slot = written & (Slots - 1);
        packet.CopyTo(_buffer.AsSpan(slot * SlotSize));
        _packets[slot] = new TransportPacket(callId, stream, local, source, packet.Length);
        Volatile.Write(ref _written, written + 1);
        return true;
    }

    /// <summary>Looks at the oldest packet; false: none. <see cref="Next"/> frees it.</summary>
    public bool TryPeek(out TransportPacket packet, out ReadOnlySpan<byte> bytes)
    {
        if (_read == Volatile.Read(ref _written))
        {
            packet = default;
            bytes = default;
            return false;
        }

        int slot = _read & (Slots - 1);
        packet = _packets[slot];
        bytes = _buffer.AsSpan(slot * SlotSize, packet.Length);
        return true;
    }

    /// <summary>Frees the oldest packet.</summary>
    public void Next() => Volatile.Write(ref _read, _read + 1);
}
