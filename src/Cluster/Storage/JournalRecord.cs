using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// One record of the journal: length (4 bytes), CRC-32C of the rest (4), kind (1), version (8), length of the call-id (2), call-id (Latin-1),
/// state. Numbers are little-endian. The layout is persisted.
/// </summary>
internal readonly record struct JournalRecord(bool IsDelete, StoredCall Call)
{
    private const int Header = 8;
    private const int Fixed = 11;

    /// <summary>Longest record that is believed; a longer length is a torn or damaged tail.</summary>
    private const int MaxLength = 64 * 1024 * 1024;

    /// <summary>The record's bytes.</summary>
    public byte[] ToBytes()
    {
        string id = Call.CallId.Value;
        int length = Fixed + id.Length + Call.State.Length;
        byte[] bytes = new byte[Header + length];
        var body = bytes.AsSpan(Header);
        body[0] = IsDelete ? (byte)2 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(body[1..], Call.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(body[9..], checked((ushort)id.Length));
        Encoding.Latin1.GetBytes(id, body[Fixed..]);
        Call.State.Span.CopyTo(body[(Fixed + id.Length)..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Checksum(body));
        return bytes;
    }

    /// <summary>Reads the record at the start of <paramref name="bytes"/>; false: torn, damaged or empty.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out JournalRecord record, out int size)
    {
        record = default;
        size = 0;
        if (bytes.Length < Header)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length < Fixed || length > MaxLength || length > bytes.Length - Header)
        {
            return false;
        }

        var body = bytes.Slice(Header, length);
        int idLength = BinaryPrimitives.ReadUInt16LittleEndian(body[9..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Checksum(body) || body[0] is not (1 or 2) || Fixed + idLength > length)
        {
            return false;
        }

        var id = new CallId(Encoding.Latin1.GetString(body.Slice(Fixed, idLength)));
        record = new(body[0] == 2, new(id, BinaryPrimitives.ReadInt64LittleEndian(body[1..]), body[(Fixed + idLength)..].ToArray()));
        size = Header + length;
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
