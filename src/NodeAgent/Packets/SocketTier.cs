using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>The tier that always works: a socket per port, epoll.</summary>
internal sealed class SocketTier(MediaProcessOptions options) : PacketTier
{
    /// <inheritdoc/>
    public override string Name => "sockets";

    /// <inheritdoc/>
    public override ReactorIo CreateReactor(int index, ReactorEngine engine, EventFd wake) =>
        new SocketReactorIo(engine, wake, new RateLimit(options.PacketsPerSecond, options.BurstPackets), Held);

    /// <inheritdoc/>
    protected override int OpenPort(in NetEndpoint local, out int errno)
    {
        int fd = UdpSocket.Open(local, options.FreeBind, out errno);
        if (fd >= 0)
        {
            UdpSocket.SetReceiveBuffer(fd, options.PortReceiveBuffer);
        }

        return fd;
    }
}
