using System.Buffers.Binary;

namespace RtpCluster.Media.Rtcp;

/// <summary>RTCP packet types (RFC 3550, 3611, 4585).</summary>
public enum RtcpType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Goodbye = 203,
    Application = 204,
    TransportFeedback = 205,
    PayloadFeedback = 206,
    ExtendedReport = 207,
}

/// <summary>One packet of a compound: its header is checked, its body is not.</summary>
public readonly ref struct RtcpPacket
{
    internal const int HeaderLength = 4;

    internal RtcpPacket(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The whole packet with its header and padding.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The packet type.</summary>
    public RtcpType Type => (RtcpType)Bytes[1];

    /// <summary>The five bits of the first byte: report count, chunk count, subtype or feedback message type.</summary>
    public int Count => Bytes[0] & 0x1f;

    /// <summary>What follows the four header bytes, without padding (a wrong padding count takes all of it).</summary>
    public ReadOnlySpan<byte> Body
    {
        get
        {
            var body = Bytes[HeaderLength..];
            if ((Bytes[0] & 0x20) == 0 || body.IsEmpty)
            {
                return body;
            }

            var padding = body[^1];
            return padding >= 1 && padding <= body.Length ? body[..^padding] : [];
        }
    }

    /// <summary>The first word of the body: the sender's SSRC in every type but SDES and an empty BYE.</summary>
    public bool TryGetSsrc(out uint ssrc)
    {
        var body = Body;
        ssrc = body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(body) : 0;
        return body.Length >= 4;
    }
}

/// <summary>Walks a compound RTCP packet; stops where the rest is no whole RTCP packet. For use in <c>foreach</c>.</summary>
public ref struct RtcpCompound
{
    private RtcpPacket _current;

    /// <summary>Starts before the first packet.</summary>
    public RtcpCompound(ReadOnlySpan<byte> compound) => Rest = compound;

    /// <summary>What has not been walked yet; empty at the end of a well-formed compound.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; }

    /// <summary>The packet that <see cref="MoveNext"/> found.</summary>
    public readonly RtcpPacket Current => _current;

    /// <summary>Every byte belongs to a whole RTCP packet.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> compound)
    {
        var walk = new RtcpCompound(compound);
        var any = false;
        while (walk.MoveNext())
        {
            any = true;
        }

        return any && walk.Rest.IsEmpty;
    }

    /// <summary>Bytes of the packet at the start; false: not version 2, or cut off.</summary>
    public static bool TryGetLength(ReadOnlySpan<byte> rest, out int length)
    {
        length = 0;
        if (rest.Length < RtcpPacket.HeaderLength || (rest[0] & 0xc0) != 0x80)
        {
            return false;
        }

        length = 4 * (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 1);
        return length <= rest.Length;
    }

    /// <summary>Goes to the next packet.</summary>
    public bool MoveNext()
    {
        if (!TryGetLength(Rest, out var length))
        {
            return false;
        }

        _current = new RtcpPacket(Rest[..length]);
        Rest = Rest[length..];
        return true;
    }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly RtcpCompound GetEnumerator() => this;
}
