using System.Collections.Concurrent;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Ipc;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>
/// Ports that are held for calls to come: bound, so that no other program gets them, and read by nobody. The plan that names one takes it
/// over. Safe for concurrent use.
/// </summary>
/// <param name="open">Opens a port: the descriptor, or a negative number when none is needed or (errno) it cannot be had.</param>
internal sealed class HeldPorts(PortOpener open) : IDisposable
{
    private readonly ConcurrentDictionary<NetEndpoint, int> _held = new();

    /// <summary>Holds ports; those that cannot be had are named in the reply.</summary>
    public HoldReply Hold(NetEndpoint[] ports)
    {
        List<NetEndpoint> refused = [];
        int last = Errno.None;
        foreach (var port in ports)
        {
            if (_held.ContainsKey(port))
            {
                continue;
            }

            int fd = open(port, out int errno);
            if (errno != Errno.None)
            {
                last = errno;
                refused.Add(port);
            }
            else
            {
                _held[port] = fd;
            }
        }

        return new HoldReply([.. refused], last);
    }

    /// <summary>Gives a port to the call whose plan names it; one that is not held is opened.</summary>
    /// <returns>The descriptor, or a negative number when none is needed or (errno) it cannot be had.</returns>
    public int Take(in NetEndpoint local, out int errno)
    {
        errno = Errno.None;
        return _held.TryRemove(local, out int fd) ? fd : open(local, out errno);
    }

    /// <summary>Gives ports up; others are ignored.</summary>
    public void Drop(IEnumerable<NetEndpoint> ports)
    {
        foreach (var port in ports)
        {
            if (_held.TryRemove(port, out int fd) && fd >= 0)
            {
                LibC.close(fd);
            }
        }
    }

    /// <summary>Gives all up: what a controller that is gone wanted them for is not known.</summary>
    public void DropAll() => Drop(_held.Keys);

    /// <inheritdoc/>
    public void Dispose() => DropAll();
}

/// <summary>Opens a port the way a packet tier needs it.</summary>
internal delegate int PortOpener(in NetEndpoint local, out int errno);
