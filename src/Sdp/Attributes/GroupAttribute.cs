// a=group: RFC 5888 section 5; BUNDLE: RFC 9143.
namespace RtpCluster.Sdp;

/// <summary><c>a=group:semantics mid mid …</c>.</summary>
/// <param name="Semantics">BUNDLE, LS, … as received.</param>
/// <param name="Mids">Members in order.</param>
public sealed record GroupAttribute(string Semantics, IReadOnlyList<string> Mids)
{
    /// <summary>True for BUNDLE.</summary>
    public bool IsBundle => Semantics.Equals("BUNDLE", StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses the text after "group:".</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out GroupAttribute? result)
    {
        result = null;
        var semantics = SdpText.ReadWord(ref value);
        if (semantics.IsEmpty)
        {
            return false;
        }

        var mids = new List<string>();
        while (!value.IsEmpty)
        {
            mids.Add(SdpText.ReadWord(ref value).ToString());
        }

        result = new GroupAttribute(semantics.ToString(), mids);
        return true;
    }

    /// <summary>The text after "group:".</summary>
    public override string ToString() => Mids.Count == 0 ? Semantics : $"{Semantics} {string.Join(' ', Mids)}";
}
