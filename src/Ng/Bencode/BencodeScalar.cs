using System.Buffers.Text;

namespace RtpCluster.Ng.Bencode;

/// <summary>The two scalars of bencode. Each reader moves <c>at</c> behind the scalar only when it is complete and valid.</summary>
internal static class BencodeScalar
{
    /// <summary>Longest <c>i..e</c>: the sign and 19 digits of a 64-bit integer, the letters, and a few leading zeros.</summary>
    public const int MaxIntegerLength = 32;

    /// <summary>Longest length prefix; beyond 999,999,999 bytes nothing is framed.</summary>
    public const int MaxLengthDigits = 9;

    /// <summary>Reads <c>i-12e</c>.</summary>
    public static bool TryReadInteger(ReadOnlySpan<byte> data, ref int at, out long number)
    {
        var rest = data[(at + 1)..];
        int end = rest[..Math.Min(rest.Length, MaxIntegerLength)].IndexOf((byte)'e');
        number = 0;
        if (end <= 0 || !Utf8Parser.TryParse(rest[..end], out number, out int used) || used != end)
        {
            return false;
        }

        at += end + 2;
        return true;
    }

    /// <summary>Reads <c>4:text</c>.</summary>
    public static bool TryReadString(ReadOnlySpan<byte> data, ref int at, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryReadLength(data[at..], out int length, out int prefix) || data.Length - at - prefix < length)
        {
            return false;
        }

        bytes = data.Slice(at + prefix, length);
        at += prefix + length;
        return true;
    }

    /// <summary>Reads the <c>4:</c> of a string. <paramref name="prefix"/> counts its bytes, colon included.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> data, out int length, out int prefix)
    {
        length = 0;
        prefix = 0;
        while (prefix < data.Length && prefix < MaxLengthDigits && data[prefix] is >= (byte)'0' and <= (byte)'9')
        {
            length = (length * 10) + (data[prefix++] - '0');
        }

        return prefix > 0 && prefix < data.Length && data[prefix++] == (byte)':';
    }
}
