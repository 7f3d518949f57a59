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
    private const int AddMembership = 1, AddressBytes = 12;
    private const int SoReceiveTimeout = 20, ReceiveSeconds = 5, ListenMicros = 200_000;
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
        const int familyId = 1, familyName = 2, multicastGroups = 7;
        ushort family = 0;
        var groups = new Dictionary<string, uint>();
        Begin(NetlinkFormat.ControlFamily, getFamily, controlVersion);
        Writer.PutText(familyName, name);
        result = Request(message =>
        {
            foreach (var attribute in message.Attributes)
            {
                family = attribute.Type == familyId ? attribute.UInt16 : family;
                if (attribute.Type == multicastGroups)
                {
                    ReadGroups(attribute.Nest, groups);
                }
            }
        });
        Groups = groups;
        return family;
    }

    /// <summary>The multicast groups of the family that was resolved last, by name.</summary>
    public IReadOnlyDictionary<string, uint> Groups { get; private set; } = new Dictionary<string, uint>();

    /// <summary>Hears what is sent to a multicast group from now on, with <see cref="Listen"/>; such a socket asks nothing any more.</summary>
    public bool TryJoin(uint group)
    {
        TimeSpec limit = new() { Nanos = ListenMicros * 1000 };
        LibC.setsockopt(_fd, LibC.SolSocket, SoReceiveTimeout, &limit, sizeof(TimeSpec));

        // A socket without a number has that of the kernel, 0, and nobody hears what he has sent himself.
        ushort* address = stackalloc ushort[AddressBytes / 2];
        new Span<ushort>(address, AddressBytes / 2).Clear();
        address[0] = AfNetlink;
        return LibC.bind(_fd, address, AddressBytes) >= 0 && LibC.SetOption(_fd, SolNetlink, AddMembership, (int)group) == Errno.None;
    }

    /// <summary>
    /// Waits for announcements, for a fifth of a second at most. False: some were lost, because nobody listened for too long.
    /// </summary>
    public bool Listen(NetlinkReply onMessage)
    {
        nint received;
        fixed (byte* buffer = _buffer)
        {
            received = LibC.recv(_fd, buffer, _buffer.Length, 0);
        }

        if (received < 0)
        {
            return LibC.LastError != Errno.NoBufferSpace;
        }

        var reader = new NetlinkReader(_buffer.AsSpan(0, (int)received));
        while (reader.TryNext(out var message))
        {
            onMessage(message);
        }

        return true;
    }

    private static void ReadGroups(AttributeReader list, Dictionary<string, uint> groups)
    {
        const int groupName = 1, groupId = 2;
        foreach (var group in list)
        {
            string name = "";
            uint id = 0;
            foreach (var attribute in group.Nest)
            {
                name = attribute.Type == groupName ? attribute.Text : name;
                id = attribute.Type == groupId ? attribute.UInt32 : id;
            }

            groups[name] = id;
        }
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
