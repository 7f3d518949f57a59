using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Load;

/// <summary>A UDP socket that sends and receives many datagrams per system call, with the kernel's receive time. One thread.</summary>
public sealed unsafe partial class DatagramSocket : IDisposable
{
    public const int Batch = 512, PacketSize = 172, MaxPacketSize = 240;
    private const int MaxNameSize = 28;
    private const int SolSocket = 1, SoTimestampNs = 35, SoRcvBufForce = 33, SoSndBufForce = 32, MsgDontWait = 0x40;
    private readonly Socket _socket;
    private readonly MMsgHdr* _headers;
    private readonly byte* _memory;

    private DatagramSocket(Socket socket)
    {
        _socket = socket;
        foreach (int option in new[] { SoRcvBufForce, SoSndBufForce })
        {
            _socket.SetRawSocketOption(SolSocket, option, BitConverter.GetBytes(32 << 20));
        }

        _socket.SetRawSocketOption(SolSocket, SoTimestampNs, BitConverter.GetBytes(1));
        _headers = (MMsgHdr*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(MMsgHdr));
        _memory = (byte*)NativeMemory.AllocZeroed(Batch, 512);
        for (int i = 0; i < Batch; i++)
        {
            byte* cell = _memory + (i * 512);
            var vector = (IoVec*)(cell + 256);
            vector->Base = cell;
            vector->Length = PacketSize;
            ref var header = ref _headers[i].Header;
            header.Name = cell + 288;
            header.Vectors = vector;
            header.VectorCount = 1;
            header.Control = cell + 320;
        }
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Binds one in a namespace; another socket may share its port, which gets what comes from the end that it is connected to.</summary>
    public static DatagramSocket Open(NetworkNamespace where, IPAddress address, int port) => where.Enter(() =>
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(address, port));
        return new DatagramSocket(socket);
    });

    /// <summary>The bytes of the i-th datagram of the next batch.</summary>
    public Span<byte> Cell(int i) => new(_memory + (i * 512), PacketSize);

    /// <summary>The same with room for what is longer.</summary>
    public Span<byte> Room(int i) => new(_memory + (i * 512), MaxPacketSize);

    /// <summary>Bytes of the i-th received datagram.</summary>
    public int Length(int i) => (int)_headers[i].Length;

    /// <summary>Aims the i-th datagram of the next batch, of <see cref="PacketSize"/> bytes.</summary>
    public void Aim(int i, uint addressHostOrder, ushort port)
    {
        Span<byte> name = stackalloc byte[16];
        name.Clear();
        name[0] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], port);
        BinaryPrimitives.WriteUInt32BigEndian(name[4..], addressHostOrder);
        Aim(i, name, PacketSize);
    }

    /// <summary>Aims the i-th datagram of the next batch.</summary>
    /// <param name="i">Which.</param>
    /// <param name="name">A socket address as the system wants it.</param>
    /// <param name="length">Bytes of the datagram.</param>
    public void Aim(int i, ReadOnlySpan<byte> name, int length)
    {
        name.CopyTo(new Span<byte>(_memory + (i * 512) + 288, MaxNameSize));
        _headers[i].Header.NameLength = (uint)name.Length;
        _headers[i].Header.Vectors->Length = (nuint)length;
    }

    /// <summary>Sends the first datagrams of the batch; returns how many the kernel took.</summary>
    public int Send(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _headers[i].Header.ControlLength = 0;
        }

        int sent = 0;
        while (sent < count)
        {
            int step = SendMMsg((int)_socket.Handle, _headers + sent, (uint)(count - sent), 0);
            if (step <= 0)
            {
                break;
            }

            sent += step;
        }

        return sent;
    }

    /// <summary>Takes what has arrived; returns the number of datagrams, 0 when none.</summary>
    public int Receive()
    {
        for (int i = 0; i < Batch; i++)
        {
            ref var header = ref _headers[i].Header;
            header.NameLength = MaxNameSize;
            header.ControlLength = 64;
            header.Vectors->Length = MaxPacketSize;
        }

        return Math.Max(0, RecvMMsg((int)_socket.Handle, _headers, Batch, MsgDontWait, null));
    }

    /// <summary>When the i-th received datagram reached the socket, ns since the epoch.</summary>
    public long ArrivedAt(int i)
    {
        long* control = (long*)(_memory + (i * 512) + 320);
        return (control[2] * 1_000_000_000) + control[3];
    }

    public void Dispose()
    {
        _socket.Dispose();
        NativeMemory.Free(_headers);
        NativeMemory.Free(_memory);
    }

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMMsg(int socket, MMsgHdr* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int RecvMMsg(int socket, MMsgHdr* messages, uint count, int flags, void* timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVec
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MsgHdr
    {
        public void* Name;
        public uint NameLength;
        public IoVec* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MMsgHdr
    {
        public MsgHdr Header;
        public uint Length;
    }
}
