using System.Runtime.InteropServices;

namespace RtpCluster.NodeAgent.Interop;

/// <summary>
/// A level-triggered epoll instance with its event buffer. One thread waits; adding and removing is safe from that thread only.
/// struct epoll_event is packed on x86-64 and naturally aligned elsewhere.
/// </summary>
internal sealed unsafe class EpollSet : IDisposable
{
    private static readonly int s_stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int s_dataOffset = s_stride - sizeof(long);

    private readonly byte* _events;
    private readonly int _capacity;
    private readonly int _fd;

    /// <summary>Creates the instance; <paramref name="capacity"/> is how many events one wait returns at most.</summary>
    public EpollSet(int capacity)
    {
        _capacity = capacity;
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * s_stride));
        _fd = LibC.epoll_create1(LibC.SockCloExec);
    }

    /// <summary>Watches a descriptor for input; returns 0 or the errno.</summary>
    public int Add(int fd, int token) => Control(LibC.EpollCtlAdd, fd, LibC.EpollIn, token);

    /// <summary>Stops (false) or resumes (true) watching a descriptor that stays in the set.</summary>
    public int SetEnabled(int fd, int token, bool enabled) => Control(LibC.EpollCtlMod, fd, enabled ? LibC.EpollIn : 0, token);

    /// <summary>Forgets a descriptor.</summary>
    public int Remove(int fd) => Control(LibC.EpollCtlDel, fd, 0, 0);

    /// <summary>Waits; returns how many events there are, 0 on timeout or interruption.</summary>
    public int Wait(int timeoutMillis)
    {
        int n = LibC.epoll_wait(_fd, _events, _capacity, timeoutMillis);
        return n < 0 ? 0 : n;
    }

    /// <summary>The token of event <paramref name="index"/> of the last wait.</summary>
    public int Token(int index) => (int)*(long*)(_events + (index * s_stride) + s_dataOffset);

    /// <inheritdoc/>
    public void Dispose()
    {
        LibC.close(_fd);
        NativeMemory.Free(_events);
    }

    private int Control(int operation, int fd, int events, int token)
    {
        byte* change = stackalloc byte[16];
        *(int*)change = events;
        *(long*)(change + s_dataOffset) = token;
        return LibC.epoll_ctl(_fd, operation, fd, change) < 0 ? LibC.LastError : Errno.None;
    }
}
