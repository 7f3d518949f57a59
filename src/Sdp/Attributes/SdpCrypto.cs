// a=crypto: RFC 4568 sections 5 and 9.1; suites of RFC 6188 and RFC 7714.
using System.Globalization;
using System.Numerics;
using System.Text;
using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>
/// <c>a=crypto:tag suite inline:key||salt[|lifetime][|mki:length] [session parameters]</c>. Only the first key of a list is used.
/// Secret: <see cref="ToString"/> prints no key, <see cref="AppendTo"/> does.
/// </summary>
public sealed record SdpCrypto
{
    private const string KeyMethod = "inline:";

    /// <summary>RFC 4568 bounds an MKI to 128 bytes: more decimal digits than this cannot be one.</summary>
    private const int MaxMkiDigits = 309;

    private static readonly string[] Flags = ["UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP"];

    /// <summary>Tag, 1 to 9 digits.</summary>
    public required int Tag { get; init; }

    /// <summary>Suite, keys, MKI and the three UN… session parameters.</summary>
    public required SrtpKeys Keys { get; init; }

    /// <summary>Lifetime as received, e.g. "2^31" or "1048576"; null: none.</summary>
    public string? Lifetime { get; init; }

    /// <summary>Other session parameters in order, as received (FEC_ORDER=…, FEC_KEY=…, WSH=…).</summary>
    public IReadOnlyList<string> OtherParameters { get; init; } = [];

    /// <summary>Parses the text after "crypto:"; base64 with or without padding.</summary>
    /// <param name="value">The text after "crypto:".</param>
    /// <param name="result">The attribute.</param>
    /// <param name="error">What is wrong; never contains key material.</param>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpCrypto? result, out string error)
    {
        result = null;
        var tagText = SdpText.ReadWord(ref value);
        var suiteName = SdpText.ReadWord(ref value);
        var keyText = SdpText.ReadWord(ref value);
        if (tagText.Length > 9 || !SdpText.TryReadNumber(tagText, out int tag))
        {
            error = "crypto tag is not a number of 1 to 9 digits";
            return false;
        }

        if (SrtpSuiteInfo.ByName(suiteName.ToString()) is not { } suite)
        {
            error = $"unknown crypto suite '{suiteName}'";
            return false;
        }

        if (!TryParseKey(keyText, suite, out var keys, out string? lifetime, out error))
        {
            return false;
        }

        keys = WithFlags(keys!, value, out var others);
        foreach (string parameter in others)
        {
            // Session keys would change every 2^n packets: accepting such a line means noise, refusing it lets another one win.
            if (parameter.StartsWith("KDR=", StringComparison.OrdinalIgnoreCase))
            {
                error = "crypto key derivation rate (KDR) is not supported";
                return false;
            }
        }

        result = new SdpCrypto { Tag = tag, Keys = keys, Lifetime = lifetime, OtherParameters = others };
        return true;
    }

    /// <summary>Appends the text after "crypto:".</summary>
    /// <param name="target">Where to.</param>
    /// <param name="pad">Keep the "=" of base64 (the peer's <c>pad</c>).</param>
    public void AppendTo(StringBuilder target, bool pad = false)
    {
        var info = SrtpSuiteInfo.Of(Keys.Suite);
        target.Append(CultureInfo.InvariantCulture, $"{Tag} {info.Name} {KeyMethod}");
        AppendBase64(target, pad);
        if (Lifetime is not null)
        {
            target.Append('|').Append(Lifetime);
        }

        if (Keys.Mki.Length > 0)
        {
            var mki = new BigInteger(Keys.Mki, isUnsigned: true, isBigEndian: true);
            target.Append(CultureInfo.InvariantCulture, $"|{mki}:{Keys.Mki.Length}");
        }

        AppendFlag(target, Keys.UnencryptedSrtp, Flags[0]);
        AppendFlag(target, Keys.UnencryptedSrtcp, Flags[1]);
        AppendFlag(target, Keys.UnauthenticatedSrtp, Flags[2]);
        foreach (string parameter in OtherParameters)
        {
            target.Append(' ').Append(parameter);
        }
    }

    /// <summary>Names tag and suite only, so that a stray log line leaks no key.</summary>
    public override string ToString() => $"{Tag} {Keys.Suite}";

    private static void AppendFlag(StringBuilder target, bool set, string name)
    {
        if (set)
        {
            target.Append(' ').Append(name);
        }
    }

