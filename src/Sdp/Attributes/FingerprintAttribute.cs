// a=fingerprint: RFC 8122 section 5.
namespace RtpCluster.Sdp;

/// <summary><c>a=fingerprint:hash XX:XX:…</c>.</summary>
/// <param name="Hash">sha-1, sha-224, sha-256, sha-384, sha-512: lower case.</param>
/// <param name="Digest">The digest's bytes.</param>
public sealed record FingerprintAttribute(string Hash, byte[] Digest)
{
    private static readonly (string Name, int Length)[] Hashes =
        [("sha-256", 32), ("sha-1", 20), ("sha-224", 28), ("sha-384", 48), ("sha-512", 64)];

    /// <summary>Parses the text after "fingerprint:"; an unknown hash or a digest of a wrong length is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out FingerprintAttribute? result)
    {
        result = null;
        var name = SdpText.ReadWord(ref value);
        foreach (var (hash, length) in Hashes)
        {
            if (name.Equals(hash, StringComparison.OrdinalIgnoreCase))
            {
                var digest = new byte[length];
                if (!TryReadHex(value.TrimEnd(), digest))
                {
                    return false;
                }

                result = new FingerprintAttribute(hash, digest);
                return true;
            }
        }

        return false;
    }

    /// <summary>The text after "fingerprint:", hexadecimal in upper case.</summary>
    public override string ToString()
    {
        int start = Hash.Length + 1;
        return string.Create(start + (Digest.Length * 3) - 1, this, static (target, self) =>
        {
            self.Hash.CopyTo(target);
            int at = self.Hash.Length;
            target[at++] = ' ';
            for (int i = 0; i < self.Digest.Length; i++)
            {
                if (i > 0)
                {
                    target[at++] = ':';
                }

                self.Digest[i].TryFormat(target[at..], out _, "X2");
                at += 2;
            }
        });
    }

    /// <summary>Value equality over the digest's bytes.</summary>
    public bool Equals(FingerprintAttribute? other) =>
        other is not null && Hash == other.Hash && Digest.AsSpan().SequenceEqual(other.Digest);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Hash, Digest.Length > 3 ? BitConverter.ToInt32(Digest) : 0);

    private static bool TryReadHex(ReadOnlySpan<char> text, Span<byte> digest)
    {
        if (text.Length != (digest.Length * 3) - 1)
        {
            return false;
        }

        for (int i = 0; i < digest.Length; i++)
        {
            var pair = text.Slice(i * 3, 2);
            bool separated = i == 0 || text[(i * 3) - 1] == ':';
            if (!separated || !char.IsAsciiHexDigit(pair[0]) || !char.IsAsciiHexDigit(pair[1]))
            {
                return false;
            }

            digest[i] = byte.Parse(pair, System.Globalization.NumberStyles.AllowHexSpecifier);
        }

        return true;
    }
}
