using System.Buffers.Binary;

namespace RtpCluster.Media.Rtcp;

/// <summary>A BYE, RFC 3550 section 6.6.</summary>
public readonly ref struct Goodbye
{
    private readonly ReadOnlySpan<byte> _sources;

    private Goodbye(ReadOnlySpan<byte> sources, ReadOnlySpan<byte> reason)
    {
        _sources = sources;
        Reason = reason;
    }

    /// <summary>How many sources leave.</summary>
    public int Count => _sources.Length / 4;

    /// <summary>Why (UTF-8); empty: not said.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    /// <summary>A source that leaves.</summary>
    public uint this[int number] => BinaryPrimitives.ReadUInt32BigEndian(_sources[(4 * number)..]);

    /// <summary>Reads a BYE. False: another type, or its sources are cut off.</summary>
    public static bool TryParse(RtcpPacket packet, out Goodbye goodbye)
    {
        goodbye = default;
        var body = packet.Body;
        if (packet.Type != RtcpType.Goodbye || body.Length < 4 * packet.Count)
        {
            return false;
        }

        var rest = body[(4 * packet.Count)..];
        var reason = rest.Length > 0 && rest.Length > rest[0] ? rest.Slice(1, rest[0]) : [];
        goodbye = new Goodbye(body[..(4 * packet.Count)], reason);
        return true;
    }
}

/// <summary>An APP packet, RFC 3550 section 6.7.</summary>
public readonly ref struct ApplicationPacket
{
    private ApplicationPacket(int subtype, uint ssrc, uint name, ReadOnlySpan<byte> data)
    {
        Subtype = subtype;
        Ssrc = ssrc;
        Name = name;
        Data = data;
    }

    /// <summary>0 to 31.</summary>
    public int Subtype { get; }

    /// <summary>The sender.</summary>
    public uint Ssrc { get; }

    /// <summary>Four ASCII characters, the first in the highest byte.</summary>
    public uint Name { get; }

    /// <summary>What the application says.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads an APP packet.</summary>
    public static bool TryParse(RtcpPacket packet, out ApplicationPacket application)
    {
        var body = packet.Body;
        var ok = packet.Type == RtcpType.Application && body.Length >= 8;
        application = ok
            ? new ApplicationPacket(
                packet.Count, BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]), body[8..])
            : default;
        return ok;
    }
}

/// <summary>An RTPFB or PSFB packet, RFC 4585 section 6.1.</summary>
public readonly ref struct FeedbackPacket
{
    private FeedbackPacket(RtcpPacket packet, ReadOnlySpan<byte> body)
    {
        Type = packet.Type;
        Format = packet.Count;
        Sender = BinaryPrimitives.ReadUInt32BigEndian(body);
        Media = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        Control = body[8..];
    }

    /// <summary>Transport or payload feedback.</summary>
    public RtcpType Type { get; }

    /// <summary>Feedback message type: RTPFB 1 NACK, 15 transport-wide CC; PSFB 1 PLI, 4 FIR, 15 application (REMB).</summary>
    public int Format { get; }

    /// <summary>Who says it.</summary>
    public uint Sender { get; }

    /// <summary>Whom it is about; 0: named in <see cref="Control"/>.</summary>
    public uint Media { get; }

    /// <summary>Feedback control information.</summary>
    public ReadOnlySpan<byte> Control { get; }

    /// <summary>The bit rate of a REMB message in bit/s (draft-alvestrand-rmcat-remb-03 section 2.2).</summary>
    public bool TryGetEstimate(out long bitsPerSecond)
    {
        bool ok = Type == RtcpType.PayloadFeedback && Format == 15 && Control.Length >= 8 && Control[..4].SequenceEqual("REMB"u8);
        uint word = ok ? BinaryPrimitives.ReadUInt32BigEndian(Control[4..]) : 0;
        int exponent = (int)(word >> 18) & 63;
        bitsPerSecond = exponent > 40 ? long.MaxValue >> 4 : (long)(word & 0x3ffff) << exponent;
        return ok;
    }

    /// <summary>Reads an RTPFB or PSFB packet.</summary>
    public static bool TryParse(RtcpPacket packet, out FeedbackPacket feedback)
    {
        var body = packet.Body;
        var ok = packet.Type is RtcpType.TransportFeedback or RtcpType.PayloadFeedback && body.Length >= 8;
        feedback = ok ? new FeedbackPacket(packet, body) : default;
        return ok;
    }
}
