using System.Buffers.Binary;

namespace RtpCluster.Media.Rtp;

/// <summary>
/// The header of an RTP packet, RFC 3550 section 5.1, with CSRC list and header extension measured. Padding is not looked at, because it
/// is encrypted in SRTP: see <see cref="TryGetPadding"/>.
/// </summary>
public readonly struct RtpHeader
{
    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 12;

    private readonly byte _first;
    private readonly byte _second;

    private RtpHeader(ReadOnlySpan<byte> packet, int headerLength, int extensionOffset, int extensionLength, ushort profile)
    {
        _first = packet[0];
        _second = packet[1];
        Sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        Timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        Ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        PayloadOffset = headerLength;
        PayloadLength = packet.Length - headerLength;
        ExtensionOffset = extensionOffset;
        ExtensionLength = extensionLength;
        ExtensionProfile = profile;
    }

    /// <summary>Payload type, 0 to 127.</summary>
    public byte PayloadType => (byte)(_second & 0x7f);

    /// <summary>Marker bit.</summary>
    public bool Marker => (_second & 0x80) != 0;

    /// <summary>Padding bit.</summary>
    public bool HasPadding => (_first & 0x20) != 0;

    /// <summary>Extension bit.</summary>
    public bool HasExtension => (_first & 0x10) != 0;

    /// <summary>Contributing sources, 0 to 15.</summary>
    public int CsrcCount => _first & 0x0f;

    /// <summary>Sequence number.</summary>
    public ushort Sequence { get; }

    /// <summary>Timestamp in units of the payload type's clock.</summary>
    public uint Timestamp { get; }

    /// <summary>Synchronization source.</summary>
    public uint Ssrc { get; }

    /// <summary>Header length in bytes with CSRC list and extension: where the payload begins.</summary>
    public int PayloadOffset { get; }

    /// <summary>Bytes after the header, padding (and, in SRTP, tag and MKI) included.</summary>
    public int PayloadLength { get; }

    /// <summary>Where the extension's elements begin, behind its four header bytes; 0: no extension.</summary>
    public int ExtensionOffset { get; }

    /// <summary>Bytes of the extension's elements.</summary>
    public int ExtensionLength { get; }

    /// <summary>"Defined by profile" word of the extension: 0xBEDE for one-byte elements, 0x100x for two-byte ones (RFC 8285).</summary>
    public ushort ExtensionProfile { get; }

    /// <summary>Reads a header. False: not version 2, or shorter than its own header.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        header = default;
        if (packet.Length < FixedLength || (packet[0] & 0xc0) != 0x80)
        {
            return false;
        }

        var length = FixedLength + (4 * (packet[0] & 0x0f));
        if ((packet[0] & 0x10) == 0)
        {
            if (packet.Length < length)
            {
                return false;
            }

            header = new RtpHeader(packet, length, 0, 0, 0);
            return true;
        }

        if (packet.Length < length + 4)
        {
            return false;
        }

        var extension = 4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]);
        if (packet.Length < length + 4 + extension)
        {
            return false;
        }

        var profile = BinaryPrimitives.ReadUInt16BigEndian(packet[length..]);
        header = new RtpHeader(packet, length + 4 + extension, length + 4, extension, profile);
        return true;
    }

    /// <summary>
    /// Bytes of padding at the end of a plain packet, its count byte included; 0: none. False: the count is 0 or exceeds the payload.
    /// </summary>
    public static bool TryGetPadding(ReadOnlySpan<byte> packet, in RtpHeader header, out int padding)
    {
        padding = 0;
        if (!header.HasPadding)
        {
            return true;
        }

        if (header.PayloadLength < 1 || packet.Length < header.PayloadOffset + header.PayloadLength)
        {
            return false;
        }

        padding = packet[header.PayloadOffset + header.PayloadLength - 1];
        return padding >= 1 && padding <= header.PayloadLength;
    }
}
