using System.Runtime.InteropServices;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>Sends a batch through the sockets of the ports that the packets leave from; neighbours from one port go in one call.</summary>
internal sealed unsafe class SocketOutput : OutputBatch, IDisposable
{
    private const int Slots = 64;

    private readonly EngineCounters _counters;
    private readonly MMsgHdr* _messages;
    private readonly IoVec* _vectors;
    private readonly SockAddr* _targets;
    private BoundSocket?[] _byHandle = new BoundSocket?[64];

    public SocketOutput(EngineCounters counters)
        : base(Slots)
    {
        _counters = counters;
        _messages = (MMsgHdr*)NativeMemory.AllocZeroed((nuint)(Slots * sizeof(MMsgHdr)));
        _vectors = (IoVec*)NativeMemory.AllocZeroed((nuint)(Slots * sizeof(IoVec)));
        _targets = (SockAddr*)NativeMemory.AllocZeroed((nuint)(Slots * sizeof(SockAddr)));
        fixed (byte* buffer = PinnedBuffer)
        {
            // The buffer is allocated pinned, so its address outlives the fixed block.
            for (int i = 0; i < Slots; i++)
            {
                _vectors[i].Base = buffer + (i * SlotSize);
                ref var header = ref _messages[i].Header;
                header.Name = &_targets[i];
                header.Vectors = &_vectors[i];
                header.VectorCount = 1;
            }
        }
    }

    /// <summary>Tells which socket a handle is.</summary>
    public void Register(PortHandle handle, BoundSocket socket)
    {
        if (handle.Index >= _byHandle.Length)
        {
            Array.Resize(ref _byHandle, Math.Max(handle.Index + 1, _byHandle.Length * 2));
        }

        _byHandle[handle.Index] = socket;
    }

    /// <summary>Forgets a handle, unless its slot is another's by now.</summary>
    public void Forget(PortHandle handle)
    {
        if (handle.IsValid && handle.Index < _byHandle.Length && _byHandle[handle.Index] is { } socket && socket.Handle == handle)
        {
            _byHandle[handle.Index] = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_targets);
    }

    /// <inheritdoc/>
    protected override void Flush()
    {
        var pending = Pending;
        int start = 0;
        while (start < pending.Length)
        {
            ref readonly var first = ref pending[start];
            int end = start;
            while (end < pending.Length && pending[end].From == first.From && pending[end].Tos == first.Tos)
            {
                _vectors[end].Length = pending[end].Length;
                _messages[end].Header.NameLength = _targets[end].Set(pending[end].Remote);
                end++;
            }

            var socket = Find(first.From);
            if (socket is null)
            {
                _counters.CountDrop(DropReason.SendFailed, end - start);
            }
            else
            {
                SetTos(socket, first.Tos);
                Send(socket.Fd, start, end);
            }

            start = end;
        }
    }

    private BoundSocket? Find(PortHandle handle) =>
        (uint)handle.Index < (uint)_byHandle.Length && _byHandle[handle.Index] is { } socket && socket.Handle == handle ? socket : null;

    private static void SetTos(BoundSocket socket, byte tos)
    {
        if (socket.Tos != tos)
        {
            socket.Tos = tos;
            UdpSocket.SetTos(socket.Fd, socket.Local.Address.Family, tos);
        }
    }

    private void Send(int fd, int start, int end)
    {
        while (start < end)
        {
            int sent = LibC.sendmmsg(fd, _messages + start, (uint)(end - start), LibC.MsgDontWait);
            if (sent > 0)
            {
                start += sent;
                continue;
            }

            // The first one failed: a full queue, no route, too long. It is lost; the others are tried.
            _counters.CountDrop(DropReason.SendFailed);
            start++;
        }
    }
}
