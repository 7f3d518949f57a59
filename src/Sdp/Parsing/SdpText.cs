using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>The small pieces SDP lines are made of. Nothing here throws.</summary>
internal static class SdpText
{
    /// <summary>Takes the next word off the text, and the blanks around it. Empty at the end.</summary>
    public static ReadOnlySpan<char> ReadWord(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart(' ');
        int end = text.IndexOf(' ');
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[end..].Trim(' ');
        return word;
    }

    /// <summary>Takes everything up to a separator off the text, and the separator.</summary>
    public static ReadOnlySpan<char> ReadUntil(ref ReadOnlySpan<char> text, char separator)
    {
        int end = text.IndexOf(separator);
        var part = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return part;
    }

    /// <summary>Reads a plain decimal number without sign or blanks.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out number);

    /// <summary>Takes a payload type, 0 to 127, and the blanks after it off the text.</summary>
    public static bool TryReadPayloadType(ref ReadOnlySpan<char> text, out byte payloadType) =>
        byte.TryParse(ReadWord(ref text), System.Globalization.NumberStyles.None, null, out payloadType) && payloadType < 128;

    /// <summary>Reads "IN IP4 address"; the address must fit the family.</summary>
    public static bool TryReadAddress(ReadOnlySpan<char> text, out IpAddress address)
    {
        var network = ReadWord(ref text);
        var family = ReadWord(ref text);
        var host = ReadWord(ref text);
        // A multicast connection line carries "/ttl" and "/count" behind the address.
        int slash = host.IndexOf('/');
        return IpAddress.TryParse(slash < 0 ? host : host[..slash], out address)
            && network.Equals("IN", StringComparison.OrdinalIgnoreCase)
            && family.Equals(FamilyName(address.Family), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>"IP4" or "IP6".</summary>
    public static string FamilyName(IpFamily family) => family == IpFamily.V6 ? "IP6" : "IP4";
}
