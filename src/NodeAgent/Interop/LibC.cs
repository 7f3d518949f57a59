using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RtpCluster.NodeAgent.Interop;

/// <summary>
/// The system calls of the packet plane. Signatures are blittable; a result below 0 is an error whose errno is <see cref="LastError"/>.
/// Nothing here throws.
/// </summary>
internal static unsafe partial class LibC
{
    public const int AfInet = 2;
    public const int AfInet6 = 10;
    public const int AfPacket = 17;
    public const int SockDgram = 2;
    public const int SockRaw = 3;
    public const int SockNonBlock = 0x800;
    public const int SockCloExec = 0x80000;
    public const int IpProtoRaw = 255;
    public const int SolSocket = 1;
    public const int SolIp = 0;
    public const int SolIpv6 = 41;
    public const int SoSndBuf = 7;
    public const int SoRcvBuf = 8;
    public const int SoAttachFilter = 26;
    public const int SoSndBufForce = 32;
    public const int SoRcvBufForce = 33;
    public const int SoMemInfo = 55;
    public const int IpTos = 1;
    public const int IpFreeBind = 15;
    public const int IpOrigDstAddr = 20;
    public const int Ipv6Only = 26;
    public const int Ipv6TrafficClass = 67;
    public const int Ipv6OrigDstAddr = 74;
    public const int Ipv6FreeBind = 78;
    public const int MsgTrunc = 0x20;
    public const int MsgDontWait = 0x40;
    public const int MsgNoSignal = 0x4000;
    public const int OpenCloExec = 0x80000;
    public const int EpollIn = 1;
    public const int EpollCtlAdd = 1;
    public const int EpollCtlDel = 2;
    public const int EpollCtlMod = 3;

    /// <summary>The errno of this thread's last failed call.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int bind(int fd, void* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsockname(int fd, void* address, int* length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsockopt(int fd, int level, int option, void* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsockopt(int fd, int level, int option, void* value, int* length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int recvmmsg(int fd, MMsgHdr* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sendmmsg(int fd, MMsgHdr* messages, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint send(int fd, void* bytes, nint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recv(int fd, void* bytes, nint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_ctl(int epoll, int operation, int fd, void* change);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_wait(int epoll, void* events, int max, int timeoutMillis);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, void* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, void* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int open(byte* path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    public static partial void close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsid();

    [LibraryImport("libc")]
    public static partial int gettid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setpriority(int which, int who, int priority);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_setaffinity(int pid, nint size, void* mask);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_getaffinity(int pid, nint size, void* mask);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int nanosleep(TimeSpec* request, TimeSpec* remaining);

    [LibraryImport("libc", SetLastError = true)]
    public static partial void* mmap(void* address, nint length, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int munmap(void* address, nint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getrlimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint syscall(nint number, nint arg1, void* arg2, nint arg3);

    /// <summary>Sets an int option; returns 0 or the errno.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int SetOption(int fd, int level, int option, int value) =>
        setsockopt(fd, level, option, &value, sizeof(int)) < 0 ? LastError : Errno.None;

    /// <summary>How many files this process may have open (RLIMIT_NOFILE).</summary>
    public static int MaxOpenFiles()
    {
        const int openFiles = 7;
        ulong* limits = stackalloc ulong[2];
        return getrlimit(openFiles, limits) < 0 ? 0 : (int)Math.Min(limits[0], int.MaxValue);
    }

    /// <summary>The system's words for an errno.</summary>
    public static string Describe(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";
}
