namespace RtpCluster.Fuzz;

/// <summary>Random numbers of an input: the same seed gives the same input (SplitMix64).</summary>
internal struct FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Next(int limit)
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        z ^= z >> 31;
        return (int)(((UInt128)z * (uint)limit) >> 64);
    }
}

/// <summary>Makes damaged inputs out of valid ones: bytes, runs, numbers, grammar tokens, pieces of other inputs.</summary>
internal static class Mutator
{
    private const int MaxLength = 20_000;
    private const int MaxEdits = 8;

    private static readonly byte[][] Numbers =
    [
        .. ((string[])["0", "1", "-1", "127", "128", "255", "256", "32767", "32768", "65535", "65536", "2147483647", "2147483648", "4294967295",
            "4294967296", "9223372036854775807", "9223372036854775808", "99999999999999999999", "00", "1.5"])
            .Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private static readonly byte[] Bytes = [0, 1, 9, 10, 13, 32, 0x7f, 0x80, 0x81, 0xbe, 0xc8, 0xde, 0xff];

    /// <summary>The input of a seed.</summary>
    public static byte[] Make(FuzzTarget target, ulong seed)
    {
        var random = new FuzzRandom(seed);
        var bytes = new List<byte>(target.Corpus[random.Next(target.Corpus.Length)]);
        for (int edits = random.Next(MaxEdits + 1); edits > 0; edits--)
        {
            Edit(bytes, target, ref random);
        }

        if (bytes.Count > MaxLength)
        {
            bytes.RemoveRange(MaxLength, bytes.Count - MaxLength);
        }

        return [.. bytes];
    }

    private static void Edit(List<byte> bytes, FuzzTarget target, ref FuzzRandom random)
    {
        int at = random.Next(bytes.Count + 1);
        int run = Math.Min(1 + random.Next(1 << random.Next(8)), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = random.Next(2) == 0 ? Bytes[random.Next(Bytes.Length)] : (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, run);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, run));
                break;
            case 4 when target.Tokens.Length > 0:
                bytes.InsertRange(at, target.Tokens[random.Next(target.Tokens.Length)]);
                break;
            case 5:
                ReplaceNumber(bytes, at, Numbers[random.Next(Numbers.Length)]);
                break;
            case 6:
                Splice(bytes, at, target.Corpus[random.Next(target.Corpus.Length)], ref random);
                break;
            case 7 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                bytes.Insert(at, (byte)random.Next(256));
                break;
        }
    }

    /// <summary>Replaces the first run of digits from <paramref name="at"/> on.</summary>
    private static void ReplaceNumber(List<byte> bytes, int at, byte[] number)
    {
        int start = bytes.FindIndex(at, IsDigit);
        if (start < 0)
        {
            return;
        }

        int end = bytes.FindIndex(start, b => !IsDigit(b));
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, number);
    }

    private static void Splice(List<byte> bytes, int at, byte[] other, ref FuzzRandom random)
    {
        int from = random.Next(other.Length + 1);
        int length = random.Next(other.Length - from + 1);
        bytes.InsertRange(at, other.AsSpan(from, length).ToArray());
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
