using RtpCluster.Contracts;
using RtpCluster.MediaEngine;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>A bound port of the socket tier and what its reactor remembers of it.</summary>
internal sealed class BoundSocket(int fd, int token, NetEndpoint local)
{
    /// <summary>Its descriptor.</summary>
    public readonly int Fd = fd;

    /// <summary>Its place in the reactor's table, and its epoll token.</summary>
    public readonly int Token = token;

    /// <summary>Its address.</summary>
    public readonly NetEndpoint Local = local;

    /// <summary>The engine's name for it; invalid until a plan has it.</summary>
    public PortHandle Handle;

    /// <summary>Theoretical arrival time of the rate limit.</summary>
    public long Arrival;

    /// <summary>Packets to ask for next time.</summary>
    public int Appetite = 1;

    /// <summary>When it was read last.</summary>
    public long LastRound;

    /// <summary>When a flooded port is looked at again.</summary>
    public long PausedUntil;

    /// <summary>What the kernel had dropped when we last looked.</summary>
    public uint QueueDrops;

    /// <summary>TOS that the descriptor is set to; -1: never set.</summary>
    public int Tos = -1;

    /// <summary>The descriptor is gone.</summary>
    public bool IsClosed;
}
