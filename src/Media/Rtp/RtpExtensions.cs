namespace RtpCluster.Media.Rtp;

/// <summary>
/// Walks the header extension elements of a packet, RFC 8285 sections 4.2 (one-byte) and 4.3 (two-byte). Stops at the first element that is
/// cut off; an extension of another profile has no elements. For use in <c>foreach</c>.
/// </summary>
public ref struct RtpExtensions
{
    /// <summary>Profile word of one-byte elements.</summary>
    public const ushort OneByteProfile = 0xbede;

    private const int EndOfOneByteElements = 15;

    private readonly bool _oneByte;
    private readonly int _end;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first element.</summary>
    public RtpExtensions(ReadOnlySpan<byte> packet, in RtpHeader header)
    {
        _oneByte = header.ExtensionProfile == OneByteProfile;
        var known = _oneByte || (header.ExtensionProfile & 0xfff0) == 0x1000;
        _rest = known ? packet.Slice(header.ExtensionOffset, header.ExtensionLength) : [];
        _end = header.ExtensionOffset + header.ExtensionLength;
    }

    /// <summary>Local identifier of the current element: 1 to 14, or 1 to 255 with two-byte elements.</summary>
    public byte Id { get; private set; }

    /// <summary>Data of the current element.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Where <see cref="Data"/> begins in the packet.</summary>
    public readonly int Offset => _end - _rest.Length - Data.Length;

    /// <summary>For <c>foreach</c>: the walk itself, at its current element.</summary>
    public readonly RtpExtensions Current => this;

    /// <summary>Goes to the next element.</summary>
    public bool MoveNext()
    {
        _rest = _rest.TrimStart((byte)0);
        if (_rest.IsEmpty)
        {
            return false;
        }

        var header = _oneByte ? 1 : 2;
        var id = _oneByte ? _rest[0] >> 4 : _rest[0];
        // Id 0 with a length, or 15: the list ends here.
        if (_rest.Length < header || (_oneByte && (id is 0 or EndOfOneByteElements)))
        {
            return Stop();
        }

        var length = _oneByte ? (_rest[0] & 0x0f) + 1 : _rest[1];
        if (_rest.Length < header + length)
        {
            return Stop();
        }

        Id = (byte)id;
        Data = _rest.Slice(header, length);
        _rest = _rest[(header + length)..];
        return true;
    }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly RtpExtensions GetEnumerator() => this;

    private bool Stop()
    {
        _rest = [];
        return false;
    }
}
