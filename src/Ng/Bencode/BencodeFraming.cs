namespace RtpCluster.Ng.Bencode;

/// <summary>What a stream's first bytes are.</summary>
public enum BencodeFrame
{
    /// <summary>A complete value.</summary>
    Complete,

    /// <summary>The start of a value: read on.</summary>
    Incomplete,

    /// <summary>No value can start like this: drop the connection.</summary>
    Invalid,
}

/// <summary>Finds the end of a bencode value in a byte stream that has no other delimiter (TCP). Keeps no state and allocates nothing.</summary>
public static class BencodeFraming
{
    /// <summary>
    /// Scans the value at the start of <paramref name="data"/>; <paramref name="length"/> is its length in bytes when complete.
    /// Only the structure is checked: whether dictionary keys are strings is the decoder's business.
    /// </summary>
    public static BencodeFrame TryFrame(ReadOnlySpan<byte> data, out int length)
    {
        int at = 0;
        int depth = 0;
        length = 0;
        while (at < data.Length)
        {
            var step = Step(data, ref at, ref depth);
            if (step != BencodeFrame.Complete)
            {
                return step;
            }

            if (depth == 0)
            {
                length = at;
                return BencodeFrame.Complete;
            }
        }

        return BencodeFrame.Incomplete;
    }

    private static BencodeFrame Step(ReadOnlySpan<byte> data, ref int at, ref int depth)
    {
        switch (data[at])
        {
            case (byte)'d' or (byte)'l':
                at++;
                return ++depth > NgCodec.MaxDepth + 1 ? BencodeFrame.Invalid : BencodeFrame.Complete;
            case (byte)'e':
                at++;
                return --depth < 0 ? BencodeFrame.Invalid : BencodeFrame.Complete;
            case (byte)'i':
                return BencodeScalar.TryReadInteger(data, ref at, out _) ? BencodeFrame.Complete
                    : MayGrow(data[(at + 1)..], BencodeScalar.MaxIntegerLength, (byte)'-');
            case >= (byte)'0' and <= (byte)'9':
                return BencodeScalar.TryReadString(data, ref at, out _) ? BencodeFrame.Complete : StringMayGrow(data[at..]);
            default:
                return BencodeFrame.Invalid;
        }
    }

    private static BencodeFrame StringMayGrow(ReadOnlySpan<byte> rest) =>
        BencodeScalar.TryReadLength(rest, out _, out _) ? BencodeFrame.Incomplete : MayGrow(rest, BencodeScalar.MaxLengthDigits + 1, (byte)'0');

    /// <summary>True digits to the end of what has come, and room for more.</summary>
    private static BencodeFrame MayGrow(ReadOnlySpan<byte> rest, int limit, byte alsoFirst)
    {
        if (!rest.IsEmpty && rest[0] == alsoFirst)
        {
            rest = rest[1..];
            limit--;
        }

        return rest.Length < limit && rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? BencodeFrame.Incomplete : BencodeFrame.Invalid;
    }
}
