using System.Runtime.InteropServices;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Routes;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>
/// Whole IP packets on their way through one socket: one system call whatever ports they leave from. Header and payload are two vectors, so
/// nothing is copied. One thread.
/// </summary>
internal sealed unsafe class SendLane : IDisposable
{
    private const int VectorsPerSlot = 2;

    // struct sockaddr_ll: family, protocol (big-endian, at 2), interface (4), length of the link address (11), link address (12).
    private const int LinkName = 20, MacSize = 6;
    private const ushort EtherIpV4 = 0x0008, EtherIpV6 = 0xdd86;

    private readonly EngineCounters _counters;
    private readonly int _fd;
    private readonly MMsgHdr* _messages;
    private readonly IoVec* _vectors;
    private readonly SockAddr* _targets;
    private readonly byte* _headers;
    private int _count;

    /// <summary>Makes a lane of <paramref name="slots"/> packets; the socket stays the caller's, -1: what is added is lost.</summary>
    public SendLane(EngineCounters counters, int fd, int slots)
    {
        _counters = counters;
        _fd = fd;
        _messages = (MMsgHdr*)NativeMemory.AllocZeroed((nuint)(slots * sizeof(MMsgHdr)));
        _targets = (SockAddr*)NativeMemory.AllocZeroed((nuint)(slots * sizeof(SockAddr)));
        _vectors = (IoVec*)NativeMemory.AllocZeroed((nuint)(slots * VectorsPerSlot * sizeof(IoVec)));
        _headers = (byte*)NativeMemory.AllocZeroed((nuint)(slots * PacketHeader.V6Size));
        for (int i = 0; i < slots; i++)
        {
            _vectors[i * VectorsPerSlot].Base = _headers + (i * PacketHeader.V6Size);
            ref var header = ref _messages[i].Header;
            header.Name = &_targets[i];
            header.Vectors = &_vectors[i * VectorsPerSlot];
            header.VectorCount = VectorsPerSlot;
        }
    }

    /// <summary>Adds a packet for the kernel to find a way for.</summary>
    public void Add(in OutputDatagram packet, byte* payload)
    {
        Fill(packet, payload);

        // A raw IPv6 socket refuses a port other than 0 here.
        _messages[_count].Header.NameLength = _targets[_count].Set(packet.Remote with { Port = 0 });
        _count++;
    }

    /// <summary>Adds a packet that goes to its next host as it is.</summary>
    public void Add(in OutputDatagram packet, byte* payload, NextHop hop)
    {
        var header = Fill(packet, payload);
        bool v6 = packet.Remote.Address.Family == IpFamily.V6;
        if (!v6)
        {
            PacketHeader.SetV4Checksum(header);
        }

        byte* name = (byte*)&_targets[_count];
        *(ushort*)name = LibC.AfPacket;
        *(ushort*)(name + 2) = v6 ? EtherIpV6 : EtherIpV4;
        *(int*)(name + 4) = hop.Interface;
        *(uint*)(name + 8) = MacSize << 24;
        *(ulong*)(name + 12) = hop.Mac;
        _messages[_count].Header.NameLength = LinkName;
        _count++;
    }

    /// <summary>Sends what was added.</summary>
    public void Send()
    {
        int start = 0;
        while (start < _count)
        {
            int sent = LibC.sendmmsg(_fd, _messages + start, (uint)(_count - start), LibC.MsgDontWait);
            if (sent > 0)
            {
                start += sent;
                continue;
            }

            // The first one failed: a full queue, no route, too long. It is lost; the others are tried.
            _counters.CountDrop(DropReason.SendFailed);
            start++;
        }

        _count = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_targets);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_headers);
    }

    private Span<byte> Fill(in OutputDatagram packet, byte* payload)
    {
        bool v6 = packet.Remote.Address.Family == IpFamily.V6;
        var bytes = new ReadOnlySpan<byte>(payload, packet.Length);
        var header = new Span<byte>(_headers + (_count * PacketHeader.V6Size), v6 ? PacketHeader.V6Size : PacketHeader.V4Size);
        if (v6)
        {
            PacketHeader.WriteV6(header, packet.Local, packet.Remote, bytes, packet.Tos);
        }
        else
        {
            PacketHeader.WriteV4(header, packet.Local, packet.Remote, bytes, packet.Tos);
        }

        _vectors[_count * VectorsPerSlot].Length = header.Length;
        _vectors[(_count * VectorsPerSlot) + 1] = new IoVec { Base = payload, Length = packet.Length };
        return header;
    }
}
