using System.Text;

namespace RtpCluster.NodeAgent.Kernel.Netlink;

/// <summary>
/// Writes one generic netlink message into a buffer that is used again and grows as needed. Attributes longer than 65,531 bytes cannot be
/// expressed: <see cref="IsValid"/> turns false. Not thread-safe.
/// </summary>
internal sealed class NetlinkWriter
{
    private byte[] _buffer = new byte[4096];
    private int _length;

    /// <summary>False once something did not fit the format; the message must not be sent.</summary>
    public bool IsValid { get; private set; }

    /// <summary>The message so far.</summary>
    public ReadOnlySpan<byte> Message
    {
        get
        {
            BitConverter.TryWriteBytes(_buffer, _length);
            return _buffer.AsSpan(0, _length);
        }
    }

    /// <summary>Begins a message.</summary>
    public void Begin(ushort family, ushort flags, uint sequence, byte command, byte version)
    {
        IsValid = true;
        _length = 0;
        var header = Take(NetlinkFormat.HeaderBytes + NetlinkFormat.GenericBytes);
        BitConverter.TryWriteBytes(header[4..], family);
        BitConverter.TryWriteBytes(header[6..], flags);
        BitConverter.TryWriteBytes(header[8..], sequence);
        header[NetlinkFormat.HeaderBytes] = command;
        header[NetlinkFormat.HeaderBytes + 1] = version;
    }

    /// <summary>Adds a byte.</summary>
    public void PutByte(int type, byte value) => Attribute(type, 1)[0] = value;

    /// <summary>Adds a 32-bit number.</summary>
    public void PutUInt32(int type, uint value) => BitConverter.TryWriteBytes(Attribute(type, 4), value);

    /// <summary>Adds a 32-bit number.</summary>
    public void Put(KernelAttribute type, uint value) => PutUInt32((int)type, value);

    /// <summary>Adds a 64-bit number.</summary>
    public void PutUInt64(int type, ulong value) => BitConverter.TryWriteBytes(Attribute(type, 8), value);

    /// <summary>Adds bytes.</summary>
    public void PutBytes(int type, ReadOnlySpan<byte> value) => value.CopyTo(Attribute(type, value.Length));

    /// <summary>Adds zeroed bytes to be filled in before the next call.</summary>
    public Span<byte> Reserve(int type, int length) => Attribute(type, length);

    /// <summary>Adds a text with its closing zero byte.</summary>
    public void PutText(int type, string value)
    {
        var bytes = Attribute(type, Encoding.Latin1.GetByteCount(value) + 1);
        Encoding.Latin1.GetBytes(value, bytes);
    }

    /// <summary>Opens a nest; hand the result to <see cref="EndNest"/>.</summary>
    public int BeginNest(int type)
    {
        int start = _length;
        Attribute(type | NetlinkFormat.Nested, 0);
        return start;
    }

    /// <summary>Closes a nest.</summary>
    public void EndNest(int start) => SetLength(start, _length - start);

    /// <summary>Overwrites what was written: keys do not stay behind in the buffer.</summary>
    public void Wipe() => _buffer.AsSpan(0, _length).Clear();

    private Span<byte> Attribute(int type, int payload)
    {
        int start = _length;
        var whole = Take(NetlinkFormat.Align(NetlinkFormat.AttributeBytes + payload));
        BitConverter.TryWriteBytes(whole[2..], (ushort)type);
        SetLength(start, NetlinkFormat.AttributeBytes + payload);
        return whole.Slice(NetlinkFormat.AttributeBytes, payload);
    }

    private void SetLength(int start, int length)
    {
        IsValid &= length <= ushort.MaxValue;
        BitConverter.TryWriteBytes(_buffer.AsSpan(start), (ushort)length);
    }

    private Span<byte> Take(int bytes)
    {
        if (_length + bytes > _buffer.Length)
        {
            byte[] old = _buffer;
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
            Array.Clear(old);
        }

        var taken = _buffer.AsSpan(_length, bytes);
        taken.Clear();
        _length += bytes;
        return taken;
    }
}
