using System.Buffers.Binary;
using System.Diagnostics;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Addresses;

/// <summary>Speaks ARP and neighbour discovery on a device through a packet socket (packet(7)); needs CAP_NET_RAW. Safe for concurrent use.</summary>
internal static unsafe class LinkSpeaker
{
    private const int AddressSize = 20, MaxFrame = 1518;
    private const int SoReceiveTimeout = 20;

    /// <summary>Announces the address; returns the errno.</summary>
    public static int Announce(LinkDevice device, IpAddress address)
    {
        int fd = Open(device, address, out int errno);
        if (fd < 0)
        {
            return errno;
        }

        byte* frame = stackalloc byte[NeighbourFrame.MaxSize];
        int length = NeighbourFrame.WriteAnnouncement(new Span<byte>(frame, NeighbourFrame.MaxSize), device.Mac, address);
        errno = LibC.send(fd, frame, length, LibC.MsgNoSignal) < 0 ? LibC.LastError : Errno.None;
        LibC.close(fd);
        return errno;
    }

    /// <summary>Asks the link for the address and waits for an answer; blocks. False: none came, or nothing can be asked.</summary>
    public static bool IsAnswered(LinkDevice device, IpAddress address, int millis)
    {
        int fd = Open(device, address, out _);
        if (fd < 0)
        {
            return false;
        }

        byte* frame = stackalloc byte[MaxFrame];
        int length = NeighbourFrame.WriteProbe(new Span<byte>(frame, MaxFrame), device.Mac, address);
        bool answered = LibC.send(fd, frame, length, LibC.MsgNoSignal) >= 0 && Hear(fd, frame, device.Mac, address, millis);
        LibC.close(fd);
        return answered;
    }

    private static bool Hear(int fd, byte* frame, ReadOnlySpan<byte> mac, IpAddress address, int millis)
    {
        var clock = Stopwatch.StartNew();
        long* limit = stackalloc long[2];
        while (true)
        {
            // When time is up, what has come by then is still read: we may have been kept from looking.
            long left = Math.Max(0, millis - clock.ElapsedMilliseconds);
            (limit[0], limit[1]) = (left / 1000, left % 1000 * 1000);
            _ = LibC.setsockopt(fd, LibC.SolSocket, SoReceiveTimeout, limit, 2 * sizeof(long));
            int length = (int)LibC.recv(fd, frame, MaxFrame, left == 0 ? LibC.MsgDontWait : 0);
            if (length > 0 && NeighbourFrame.Claims(new ReadOnlySpan<byte>(frame, length), mac, address))
            {
                return true;
            }

            if (length <= 0 && left == 0)
            {
                return false;
            }
        }
    }

    private static int Open(LinkDevice device, IpAddress address, out int errno)
    {
        ushort protocol = address.Family == IpFamily.V6 ? NeighbourFrame.Ipv6Type : NeighbourFrame.ArpType;
        ushort network = BinaryPrimitives.ReverseEndianness(protocol);
        int fd = LibC.socket(LibC.AfPacket, LibC.SockRaw | LibC.SockCloExec, network);
        errno = fd < 0 ? LibC.LastError : Errno.None;
        if (fd < 0)
        {
            return -1;
        }

        // struct sockaddr_ll: family, protocol, interface index; the rest does not matter here.
        byte* name = stackalloc byte[AddressSize];
        new Span<byte>(name, AddressSize).Clear();
        *(ushort*)name = LibC.AfPacket;
        *(ushort*)(name + 2) = network;
        *(int*)(name + 4) = device.Index;
        if (LibC.bind(fd, name, AddressSize) < 0)
        {
            errno = LibC.LastError;
            LibC.close(fd);
            return -1;
        }

        return fd;
    }
}
