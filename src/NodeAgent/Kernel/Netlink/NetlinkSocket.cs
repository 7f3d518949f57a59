using System.Runtime.InteropServices;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Kernel.Netlink;

/// <summary>What became of a request.</summary>
/// <param name="Errno">0, or why it failed.</param>
/// <param name="Text">The kernel's words for it; empty: none.</param>
internal readonly record struct NetlinkResult(int Errno, string Text)
{
    /// <summary>It was done.</summary>
    public bool IsOk => Errno == Interop.Errno.None;

    /// <summary>Errno and words.</summary>
    public override string ToString() => IsOk ? "ok" : Text.Length > 0 ? $"{Text}: {LibC.Describe(Errno)}" : LibC.Describe(Errno);
}

/// <summary>Takes one message that answers a request. Messages are only valid during the call.</summary>
internal delegate void NetlinkReply(NetlinkMessage message);

/// <summary>
/// A generic netlink socket: a request goes out, its answers are read until the kernel has acknowledged it or ended its dump. The kernel
/// answers within the send call, so nothing here waits for anybody. One thread at a time.
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    private const int AfNetlink = 16, NetlinkGeneric = 16, SolNetlink = 270, CapAck = 10, ExtendedAck = 11, StrictCheck = 12;
    private const int SoReceiveTimeout = 20, ReceiveSeconds = 5;
    private const int BufferBytes = 512 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly int _fd;
    private uint _sequence;

    private NetlinkSocket(int fd) => _fd = fd;

    /// <summary>The writer of the next request.</summary>
    public NetlinkWriter Writer { get; } = new();

    /// <summary>Opens a socket; null: not possible here, <paramref name="errno"/> says why.</summary>
    public static NetlinkSocket? TryOpen(out int errno)
    {
        int fd = LibC.socket(AfNetlink, LibC.SockRaw | LibC.SockCloExec, NetlinkGeneric);
        if (fd < 0)
        {
            errno = LibC.LastError;
            return null;
        }

        LibC.SetOption(fd, SolNetlink, ExtendedAck, 1);
        LibC.SetOption(fd, SolNetlink, CapAck, 1);
        LibC.SetOption(fd, SolNetlink, StrictCheck, 1);
        UdpSocket.SetReceiveBuffer(fd, BufferBytes * 4);
        TimeSpec limit = new() { Seconds = ReceiveSeconds };
        LibC.setsockopt(fd, LibC.SolSocket, SoReceiveTimeout, &limit, sizeof(TimeSpec));
        errno = Errno.None;
        return new NetlinkSocket(fd);
    }

    /// <summary>Begins a request in <see cref="Writer"/>.</summary>
    public void Begin(ushort family, byte command, byte version, bool dump = false) => Writer.Begin(
        family, (ushort)(NetlinkFormat.Request | (dump ? NetlinkFormat.Dump : NetlinkFormat.Acknowledge)), ++_sequence, command, version);

    /// <summary>Sends what <see cref="Writer"/> holds and takes its answers.</summary>
    public NetlinkResult Request(NetlinkReply? onReply = null)
    {
        if (!Writer.IsValid)
        {
            return new NetlinkResult(Errno.MessageTooLong, "does not fit a netlink message");
        }

        var message = Writer.Message;
        nint sent;
        fixed (byte* bytes = message)
        {
            sent = LibC.send(_fd, bytes, message.Length, 0);
        }

        int errno = LibC.LastError;
        Writer.Wipe();
        return sent < 0 ? new NetlinkResult(errno, "") : ReadAnswers(onReply);
    }

    /// <summary>The number of a family by its name; 0: the kernel does not know it.</summary>
    public ushort ResolveFamily(string name, out NetlinkResult result)
    {
        const byte getFamily = 3, controlVersion = 2;
        const int familyId = 1, familyName = 2;
        ushort family = 0;
        Begin(NetlinkFormat.ControlFamily, getFamily, controlVersion);
        Writer.PutText(familyName, name);
        result = Request(message =>
        {
            foreach (var attribute in message.Attributes)
            {
                family = attribute.Type == familyId ? attribute.UInt16 : family;
            }
        });
        return family;
    }

    /// <inheritdoc/>
    public void Dispose() => LibC.close(_fd);

    private NetlinkResult ReadAnswers(NetlinkReply? onReply)
    {
        while (true)
        {
            nint received;
            fixed (byte* buffer = _buffer)
            {
                received = LibC.recv(_fd, buffer, _buffer.Length, LibC.MsgTrunc);
            }

            if (received < 0)
            {
                int errno = LibC.LastError;
                if (errno == Errno.Interrupted)
                {
                    continue;
                }

                return new NetlinkResult(errno, "no answer");
            }

            if (received > _buffer.Length)
            {
                return new NetlinkResult(Errno.MessageTooLong, "answer too long");
            }

            if (TryFinish(_buffer.AsSpan(0, (int)received), onReply, out var result))
            {
                return result;
            }
        }
    }

    private bool TryFinish(ReadOnlySpan<byte> datagram, NetlinkReply? onReply, out NetlinkResult result)
    {
        var reader = new NetlinkReader(datagram);
        while (reader.TryNext(out var message))
        {
            if (message.Sequence != _sequence)
            {
                continue;
            }

            if (message.TryReadResult(out int errno, out string text))
            {
                result = new NetlinkResult(errno, text);
                return true;
            }

            onReply?.Invoke(message);
        }

        result = default;
        return false;
    }
}
