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
        new SocketReactorIo(engine, wake, new RateLimit(options.PacketsPerSecond, options.BurstPackets), options.PortReceiveBuffer);

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Sockets belong to the reactors.
    }
}
