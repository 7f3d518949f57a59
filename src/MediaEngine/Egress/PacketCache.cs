using System.Buffers.Binary;
using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>
/// The last packets sent to a receiver: protected as they were sent, so that sending one again uses no keystream twice, or plain when they are
/// sent again in a stream of their own. 256 packets, about two seconds of video. Allocates only when it is made.
/// </summary>
internal sealed class PacketCache
{
    private const int Slots = 256;
    private const int SlotSize = 1500;
    private const int AgainMillis = 10;

    private readonly byte[] _bytes = new byte[Slots * SlotSize];
    private readonly Entry[] _entries = new Entry[Slots];

    /// <summary>Remembers a packet; one that is too long is forgotten.</summary>
    public void Put(ReadOnlySpan<byte> packet)
    {
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        int slot = sequence & (Slots - 1);
        ref var entry = ref _entries[slot];
        entry = default;
        if (packet.Length <= SlotSize)
        {
            packet.CopyTo(_bytes.AsSpan(slot * SlotSize));
            entry = new Entry { Ssrc = ssrc, Sequence = sequence, Length = packet.Length };
        }
    }

    /// <summary>Finds a packet. An empty one: it was sent again a moment ago, once is enough.</summary>
    public bool TryGet(Instant now, uint ssrc, ushort sequence, out ReadOnlySpan<byte> packet)
    {
        int slot = sequence & (Slots - 1);
        ref var entry = ref _entries[slot];
        packet = default;
        if (entry.Length == 0 || entry.Ssrc != ssrc || entry.Sequence != sequence)
        {
            return false;
        }

        if (now >= entry.Again)
        {
            entry.Again = now.AddMillis(AgainMillis);
            packet = _bytes.AsSpan(slot * SlotSize, entry.Length);
        }

        return true;
    }

    private struct Entry
    {
        public uint Ssrc;
        public ushort Sequence;
        public int Length;
        public Instant Again;
    }
}
