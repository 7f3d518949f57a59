// a=extmap: RFC 8285 section 8.
namespace RtpCluster.Sdp;

/// <summary><c>a=extmap:id[/direction] uri [attributes]</c>.</summary>
/// <param name="Id">1 to 14 one-byte, to 255 two-byte, 4096 to 4351 provisional.</param>
/// <param name="Direction">Direction as received; null: none.</param>
/// <param name="Uri">Extension name.</param>
/// <param name="Attributes">Extension attributes as received; null: none.</param>
public readonly record struct ExtMapAttribute(int Id, string? Direction, string Uri, string? Attributes)
{
    /// <summary>Parses the text after "extmap:".</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out ExtMapAttribute result)
    {
        result = default;
        var head = SdpText.ReadWord(ref value);
        var id = SdpText.ReadUntil(ref head, '/');
        var uri = SdpText.ReadWord(ref value);
        if (!SdpText.TryReadNumber(id, out int number) || number is < 1 or > 4351 || uri.IsEmpty)
        {
            return false;
        }

        result = new ExtMapAttribute(
            number, head.IsEmpty ? null : head.ToString(), uri.ToString(), value.IsEmpty ? null : value.ToString());
        return true;
    }

    /// <summary>The text after "extmap:".</summary>
    public override string ToString()
    {
        string head = Direction is null ? $"{Id} {Uri}" : $"{Id}/{Direction} {Uri}";
        return Attributes is null ? head : $"{head} {Attributes}";
    }
}