    private void AppendBase64(StringBuilder target, bool pad)
    {
        Span<byte> secret = stackalloc byte[64];
        Span<char> text = stackalloc char[88];
        Keys.MasterKey.CopyTo(secret);
        Keys.MasterSalt.CopyTo(secret[Keys.MasterKey.Length..]);
        Convert.TryToBase64Chars(secret[..(Keys.MasterKey.Length + Keys.MasterSalt.Length)], text, out int length);
        var printed = (ReadOnlySpan<char>)text[..length];
        target.Append(pad ? printed : printed.TrimEnd('='));
        secret.Clear();
        text.Clear();
    }

    private static bool TryParseKey(
        ReadOnlySpan<char> text, SrtpSuiteInfo suite, out SrtpKeys? keys, out string? lifetime, out string error)
    {
        keys = null;
        lifetime = null;
        if (!text.StartsWith(KeyMethod, StringComparison.OrdinalIgnoreCase))
        {
            error = "crypto key method is not 'inline'";
            return false;
        }

        int next = text.IndexOf(';');
        text = (next < 0 ? text : text[..next])[KeyMethod.Length..];
        var base64 = SdpText.ReadUntil(ref text, '|');
        byte[] key = new byte[suite.KeyLength];
        byte[] salt = new byte[suite.SaltLength];
        if (!TryDecode(base64, key, salt))
        {
            error = $"crypto key of {suite.Name} is not base64 of {key.Length + salt.Length} bytes";
            return false;
        }

        var mki = Array.Empty<byte>();
        while (!text.IsEmpty)
        {
            var part = SdpText.ReadUntil(ref text, '|');
            if (!part.Contains(':'))
            {
                lifetime = part.ToString();
            }
            else if (!TryParseMki(part, out mki))
            {
                error = "crypto MKI is not value:length with a length of 1 to 128 bytes";
                return false;
            }
        }

        keys = new SrtpKeys { Suite = suite.Suite, MasterKey = key, MasterSalt = salt, Mki = mki };
        error = string.Empty;
        return true;
    }

    private static bool TryDecode(ReadOnlySpan<char> base64, Span<byte> key, Span<byte> salt)
    {
        base64 = base64.TrimEnd('=');
        Span<char> padded = stackalloc char[64];
        Span<byte> secret = stackalloc byte[48];
        if (base64.Length > padded.Length)
        {
            return false;
        }

        base64.CopyTo(padded);
        int length = (base64.Length + 3) / 4 * 4;
        padded[base64.Length..length].Fill('=');
        bool valid = Convert.TryFromBase64Chars(padded[..length], secret, out int decoded) && decoded == key.Length + salt.Length;
        if (valid)
        {
            secret[..key.Length].CopyTo(key);
            secret.Slice(key.Length, salt.Length).CopyTo(salt);
        }

        secret.Clear();
        padded.Clear();
        return valid;
    }

    private static bool TryParseMki(ReadOnlySpan<char> text, out byte[] mki)
    {
        mki = [];
        var value = SdpText.ReadUntil(ref text, ':');
        if (value.Length > MaxMkiDigits || !SdpText.TryReadNumber(text, out int length) || length is < 1 or > 128
            || !BigInteger.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        byte[] minimal = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        if (minimal.Length > length)
        {
            return false;
        }

        mki = new byte[length];
        minimal.CopyTo(mki, length - minimal.Length);
        return true;
    }

    private static SrtpKeys WithFlags(SrtpKeys keys, ReadOnlySpan<char> text, out IReadOnlyList<string> others)
    {
        Span<bool> set = [false, false, false];
        List<string>? unknown = null;
        while (!text.IsEmpty)
        {
            var word = SdpText.ReadWord(ref text);
            int index = 0;
            while (index < Flags.Length && !word.Equals(Flags[index], StringComparison.OrdinalIgnoreCase))
            {
                index++;
            }

            if (index < Flags.Length)
            {
                set[index] = true;
            }
            else
            {
                (unknown ??= []).Add(word.ToString());
            }
        }

        others = unknown ?? (IReadOnlyList<string>)[];
        return set[0] || set[1] || set[2]
            ? keys with { UnencryptedSrtp = set[0], UnencryptedSrtcp = set[1], UnauthenticatedSrtp = set[2] }
            : keys;
    }
}
