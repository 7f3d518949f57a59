using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Interop;

/// <summary>Opens and closes sockets; every failure is an errno.</summary>
internal static unsafe class UdpSocket
{
    private const int MaxDiscarded = 4096;

    /// <summary>A non-blocking UDP socket bound to <paramref name="local"/>. Negative: failed, see <paramref name="errno"/>.</summary>
    public static int Open(in NetEndpoint local, bool freeBind, out int errno)
    {
        bool v6 = local.Address.Family == IpFamily.V6;
        int fd = LibC.socket(v6 ? LibC.AfInet6 : LibC.AfInet, LibC.SockDgram | LibC.SockNonBlock | LibC.SockCloExec, 0);
        if (fd < 0)
        {
            errno = LibC.LastError;
            return -1;
        }

        if (v6)
        {
            LibC.SetOption(fd, LibC.SolIpv6, LibC.Ipv6Only, 1);
        }

        if (freeBind)
        {
            // A fresh namespace may have lo down, and we only need some port of our own.
            LibC.SetOption(fd, v6 ? LibC.SolIpv6 : LibC.SolIp, v6 ? LibC.Ipv6FreeBind : LibC.IpFreeBind, 1);
        }

        SockAddr address = default;
        int length = address.Set(local);
        if (LibC.bind(fd, &address, length) < 0)
        {
            errno = LibC.LastError;
            LibC.close(fd);
            return -1;
        }

        errno = Errno.None;
        return fd;
    }

    /// <summary>A non-blocking raw socket that sends whole IP packets (IP_HDRINCL is implied by IPPROTO_RAW).</summary>
    public static int OpenRaw(IpFamily family, out int errno)
    {
        int domain = family == IpFamily.V6 ? LibC.AfInet6 : LibC.AfInet;
        int fd = LibC.socket(domain, LibC.SockRaw | LibC.SockNonBlock | LibC.SockCloExec, LibC.IpProtoRaw);
        errno = fd < 0 ? LibC.LastError : Errno.None;
        return fd;
    }

    /// <summary>A non-blocking packet socket that sends IP packets to a link address and receives nothing; -1: not allowed.</summary>
    public static int OpenLink() => LibC.socket(LibC.AfPacket, LibC.SockDgram | LibC.SockNonBlock | LibC.SockCloExec, 0);

    /// <summary>Sizes the receive queue; the forced variant passes net.core.rmem_max when we may.</summary>
    public static void SetReceiveBuffer(int fd, int bytes)
    {
        if (LibC.SetOption(fd, LibC.SolSocket, LibC.SoRcvBufForce, bytes) != Errno.None)
        {
            LibC.SetOption(fd, LibC.SolSocket, LibC.SoRcvBuf, bytes);
        }
    }

    /// <summary>Sizes the send queue, as <see cref="SetReceiveBuffer"/>.</summary>
    public static void SetSendBuffer(int fd, int bytes)
    {
        if (LibC.SetOption(fd, LibC.SolSocket, LibC.SoSndBufForce, bytes) != Errno.None)
        {
            LibC.SetOption(fd, LibC.SolSocket, LibC.SoSndBuf, bytes);
        }
    }

    /// <summary>Sets the TOS or traffic class of what the socket sends.</summary>
    public static void SetTos(int fd, IpFamily family, byte tos)
    {
        bool v6 = family == IpFamily.V6;
        LibC.SetOption(fd, v6 ? LibC.SolIpv6 : LibC.SolIp, v6 ? LibC.Ipv6TrafficClass : LibC.IpTos, tos);
    }

    /// <summary>Throws away what waits in the receive queue; a flood that goes on is left to the rate limit.</summary>
    public static void Discard(int fd)
    {
        byte nothing;
        for (int i = 0; i < MaxDiscarded && LibC.recv(fd, &nothing, 0, LibC.MsgDontWait | LibC.MsgTrunc) >= 0; i++)
        {
        }
    }

    /// <summary>Packets the kernel threw away because the socket's receive queue was full (SO_MEMINFO).</summary>
    public static uint ReadQueueDrops(int fd)
    {
        const int slots = 9, drops = 8;
        uint* info = stackalloc uint[slots];
        int length = slots * sizeof(uint);
        return LibC.getsockopt(fd, LibC.SolSocket, LibC.SoMemInfo, info, &length) < 0 ? 0 : info[drops];
    }

    /// <summary>Lets nothing in: a classic filter of one instruction, "accept 0 bytes". The kernel answers no ICMP for what it drops.</summary>
    public static int AttachDropFilter(int fd)
    {
        ulong instruction = 6; // BPF_RET | BPF_K, k = 0
        SockFilterProgram program = new() { Count = 1, Instructions = &instruction };
        return LibC.setsockopt(fd, LibC.SolSocket, LibC.SoAttachFilter, &program, sizeof(SockFilterProgram)) < 0 ? LibC.LastError : Errno.None;
    }

    /// <summary>struct sock_fprog.</summary>
    private struct SockFilterProgram
    {
        public ushort Count;
        public ulong* Instructions;
    }
}
