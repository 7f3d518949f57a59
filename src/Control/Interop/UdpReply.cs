using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RtpCluster.Control.Interop;

/// <summary>
/// Sends a datagram from a chosen local address (IP_PKTINFO, IPV6_PKTINFO). A client with a connected socket takes a reply only from the
/// address it asked, and <see cref="Socket"/> cannot choose one.
/// </summary>
internal static unsafe partial class UdpReply
{
    private const int DontWait = 0x40;
    private const int IpLevel = 0;
    private const int IpPktInfo = 8;
    private const int Ipv6Level = 41;
    private const int Ipv6PktInfo = 50;

    /// <summary>Sends without waiting; false when the kernel does not take it.</summary>
    public static bool TrySend(Socket socket, ReadOnlySpan<byte> payload, IPEndPoint to, IPAddress from, int interfaceIndex)
    {
        var name = to.Serialize();
        // cmsghdr (16 bytes), then in_pktinfo (12) or in6_pktinfo (20), padded to 8.
        byte* control = stackalloc byte[40];
        new Span<byte>(control, 40).Clear();
        int infoLength = from.AddressFamily == AddressFamily.InterNetwork ? 12 : 20;
        *(nint*)control = 16 + infoLength;
        if (infoLength == 12)
        {
            *(int*)(control + 8) = IpLevel;
            *(int*)(control + 12) = IpPktInfo;
            from.TryWriteBytes(new Span<byte>(control + 20, 4), out _);
        }
        else
        {
            *(int*)(control + 8) = Ipv6Level;
            *(int*)(control + 12) = Ipv6PktInfo;
            from.TryWriteBytes(new Span<byte>(control + 16, 16), out _);
            // Only a link-local address needs its link; for others the route decides.
            *(int*)(control + 32) = from.IsIPv6LinkLocal ? interfaceIndex : 0;
        }

        fixed (byte* data = payload)
        fixed (byte* address = name.Buffer.Span)
        {
            var vector = new IoVector { Data = data, Length = payload.Length };
            var message = new MessageHeader
            {
                Name = address,
                NameLength = (uint)name.Size,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = infoLength == 12 ? 32 : 40,
            };
            return SendMessage((int)socket.Handle, &message, DontWait) == payload.Length;
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    private static partial nint SendMessage(int socket, MessageHeader* message, int flags);

    private struct IoVector
    {
        public byte* Data;
        public nint Length;
    }

    private struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nint VectorCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }
}
