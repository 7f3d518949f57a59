namespace RtpCluster.NodeAgent.Interop;

/// <summary>Wakes a reactor from another thread.</summary>
internal sealed unsafe class EventFd : IDisposable
{
    /// <summary>The descriptor to watch.</summary>
    public int Fd { get; } = LibC.eventfd(0, LibC.SockNonBlock | LibC.SockCloExec);

    /// <summary>Makes the descriptor readable. Safe from any thread.</summary>
    public void Signal()
    {
        long one = 1;
        LibC.write(Fd, &one, sizeof(long));
    }

    /// <summary>Makes it unreadable again; harmless when it is.</summary>
    public void Clear()
    {
        long value;
        LibC.read(Fd, &value, sizeof(long));
    }

    /// <inheritdoc/>
    public void Dispose() => LibC.close(Fd);
}
