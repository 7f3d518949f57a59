using System.Buffers.Binary;

namespace RtpCluster.Media.Rtcp;

/// <summary>Block types of an XR packet that we read, RFC 3611 section 4.</summary>
public enum XrBlockType : byte
{
    ReceiverReferenceTime = 4,
    DelaySinceLastReference = 5,
    VoipMetrics = 7,
}

/// <summary>A sub-block of a DLRR block, RFC 3611 section 4.5.</summary>
/// <param name="Ssrc">Whose reference time report it answers.</param>
/// <param name="LastReference">Middle NTP bits of that report; 0: none came.</param>
/// <param name="Delay">Time since then in 1/65536 s.</param>
public readonly record struct DelaySinceReference(uint Ssrc, uint LastReference, uint Delay);

/// <summary>Walks the blocks of an XR packet; stops at the first that is cut off. For use in <c>foreach</c>.</summary>
public ref struct ExtendedReport
{
    private const int SubBlockLength = 12;

    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first block; an RTCP packet of another type has none.</summary>
    public ExtendedReport(RtcpPacket packet)
    {
        var body = packet.Type == RtcpType.ExtendedReport ? packet.Body : [];
        _rest = body.Length >= 4 ? body[4..] : [];
    }

    /// <summary>Type of the current block.</summary>
    public XrBlockType Type { get; private set; }

    /// <summary>The current block behind its four header bytes.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>For <c>foreach</c>: the walk itself, at its current block.</summary>
    public readonly ExtendedReport Current => this;

    /// <summary>The NTP timestamp of a receiver reference time block, RFC 3611 section 4.4.</summary>
    public readonly bool TryGetReferenceTime(out ulong ntpTimestamp)
    {
        var ok = Type == XrBlockType.ReceiverReferenceTime && Content.Length >= 8;
        ntpTimestamp = ok ? BinaryPrimitives.ReadUInt64BigEndian(Content) : 0;
        return ok;
    }

    /// <summary>A sub-block of a DLRR block, numbered from 0.</summary>
    public readonly bool TryGetDelay(int number, out DelaySinceReference delay)
    {
        delay = default;
        if (Type != XrBlockType.DelaySinceLastReference || (uint)number >= (uint)(Content.Length / SubBlockLength))
        {
            return false;
        }

        var block = Content[(number * SubBlockLength)..];
        delay = new DelaySinceReference(
            BinaryPrimitives.ReadUInt32BigEndian(block),
            BinaryPrimitives.ReadUInt32BigEndian(block[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[8..]));
        return true;
    }

    /// <summary>Goes to the next block.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < 4)
        {
            return false;
        }

        var length = 4 * BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (_rest.Length < 4 + length)
        {
            _rest = [];
            return false;
        }

        Type = (XrBlockType)_rest[0];
        Content = _rest.Slice(4, length);
        _rest = _rest[(4 + length)..];
        return true;
    }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly ExtendedReport GetEnumerator() => this;
}
