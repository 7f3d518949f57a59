using RtpCluster.Contracts;
using RtpCluster.MediaEngine;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>
/// The network of one reactor: the seam between the loop and a packet tier. Every member runs on the reactor's thread; the virtual calls
/// are per round, never per packet.
/// </summary>
internal abstract class ReactorIo : IDisposable
{
    /// <summary>Where the engine writes what it sends.</summary>
    public abstract OutputBatch Output { get; }

    /// <summary>Opens a local port; returns 0 or the errno. Opening an open one is a success.</summary>
    public abstract int Bind(in NetEndpoint local);

    /// <summary>Closes a local port; unknown ones are ignored.</summary>
    public abstract void Close(in NetEndpoint local);

    /// <summary>Looks the port's handle up in the engine again, after a plan.</summary>
    public abstract void Refresh(in NetEndpoint local);

    /// <summary>Waits for packets or the wake-up, at most that long; 0 only looks. True: packets are there.</summary>
    public abstract bool Wait(int timeoutMillis);

    /// <summary>Feeds the engine one round of what has arrived, bounded; returns how many packets that were.</summary>
    public abstract int Receive(Instant now);

    /// <summary>Brings drop counters that live outside (kernel, BPF) into the engine's.</summary>
    public abstract void CollectDrops();

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A way to receive and send packets, the same for all reactors of the process.</summary>
internal abstract class PacketTier : IDisposable
{
    /// <summary>Prepares the tier.</summary>
    protected PacketTier() => Held = new HeldPorts(OpenPort);

    /// <summary>"sockets" or "sk_lookup".</summary>
    public abstract string Name { get; }

    /// <summary>Ports for calls to come. Any thread.</summary>
    public HeldPorts Held { get; }

    /// <summary>Makes the network of one reactor.</summary>
    public abstract ReactorIo CreateReactor(int index, ReactorEngine engine, Interop.EventFd wake);

    /// <inheritdoc/>
    public virtual void Dispose() => Held.Dispose();

    /// <summary>Opens a port for a call: the descriptor, or a negative number when none is needed or (errno) it cannot be had. Any thread.</summary>
    protected abstract int OpenPort(in NetEndpoint local, out int errno);
}
