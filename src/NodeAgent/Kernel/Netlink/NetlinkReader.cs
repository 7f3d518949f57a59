using System.Text;

namespace RtpCluster.NodeAgent.Kernel.Netlink;

/// <summary>Goes over the messages of one datagram. What is damaged ends it; nothing throws.</summary>
internal ref struct NetlinkReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>Takes the next message; false: there is none, or the rest is damaged.</summary>
    public bool TryNext(out NetlinkMessage message)
    {
        message = default;
        if (_rest.Length < NetlinkFormat.HeaderBytes)
        {
            return false;
        }

        uint length = BitConverter.ToUInt32(_rest);
        if (length < NetlinkFormat.HeaderBytes || length > (uint)_rest.Length)
        {
            return false;
        }

        message = new NetlinkMessage(_rest[..(int)length]);
        _rest = _rest[Math.Min(NetlinkFormat.Align((int)length), _rest.Length)..];
        return true;
    }
}

/// <summary>One message; made by <see cref="NetlinkReader"/>, which has checked its header.</summary>
internal readonly ref struct NetlinkMessage(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Its kind, or the family that it belongs to.</summary>
    public ushort Type => BitConverter.ToUInt16(_bytes[4..]);

    /// <summary>Its flags.</summary>
    public ushort Flags => BitConverter.ToUInt16(_bytes[6..]);

    /// <summary>The request that it answers; 0: an event.</summary>
    public uint Sequence => BitConverter.ToUInt32(_bytes[8..]);

    /// <summary>Its generic netlink command; 0: it has none.</summary>
    public byte Command => _bytes.Length > NetlinkFormat.HeaderBytes ? _bytes[NetlinkFormat.HeaderBytes] : (byte)0;

    /// <summary>Its attributes.</summary>
    public AttributeReader Attributes => new(Behind(NetlinkFormat.HeaderBytes + NetlinkFormat.GenericBytes));

    /// <summary>Reads an acknowledgement, a refusal or the end of a dump.</summary>
    /// <param name="errno">0, or why it was refused.</param>
    /// <param name="text">The kernel's words; empty: none.</param>
    /// <returns>False: the message is none of these.</returns>
    public bool TryReadResult(out int errno, out string text)
    {
        errno = 0;
        text = "";
        if (Type is not (NetlinkFormat.Error or NetlinkFormat.Done))
        {
            return false;
        }

        var body = Behind(NetlinkFormat.HeaderBytes);
        if (body.Length < 4)
        {
            // A done without a code is a good one, an error without a code is damaged.
            errno = Type == NetlinkFormat.Done ? 0 : Interop.Errno.Invalid;
            return true;
        }

        int code = BitConverter.ToInt32(body);
        errno = code == int.MinValue ? Interop.Errno.Invalid : Math.Abs(code);
        if ((Flags & NetlinkFormat.ErrorAttributes) != 0)
        {
            text = ReadText(body[4..]);
        }

        return true;
    }

    private string ReadText(ReadOnlySpan<byte> rest)
    {
        if (Type == NetlinkFormat.Error)
        {
            // The refused request comes first: its header alone when it is capped.
            uint request = rest.Length >= 4 ? BitConverter.ToUInt32(rest) : uint.MaxValue;
            long skip = (Flags & NetlinkFormat.Capped) != 0 || errnoIsZero(_bytes) ? NetlinkFormat.HeaderBytes : (request + 3L) & ~3L;
            rest = skip <= rest.Length ? rest[(int)skip..] : default;
        }

        foreach (var attribute in new AttributeReader(rest))
        {
            if (attribute.Type == NetlinkFormat.ErrorText)
            {
                return attribute.Text;
            }
        }

        return "";

        static bool errnoIsZero(ReadOnlySpan<byte> message) => BitConverter.ToInt32(message[NetlinkFormat.HeaderBytes..]) == 0;
    }

    private ReadOnlySpan<byte> Behind(int offset) => offset <= _bytes.Length ? _bytes[offset..] : default;
}

/// <summary>Goes over attributes, also with <c>foreach</c>. What is damaged ends it; nothing throws.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The attribute reached.</summary>
    public NetlinkAttribute Current { get; private set; }

    /// <summary>Itself.</summary>
    public readonly AttributeReader GetEnumerator() => this;

    /// <summary>Goes to the next one.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < NetlinkFormat.AttributeBytes)
        {
            return false;
        }

        ushort length = BitConverter.ToUInt16(_rest);
        if (length < NetlinkFormat.AttributeBytes || length > _rest.Length)
        {
            return false;
        }

        Current = new NetlinkAttribute(
            BitConverter.ToUInt16(_rest[2..]) & NetlinkFormat.TypeMask, _rest[NetlinkFormat.AttributeBytes..length]);
        _rest = _rest[Math.Min(NetlinkFormat.Align(length), _rest.Length)..];
        return true;
    }
}

/// <summary>One attribute. A value shorter than asked for reads as if it went on with zeros, a longer one as its beginning.</summary>
/// <param name="type">Its number.</param>
/// <param name="value">Its bytes.</param>
internal readonly ref struct NetlinkAttribute(int type, ReadOnlySpan<byte> value)
{
    /// <summary>Its number.</summary>
    public int Type { get; } = type;

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>As a byte.</summary>
    public byte Byte => Value.Length > 0 ? Value[0] : (byte)0;

    /// <summary>As a 16-bit number.</summary>
    public ushort UInt16 => Value.Length >= 2 ? BitConverter.ToUInt16(Value) : Byte;

    /// <summary>As a 32-bit number.</summary>
    public uint UInt32 => Value.Length >= 4 ? BitConverter.ToUInt32(Value) : UInt16;

    /// <summary>As a 64-bit number.</summary>
    public ulong UInt64 => Value.Length >= 8 ? BitConverter.ToUInt64(Value) : UInt32;

    /// <summary>As a text, up to its first zero byte.</summary>
    public string Text
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>As a nest.</summary>
    public AttributeReader Nest => new(Value);
}
