using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Load;

/// <summary>
/// The same UDP packet over and over, as fast as one thread can: whole IP packets through a packet socket past routing and queueing, which
/// is about twice as fast as a UDP socket. IPv4. One thread.
/// </summary>
public sealed unsafe partial class PacketFlood : IDisposable
{
    private const int Batch = 128, Payload = 172, PacketSize = 28 + Payload, NameSize = 20;
    private const int AfPacket = 17, SockDgram = 2, SolPacket = 263, QdiscBypass = 20;
    private readonly int _socket;
    private readonly byte* _memory;
    private readonly Message* _messages;

    /// <summary>Prepares packets from one host's device to a port of its neighbour.</summary>
    public PacketFlood(NetworkNamespace from, string device, NetworkNamespace to, string neighbour, string source, string target, ushort port)
    {
        _socket = from.Enter(() => Socket(AfPacket, SockDgram, 0));
        int one = 1;
        _ = SetOption(_socket, SolPacket, QdiscBypass, &one, sizeof(int));
        _memory = (byte*)NativeMemory.AllocZeroed(512);
        WritePacket(new Span<byte>(_memory, PacketSize), source, target, port);
        byte* name = _memory + 256;
        WriteName(new Span<byte>(name, NameSize), Describe(from, device).Index, Describe(to, neighbour).Mac);
        var vector = (nint*)(_memory + 320);
        vector[0] = (nint)_memory;
        vector[1] = PacketSize;
        _messages = (Message*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(Message));
        for (int i = 0; i < Batch; i++)
        {
            _messages[i].Name = name;
            _messages[i].NameLength = NameSize;
            _messages[i].Vectors = vector;
            _messages[i].VectorCount = 1;
        }
    }

    /// <summary>Sends a batch; returns how many packets the device took.</summary>
    public int Send() => Math.Max(0, SendMMsg(_socket, _messages, Batch, 0));

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Close(_socket);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_memory);
    }

    private static void WritePacket(Span<byte> packet, string source, string target, ushort port)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x4500_0000 | PacketSize);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], 0x0000_4000);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], 0x4011_0000);
        IPAddress.Parse(source).TryWriteBytes(packet[12..], out _);
        IPAddress.Parse(target).TryWriteBytes(packet[16..], out _);
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~(sum + (sum >> 16)));
        BinaryPrimitives.WriteUInt16BigEndian(packet[20..], 7000);
        BinaryPrimitives.WriteUInt16BigEndian(packet[22..], port);
        BinaryPrimitives.WriteUInt16BigEndian(packet[24..], 8 + Payload);
        packet[28] = 0x80;
    }

    // struct sockaddr_ll
    private static void WriteName(Span<byte> name, int index, byte[] mac)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(name, AfPacket);
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], 0x0800);
        BinaryPrimitives.WriteInt32LittleEndian(name[4..], index);
        name[11] = (byte)mac.Length;
        mac.CopyTo(name[12..]);
    }

    // "2: e0@if3: <...> ... link/ether 02:00:00:00:00:01 brd ..."
    private static (int Index, byte[] Mac) Describe(NetworkNamespace where, string device)
    {
        string[] words = ChildProcess.Run("ip", "-n", where.Name, "-o", "link", "show", "dev", device).Split(' ');
        string mac = words[Array.IndexOf(words, "link/ether") + 1];
        return (int.Parse(words[0].TrimEnd(':'), CultureInfo.InvariantCulture), Convert.FromHexString(mac.Replace(":", "", StringComparison.Ordinal)));
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int option, void* value, int length);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMMsg(int socket, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    // struct mmsghdr
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Message
    {
        public void* Name;
        public int NameLength;
        public void* Vectors;
        public nint VectorCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
        public uint Length;
    }
}
