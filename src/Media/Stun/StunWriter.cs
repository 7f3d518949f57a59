using System.Buffers.Binary;
using System.Security.Cryptography;
using RtpCluster.Contracts;

namespace RtpCluster.Media.Stun;

/// <summary>Writes one STUN message, attribute by attribute: RFC 8489. Close it with integrity and fingerprint, in that order.</summary>
public ref struct StunWriter
{
    private readonly Span<byte> _target;
    private int _length;

    /// <summary>Begins a message.</summary>
    /// <param name="target">Where to; large enough for all that follows (a check needs less than 256 bytes).</param>
    /// <param name="type">Its class.</param>
    /// <param name="transactionId">Twelve bytes.</param>
    public StunWriter(Span<byte> target, StunClass type, scoped ReadOnlySpan<byte> transactionId)
    {
        _target = target;
        int bits = (((int)type & 2) << 7) | (((int)type & 1) << 4) | StunMessage.Binding;
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)bits);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], StunMessage.MagicCookie);
        transactionId.CopyTo(target[8..]);
        _length = StunMessage.HeaderSize;
        SetLength();
    }

    /// <summary>Bytes so far.</summary>
    public readonly int Length => _length;

    /// <summary>Adds an attribute.</summary>
    public void Add(StunAttribute type, scoped ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_target[_length..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(_target[(_length + 2)..], (ushort)value.Length);
        value.CopyTo(_target[(_length + 4)..]);
        int padded = (value.Length + 3) & ~3;
        _target.Slice(_length + 4 + value.Length, padded - value.Length).Clear();
        _length += 4 + padded;
        SetLength();
    }

    /// <summary>Adds a number of four bytes.</summary>
    public void Add(StunAttribute type, uint number)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, number);
        Add(type, value);
    }

    /// <summary>Adds a number of eight bytes.</summary>
    public void Add(StunAttribute type, ulong number)
    {
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(value, number);
        Add(type, value);
    }

    /// <summary>Adds XOR-MAPPED-ADDRESS.</summary>
    public void AddMappedAddress(in NetEndpoint endpoint)
    {
        Span<byte> value = stackalloc byte[20];
        int size = endpoint.Address.WriteBytes(value[4..]);
        value[0] = 0;
        value[1] = (byte)(size == 4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(endpoint.Port ^ (StunMessage.MagicCookie >> 16)));
        for (int i = 0; i < size; i++)
        {
            value[4 + i] ^= _target[4 + i];
        }

        Add(StunAttribute.XorMappedAddress, value[..(4 + size)]);
    }

    /// <summary>Adds ERROR-CODE.</summary>
    public void AddError(int code, scoped ReadOnlySpan<byte> reason)
    {
        Span<byte> value = stackalloc byte[4 + reason.Length];
        value.Clear();
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        reason.CopyTo(value[4..]);
        Add(StunAttribute.ErrorCode, value);
    }

    /// <summary>Adds MESSAGE-INTEGRITY made with a key.</summary>
    public void AddIntegrity(scoped ReadOnlySpan<byte> key)
    {
        // The length field has to count the attribute while it is made.
        int covered = _length;
        BinaryPrimitives.WriteUInt16BigEndian(_target[2..], (ushort)(covered + 4 + StunMessage.HmacSize - StunMessage.HeaderSize));
        Span<byte> hmac = stackalloc byte[StunMessage.HmacSize];
        HMACSHA1.HashData(key, _target[..covered], hmac);
        Add(StunAttribute.MessageIntegrity, hmac);
    }

    /// <summary>Adds FINGERPRINT, the last attribute.</summary>
    public void AddFingerprint()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_target[2..], (ushort)(_length + 8 - StunMessage.HeaderSize));
        Add(StunAttribute.Fingerprint, StunCrc.Fingerprint(_target[.._length]));
    }

    private readonly void SetLength() => BinaryPrimitives.WriteUInt16BigEndian(_target[2..], (ushort)(_length - StunMessage.HeaderSize));
}
