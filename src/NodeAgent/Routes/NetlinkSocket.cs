using System.Runtime.InteropServices;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Routes;

/// <summary>
/// A netlink socket (netlink(7)): asks the kernel one question at a time, or hears its announcements. Nothing throws; what fails gives no
/// messages. One thread.
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    public const int RouteProtocol = 0, TransformProtocol = 6, FilterProtocol = 12;
    public const ushort Request = 1, Dump = 0x300;

    private const int AfNetlink = 16, HeaderSize = 16, AddressSize = 12;
    private const int SoReceiveTimeout = 20;
    private const ushort Error = 2, Done = 3;

    private readonly byte[] _question = new byte[256];
    private readonly byte[] _answers = GC.AllocateUninitializedArray<byte>(64 * 1024);
    private int _used;
    private int _filled;
    private uint _sequence;

    /// <summary>Opens one; <paramref name="groups"/> is the bit mask of announcements to hear.</summary>
    public NetlinkSocket(int protocol, uint groups = 0)
    {
        Fd = LibC.socket(AfNetlink, LibC.SockRaw | LibC.SockCloExec | (groups != 0 ? LibC.SockNonBlock : 0), protocol);
        byte* address = stackalloc byte[AddressSize];
        new Span<byte>(address, AddressSize).Clear();
        *(ushort*)address = AfNetlink;
        *(uint*)(address + 8) = groups;
        if (LibC.bind(Fd, address, AddressSize) < 0)
        {
            return;
        }

        // An answer is there when the question has been sent; the limit is for a kernel that we misunderstand.
        long* second = stackalloc long[2] { 1, 0 };
        _ = LibC.setsockopt(Fd, LibC.SolSocket, SoReceiveTimeout, second, 2 * sizeof(long));
    }

    /// <summary>Its descriptor; below 0: this protocol cannot be had.</summary>
    public int Fd { get; }

    /// <summary>Begins a question with its fixed part.</summary>
    public NetlinkSocket Begin(ushort type, ushort flags, ReadOnlySpan<byte> body)
    {
        var header = _question.AsSpan();
        header.Clear();
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], flags);
        MemoryMarshal.Write(header[8..], ++_sequence);
        body.CopyTo(header[HeaderSize..]);
        _used = HeaderSize + Align(body.Length);
        return this;
    }

    /// <summary>Adds an attribute to the question.</summary>
    public NetlinkSocket With(ushort type, ReadOnlySpan<byte> value)
    {
        var attribute = _question.AsSpan(_used);
        MemoryMarshal.Write(attribute, (ushort)(4 + value.Length));
        MemoryMarshal.Write(attribute[2..], type);
        value.CopyTo(attribute[4..]);
        _used += 4 + Align(value.Length);
        return this;
    }

    /// <summary>Asks; <see cref="Next"/> gives the answers.</summary>
    public NetlinkSocket Ask()
    {
        MemoryMarshal.Write(_question, (uint)_used);
        fixed (byte* question = _question)
        {
            _ = LibC.send(Fd, question, _used, LibC.MsgNoSignal);
        }

        _used = _filled = 0;
        return this;
    }

    /// <summary>The next answer to the question; false: there is no more, or it was refused.</summary>
    public bool Next(out ushort type, out ReadOnlySpan<byte> body)
    {
        while (true)
        {
            while (_used + HeaderSize <= _filled)
            {
                var message = _answers.AsSpan(_used, _filled - _used);
                int length = (int)MemoryMarshal.Read<uint>(message);
                if (length < HeaderSize || length > message.Length)
                {
                    break;
                }

                _used += Align(length);
                type = MemoryMarshal.Read<ushort>(message[4..]);
                if (MemoryMarshal.Read<uint>(message[8..]) == _sequence)
                {
                    body = message[HeaderSize..length];
                    return type is not (Error or Done);
                }
            }

            if (!Fill())
            {
                type = 0;
                body = default;
                return false;
            }
        }
    }

    /// <summary>Takes all announcements; tells whether there were any, those included that the kernel had no room for.</summary>
    public bool Drain()
    {
        bool any = false;
        while (Fill())
        {
            any = true;
        }

        return any || LibC.LastError == Errno.NoBufferSpace;
    }

    /// <summary>Finds an attribute.</summary>
    public static bool TryFind(ReadOnlySpan<byte> attributes, ushort wanted, out ReadOnlySpan<byte> value)
    {
        const ushort typeMask = 0x3fff;
        while (attributes.Length >= 4)
        {
            int length = MemoryMarshal.Read<ushort>(attributes);
            if (length < 4 || length > attributes.Length)
            {
                break;
            }

            if ((MemoryMarshal.Read<ushort>(attributes[2..]) & typeMask) == wanted)
            {
                value = attributes[4..length];
                return true;
            }

            attributes = attributes[Math.Min(Align(length), attributes.Length)..];
        }

        value = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Fd >= 0)
        {
            LibC.close(Fd);
        }
    }

    private bool Fill()
    {
        fixed (byte* answers = _answers)
        {
            _used = 0;
            _filled = Math.Max(0, (int)LibC.recv(Fd, answers, _answers.Length, 0));
            return _filled > 0;
        }
    }

    private static int Align(int length) => (length + 3) & ~3;
}
