using System.Buffers.Binary;

namespace RtpCluster.Media.Rtcp;

/// <summary>SDES item types, RFC 3550 section 6.5.</summary>
public enum SdesType : byte
{
    End = 0,
    Cname = 1,
    Name = 2,
    Email = 3,
    Phone = 4,
    Location = 5,
    Tool = 6,
    Note = 7,
    Private = 8,
    Mid = 15,
}

/// <summary>Walks the items of all chunks of an SDES packet; stops at the first that is cut off. For use in <c>foreach</c>.</summary>
public ref struct SourceDescription
{
    private ReadOnlySpan<byte> _rest;
    private int _chunks;
    private readonly int _bodyLength;
    private bool _inChunk;

    /// <summary>Starts before the first item; an RTCP packet of another type has none.</summary>
    public SourceDescription(RtcpPacket packet)
    {
        _rest = packet.Type == RtcpType.SourceDescription ? packet.Body : [];
        _bodyLength = _rest.Length;
        _chunks = packet.Count;
    }

    /// <summary>Whom the current item describes.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>Type of the current item.</summary>
    public SdesType Type { get; private set; }

    /// <summary>Text of the current item (UTF-8).</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>For <c>foreach</c>: the walk itself, at its current item.</summary>
    public readonly SourceDescription Current => this;

    /// <summary>Goes to the next item.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            if (!_inChunk)
            {
                if (_chunks-- <= 0 || _rest.Length < 4)
                {
                    return false;
                }

                Ssrc = BinaryPrimitives.ReadUInt32BigEndian(_rest);
                _rest = _rest[4..];
                _inChunk = true;
            }

            if (_rest.IsEmpty)
            {
                return false;
            }

            if (_rest[0] != (byte)SdesType.End)
            {
                return TakeItem();
            }

            // The end mark is padded with zeros to the next word.
            var position = _bodyLength - _rest.Length;
            _rest = _rest[Math.Min(_rest.Length, 4 - (position & 3))..];
            _inChunk = false;
        }
    }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly SourceDescription GetEnumerator() => this;

    private bool TakeItem()
    {
        if (_rest.Length < 2 || _rest.Length < 2 + _rest[1])
        {
            _rest = [];
            _chunks = 0;
            return false;
        }

        Type = (SdesType)_rest[0];
        Value = _rest.Slice(2, _rest[1]);
        _rest = _rest[(2 + _rest[1])..];
        return true;
    }
}
