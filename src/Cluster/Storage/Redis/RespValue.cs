using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace RtpCluster.Cluster.Storage;

/// <summary>The kinds of values of the Redis protocol, RESP2.</summary>
internal enum RespKind : byte
{
    Null,
    Status,
    Error,
    Integer,
    Bulk,
    Array,
}

/// <summary>A value as Redis sent it.</summary>
internal readonly record struct RespValue(RespKind Kind, long Number, byte[] Bytes, RespValue[] Items)
{
    public bool IsNull => Kind == RespKind.Null;

    public bool IsError => Kind == RespKind.Error;

    /// <summary>The text of a string, a status or an error, one char per byte; of a number its digits.</summary>
    public string Text => Kind == RespKind.Integer ? Number.ToString(CultureInfo.InvariantCulture) : Encoding.Latin1.GetString(Bytes ?? []);

    /// <summary>The number, also when it came as text; 0: it is none.</summary>
    public long Integer => Kind == RespKind.Integer ? Number
        : Bytes is not null && Utf8Parser.TryParse(Bytes, out long number, out int used) && used == Bytes.Length ? number : 0;

    /// <summary>
    /// Reads the value at the start of <paramref name="bytes"/>. 1: read, <paramref name="size"/> bytes long; 0: incomplete; -1: not RESP.
    /// </summary>
    public static int TryRead(ReadOnlySpan<byte> bytes, out RespValue value, out int size, int depth = 0)
    {
        value = default;
        size = 0;
        int end = bytes.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return 0;
        }

        var head = bytes[1..Math.Max(end, 1)];
        size = end + 2;
        switch (end == 0 || depth > 8 ? 0 : bytes[0])
        {
            case (byte)'+':
                value = new(RespKind.Status, 0, head.ToArray(), []);
                return 1;
            case (byte)'-':
                value = new(RespKind.Error, 0, head.ToArray(), []);
                return 1;
            case (byte)':' when ToNumber(head, out long number):
                value = new(RespKind.Integer, number, [], []);
                return 1;
            case (byte)'$' when ToNumber(head, out long length) && length <= 512 * 1024 * 1024:
                return ReadBulk(bytes, (int)length, out value, ref size);
            case (byte)'*' when ToNumber(head, out long count) && count <= 16 * 1024 * 1024:
                return ReadArray(bytes, (int)count, out value, ref size, depth);
            default:
                return -1;
        }
    }

    private static bool ToNumber(ReadOnlySpan<byte> head, out long number) => Utf8Parser.TryParse(head, out number, out int used) && used == head.Length;

    private static int ReadBulk(ReadOnlySpan<byte> bytes, int length, out RespValue value, ref int size)
    {
        value = default;
        if (length < 0)
        {
            return 1;
        }

        if (bytes.Length < size + length + 2)
        {
            return 0;
        }

        value = new(RespKind.Bulk, 0, bytes.Slice(size, length).ToArray(), []);
        size += length + 2;
        return 1;
    }

    private static int ReadArray(ReadOnlySpan<byte> bytes, int count, out RespValue value, ref int size, int depth)
    {
        value = default;
        var items = new List<RespValue>(Math.Clamp(count, 0, 1024));
        for (int i = 0; i < count; i++)
        {
            int outcome = TryRead(bytes[size..], out var item, out int used, depth + 1);
            if (outcome != 1)
            {
                return outcome;
            }

            items.Add(item);
            size += used;
        }

        value = count < 0 ? default : new(RespKind.Array, 0, [], [.. items]);
        return 1;
    }
}
