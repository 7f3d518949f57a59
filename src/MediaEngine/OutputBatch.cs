using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine;

/// <summary>
/// Packets on their way out, in pinned slots. The engine writes a packet into <see cref="Next"/> and commits it; a full batch flushes by
/// itself, and the owner calls <see cref="Submit"/> at the end of a round. One thread. The shell derives one that sends, tests one that collects.
/// </summary>
public abstract class OutputBatch
{
    /// <summary>Bytes of one slot: the longest packet with everything that protection may add.</summary>
    public const int SlotSize = 2048;

    private readonly byte[] _buffer;
    private readonly OutputDatagram[] _pending;
    private int _count;

    /// <summary>Makes a batch of <paramref name="capacity"/> slots, 1 to 1024.</summary>
    protected OutputBatch(int capacity = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1024);
        _buffer = GC.AllocateArray<byte>(capacity * SlotSize, pinned: true);
        _pending = new OutputDatagram[capacity];
    }

    /// <summary>Slots that <see cref="Flush"/> sees at most.</summary>
    public int Capacity => _pending.Length;

    /// <summary>What waits, in order. Slot i of the buffer holds the bytes of entry i.</summary>
    protected ReadOnlySpan<OutputDatagram> Pending => _pending.AsSpan(0, _count);

    /// <summary>All slots one after the other, pinned: slot i starts at i × <see cref="SlotSize"/>.</summary>
    protected byte[] PinnedBuffer => _buffer;

    /// <summary>The next slot to write. Calling it again without a commit gives the same slot.</summary>
    public Span<byte> Next() => _buffer.AsSpan(_count * SlotSize, SlotSize);

    /// <summary>Takes the slot that <see cref="Next"/> gave.</summary>
    /// <param name="from">The port to send from.</param>
    /// <param name="local">Its address.</param>
    /// <param name="remote">Where to.</param>
    /// <param name="length">Bytes of the packet.</param>
    /// <param name="tos">IP TOS or traffic class.</param>
    public void Commit(PortHandle from, in NetEndpoint local, in NetEndpoint remote, int length, byte tos)
    {
        _pending[_count] = new OutputDatagram(from, local, remote, length, tos);
        if (++_count == _pending.Length)
        {
            Submit();
        }
    }

    /// <summary>Sends what waits.</summary>
    public void Submit()
    {
        if (_count > 0)
        {
            Flush();
            _count = 0;
        }
    }

    /// <summary>Sends <see cref="Pending"/>; the slots are free afterwards.</summary>
    protected abstract void Flush();
}

/// <summary>One committed packet of an <see cref="OutputBatch"/>; its bytes are in the slot of the same number.</summary>
/// <param name="From">The port to send from.</param>
/// <param name="Local">Its address.</param>
/// <param name="Remote">Where to.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Tos">IP TOS or traffic class.</param>
public readonly record struct OutputDatagram(PortHandle From, NetEndpoint Local, NetEndpoint Remote, int Length, byte Tos);
