using System.Runtime.InteropServices;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>
/// Sends a batch as whole IP packets through one raw socket per family: one system call whatever ports the packets leave from. Header and
/// payload are two vectors, so nothing is copied.
/// </summary>
internal sealed unsafe class RawOutput : OutputBatch, IDisposable
{
    private const int Slots = 64;
    private const int VectorsPerSlot = 2;

    private readonly EngineCounters _counters;
    private readonly int _v4;
    private readonly int _v6;
    private readonly MMsgHdr* _messages;
    private readonly IoVec* _vectors;
    private readonly SockAddr* _targets;
    private readonly byte* _headers;

    /// <summary>Takes two raw sockets, which stay the caller's; -1: family not in use.</summary>
    public RawOutput(EngineCounters counters, int v4, int v6)
        : base(Slots)
    {
        _counters = counters;
        _v4 = v4;
        _v6 = v6;

        // First half IPv4, second half IPv6.
        _messages = (MMsgHdr*)NativeMemory.AllocZeroed((nuint)(2 * Slots * sizeof(MMsgHdr)));
        _targets = (SockAddr*)NativeMemory.AllocZeroed((nuint)(2 * Slots * sizeof(SockAddr)));
        _vectors = (IoVec*)NativeMemory.AllocZeroed((nuint)(2 * Slots * VectorsPerSlot * sizeof(IoVec)));
        _headers = (byte*)NativeMemory.AllocZeroed((nuint)(2 * Slots * PacketHeader.V6Size));
        for (int i = 0; i < 2 * Slots; i++)
        {
            _vectors[i * VectorsPerSlot] = new IoVec
            {
                Base = _headers + (i * PacketHeader.V6Size),
                Length = i < Slots ? PacketHeader.V4Size : PacketHeader.V6Size,
            };
            ref var header = ref _messages[i].Header;
            header.Name = &_targets[i];
            header.Vectors = &_vectors[i * VectorsPerSlot];
            header.VectorCount = VectorsPerSlot;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_targets);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_headers);
    }

    /// <inheritdoc/>
    protected override void Flush()
    {
        var pending = Pending;
        int v4 = 0, v6 = Slots;
        fixed (byte* buffer = PinnedBuffer)
        {
            for (int i = 0; i < pending.Length; i++)
            {
                ref readonly var packet = ref pending[i];
                bool isV6 = packet.Remote.Address.Family == IpFamily.V6;
                if (packet.Local.Address.Family != packet.Remote.Address.Family)
                {
                    _counters.CountDrop(DropReason.SendFailed);
                    continue;
                }

                int at = isV6 ? v6++ : v4++;
                byte* payload = buffer + (i * SlotSize);
                var bytes = new ReadOnlySpan<byte>(payload, packet.Length);
                var header = new Span<byte>(_headers + (at * PacketHeader.V6Size), PacketHeader.V6Size);
                if (isV6)
                {
                    PacketHeader.WriteV6(header, packet.Local, packet.Remote, bytes, packet.Tos);
                }
                else
                {
                    PacketHeader.WriteV4(header, packet.Local, packet.Remote, bytes, packet.Tos);
                }

                _vectors[(at * VectorsPerSlot) + 1] = new IoVec { Base = payload, Length = packet.Length };

                // A raw IPv6 socket refuses a port other than 0 here.
                _messages[at].Header.NameLength = _targets[at].Set(packet.Remote with { Port = 0 });
            }

            Send(_v4, 0, v4);
            Send(_v6, Slots, v6);
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
