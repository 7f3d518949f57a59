using System.Runtime.InteropServices;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser.Losses;

/// <summary>A network device whose other end is this process: each IP packet that a host sends there is read here, and back. tun(4).</summary>
internal sealed partial class TunDevice : IDisposable
{
    private const int ReadWrite = 2;
    private const ulong SetInterface = 0x400454ca;
    private const short PlainTun = 0x1001; // IFF_TUN | IFF_NO_PI

    private TunDevice(int descriptor) => Descriptor = descriptor;

    /// <summary>For <c>poll</c>.</summary>
    public int Descriptor { get; }

    /// <summary>Makes the device in a namespace.</summary>
    public static TunDevice Create(NetworkNamespace where, string name) => where.Enter(() =>
    {
        int descriptor = Open("/dev/net/tun", ReadWrite);
        var request = new byte[40];
        System.Text.Encoding.ASCII.GetBytes(name).CopyTo(request, 0);
        BitConverter.TryWriteBytes(request.AsSpan(16), PlainTun);
        return descriptor >= 0 && Control(descriptor, SetInterface, request) == 0
            ? new TunDevice(descriptor)
            : throw new InvalidOperationException($"no tun device: errno {Marshal.GetLastPInvokeError()}");
    });

    /// <summary>Reads a packet; 0 or less: none.</summary>
    public int Read(byte[] packet) => (int)Read(Descriptor, packet, (nuint)packet.Length);

    /// <summary>Hands a packet to the host.</summary>
    public void Write(byte[] packet, int length) => _ = Write(Descriptor, packet, (nuint)length);

    /// <summary>Waits until one of two devices has a packet.</summary>
    public static (bool Left, bool Right) Wait(TunDevice left, TunDevice right, int millis)
    {
        Span<PollEntry> entries = [new PollEntry(left.Descriptor), new PollEntry(right.Descriptor)];
        _ = Poll(ref entries[0], 2, millis);
        return (entries[0].Returned != 0, entries[1].Returned != 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Close(Descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, ulong request, [In, Out] byte[] argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, [Out] byte[] buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte[] buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollEntry entries, nuint count, int millis);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    private struct PollEntry(int descriptor)
    {
        public int Descriptor = descriptor;
        public short Wanted = 1; // POLLIN
        public short Returned = 0;
    }
}
