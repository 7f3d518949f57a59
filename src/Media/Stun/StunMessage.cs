using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RtpCluster.Contracts;

namespace RtpCluster.Media.Stun;

/// <summary>
/// A STUN message read in place, RFC 8489 (and RFC 5389). Parsing checks the form only; who sent it is known after
/// <see cref="HasFingerprint"/> and <see cref="IsAuthentic"/>. Attributes behind MESSAGE-INTEGRITY are ignored, but FINGERPRINT.
/// </summary>
public readonly ref struct StunMessage
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 20;

    /// <summary>Bytes of a transaction id.</summary>
    public const int TransactionIdSize = 12;

    /// <summary>The method of ICE.</summary>
    public const int Binding = 1;

    internal const uint MagicCookie = 0x2112a442;
    internal const int HmacSize = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private StunMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Looks like STUN: first byte below 4 and the magic cookie (RFC 7983 section 7). Cheap; for the packet path.</summary>
    public static bool IsStun(ReadOnlySpan<byte> packet) =>
        packet.Length >= HeaderSize && packet[0] < 4 && BinaryPrimitives.ReadUInt32BigEndian(packet[4..]) == MagicCookie;

    /// <summary>Parses a datagram that holds exactly one message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out StunMessage message)
    {
        message = default;
        if (!IsStun(packet) || (packet.Length & 3) != 0 || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != packet.Length - HeaderSize)
        {
            return false;
        }

        int at = HeaderSize;
        while (at < packet.Length)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
            at += 4 + ((length + 3) & ~3);
            if (at > packet.Length)
            {
                return false;
            }
        }

        message = new StunMessage(packet);
        return true;
    }

    /// <summary>Class: its bits lie at 4 and 8 of the type.</summary>
    public StunClass Class => (StunClass)(((_bytes[0] & 1) << 1) | ((_bytes[1] >> 4) & 1));

    /// <summary>Method: the other twelve bits of the type.</summary>
    public int Method
    {
        get
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(_bytes);
            return (type & 0xf) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80);
        }
    }

    /// <summary>The transaction id.</summary>
    public ReadOnlySpan<byte> TransactionId => _bytes.Slice(8, TransactionIdSize);

    /// <summary>Finds an attribute's value.</summary>
    public bool TryGet(StunAttribute type, out ReadOnlySpan<byte> value)
    {
        int at = HeaderSize;
        while (at < _bytes.Length)
        {
            var found = TypeAt(at);
            int length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(at + 2)..]);
            if (found == type)
            {
                value = _bytes.Slice(at + 4, length);
                return true;
            }

            if (found == StunAttribute.MessageIntegrity && type != StunAttribute.Fingerprint)
            {
                break;
            }

            at += 4 + ((length + 3) & ~3);
        }

        value = default;
        return false;
    }

    /// <summary>Finds a number of four bytes.</summary>
    public bool TryGetNumber(StunAttribute type, out uint number)
    {
        bool found = TryGet(type, out var value) && value.Length == 4;
        number = found ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return found;
    }

    /// <summary>Finds a number of eight bytes: a tie-breaker.</summary>
    public bool TryGetTieBreaker(StunAttribute type, out ulong number)
    {
        bool found = TryGet(type, out var value) && value.Length == 8;
        number = found ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;
        return found;
    }

    /// <summary>The number of an error response; 0: none.</summary>
    public int ErrorCode => TryGet(StunAttribute.ErrorCode, out var value) && value.Length >= 4 ? ((value[2] & 7) * 100) + value[3] : 0;

    /// <summary>Finds the mapped address.</summary>
    public bool TryGetMappedAddress(out NetEndpoint mapped)
    {
        mapped = default;
        if (!TryGet(StunAttribute.XorMappedAddress, out var value) || value.Length < 4)
        {
            return false;
        }

        int size = value[1] switch { 1 => 4, 2 => 16, _ => 0 };
        if (size == 0 || value.Length != 4 + size)
        {
            return false;
        }

        Span<byte> address = stackalloc byte[16];
        for (int i = 0; i < size; i++)
        {
            address[i] = (byte)(value[4 + i] ^ _bytes[4 + i]); // cookie, then transaction id
        }

        ushort port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (MagicCookie >> 16));
        mapped = new NetEndpoint(IpAddress.FromBytes(address[..size]), port);
        return true;
    }

    /// <summary>Ends in a right FINGERPRINT.</summary>
    public bool HasFingerprint
    {
        get
        {
            int at = _bytes.Length - 8;
            return at >= HeaderSize && TryGetNumber(StunAttribute.Fingerprint, out uint number)
                && TypeAt(at) == StunAttribute.Fingerprint && number == StunCrc.Fingerprint(_bytes[..at]);
        }
    }

    /// <summary>Has a MESSAGE-INTEGRITY made with this key (ICE: the password of whoever gets the request).</summary>
    public bool IsAuthentic(ReadOnlySpan<byte> key)
    {
        if (!TryGet(StunAttribute.MessageIntegrity, out var given) || given.Length != HmacSize)
        {
            return false;
        }

        // The length field counts up to and with the attribute, whatever follows it (RFC 8489 section 14.5).
        int end = Offset(given) - 4;
        byte[] covered = _bytes[..end].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(covered.AsSpan(2), (ushort)(end + 4 + HmacSize - HeaderSize));
        Span<byte> expected = stackalloc byte[HmacSize];
        HMACSHA1.HashData(key, covered, expected);
        return CryptographicOperations.FixedTimeEquals(expected, given);
    }

    /// <summary>The USERNAME as text; null: none.</summary>
    public string? Username => TryGet(StunAttribute.Username, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>Attributes that must be understood and are not, at most eight.</summary>
    public int UnknownAttributes(Span<ushort> types)
    {
        int count = 0;
        int at = HeaderSize;
        while (at < _bytes.Length && count < types.Length)
        {
            var type = TypeAt(at);
            if (type == StunAttribute.MessageIntegrity)
            {
                break;
            }

            if ((ushort)type < 0x8000 && !Enum.IsDefined(type))
            {
                types[count++] = (ushort)type;
            }

            at += 4 + ((BinaryPrimitives.ReadUInt16BigEndian(_bytes[(at + 2)..]) + 3) & ~3);
        }

        return count;
    }

    private StunAttribute TypeAt(int at) => (StunAttribute)BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]);

    private int Offset(ReadOnlySpan<byte> part)
    {
        _bytes.Overlaps(part, out int offset);
        return offset;
    }
}
