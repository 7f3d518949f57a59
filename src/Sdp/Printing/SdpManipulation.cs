namespace RtpCluster.Sdp;

/// <summary>
/// What to change in one section (ng <c>sdp-attr</c>). Entries are the text after "a=" and match, without case, the full line, the name, or
/// "name:first word".
/// </summary>
public sealed record SdpManipulation
{
    /// <summary>Lines appended to the end of the section.</summary>
    public IReadOnlyList<string> Add { get; init; } = [];

    /// <summary>Lines left out.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>What matched is replaced by the value; the rest of the line stays.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Substitute { get; init; } = [];
}

/// <summary>All changes of one printed SDP.</summary>
public sealed class SdpManipulations
{
    private static readonly string[] Types = ["audio", "video", "image", "message", "text", "application"];
    private readonly Dictionary<string, SdpManipulation> _sections = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets the changes of a section: "none" or "global" (session), a media type, or "other".</summary>
    public SdpManipulation this[string section]
    {
        set => _sections[section.Equals("none", StringComparison.OrdinalIgnoreCase) ? "global" : section] = value;
    }

    /// <summary>Changes of the session section; null: none.</summary>
    public SdpManipulation? Session => _sections.GetValueOrDefault("global");

    /// <summary>Changes of the m= blocks of a type; null: none.</summary>
    public SdpManipulation? OfMedia(string type)
    {
        foreach (string known in Types)
        {
            if (known.Equals(type, StringComparison.OrdinalIgnoreCase))
            {
                return _sections.GetValueOrDefault(known);
            }
        }

        return _sections.GetValueOrDefault("other");
    }
}
