using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>Buffers of one recvmmsg, in native memory that never moves. One thread.</summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    private const int SlotSize = OutputBatch.SlotSize;
    private const int ControlSize = 64;

    // struct cmsghdr: size_t length, int level, int type; then the data.
    private const int ControlLevel = 8, ControlType = 12, ControlData = 16;

    private readonly int _capacity;
    private readonly MMsgHdr* _messages;
    private readonly IoVec* _vectors;
    private readonly SockAddr* _sources;
    private readonly byte* _control;
    private readonly byte* _packets;

    /// <summary>Makes buffers for <paramref name="capacity"/> packets.</summary>
    public ReceiveBatch(int capacity)
    {
        _capacity = capacity;
        _messages = (MMsgHdr*)NativeMemory.AllocZeroed((nuint)(capacity * sizeof(MMsgHdr)));
        _vectors = (IoVec*)NativeMemory.AllocZeroed((nuint)(capacity * sizeof(IoVec)));
        _sources = (SockAddr*)NativeMemory.AllocZeroed((nuint)(capacity * sizeof(SockAddr)));
        _control = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * ControlSize));
        _packets = (byte*)NativeMemory.AlignedAlloc((nuint)(capacity * SlotSize), 64);
        for (int i = 0; i < capacity; i++)
        {
            _vectors[i] = new IoVec { Base = _packets + (i * SlotSize), Length = SlotSize };
            ref var header = ref _messages[i].Header;
            header.Name = &_sources[i];
            header.Vectors = &_vectors[i];
            header.VectorCount = 1;
            header.Control = _control + (i * ControlSize);
        }
    }

    /// <summary>Packets that one call takes at most.</summary>
    public int Capacity => _capacity;

    /// <summary>Receives what is there, up to <paramref name="count"/>; returns how many, or minus the errno (EAGAIN: none).</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="count">At most <see cref="Capacity"/>.</param>
    /// <param name="wantLocal">Ask for the packet's destination too, see <see cref="Local"/>.</param>
    public int Receive(int fd, int count, bool wantLocal)
    {
        for (int i = 0; i < count; i++)
        {
            // The kernel overwrites these with what it used.
            ref var header = ref _messages[i].Header;
            header.NameLength = SockAddr.Size;
            header.ControlLength = wantLocal ? ControlSize : 0;
        }

        int n = LibC.recvmmsg(fd, _messages, (uint)count, LibC.MsgDontWait, null);
        return n < 0 ? -LibC.LastError : n;
    }

    /// <summary>Bytes of packet <paramref name="i"/>.</summary>
    public int Length(int i) => (int)_messages[i].Length;

    /// <summary>The packet was longer than its buffer.</summary>
    public bool IsTruncated(int i) => (_messages[i].Header.Flags & LibC.MsgTrunc) != 0;

    /// <summary>The buffer of packet <paramref name="i"/>, longer than the packet.</summary>
    public Span<byte> Buffer(int i) => new(_packets + (i * SlotSize), SlotSize);

    /// <summary>Who sent it.</summary>
    public NetEndpoint Source(int i) => _sources[i].Get();

    /// <summary>Where it was sent to (IP_ORIGDSTADDR, IPV6_ORIGDSTADDR); default: the kernel did not say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NetEndpoint Local(int i)
    {
        byte* control = _messages[i].Header.Control;
        if (_messages[i].Header.ControlLength < ControlData)
        {
            return default;
        }

        int level = *(int*)(control + ControlLevel);
        int type = *(int*)(control + ControlType);
        return (level == LibC.SolIp && type == LibC.IpOrigDstAddr) || (level == LibC.SolIpv6 && type == LibC.Ipv6OrigDstAddr)
            ? ((SockAddr*)(control + ControlData))->Get()
            : default;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_sources);
        NativeMemory.Free(_control);
        NativeMemory.AlignedFree(_packets);
    }
}
