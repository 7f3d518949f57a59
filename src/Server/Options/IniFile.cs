namespace RtpCluster.Server.Options;

/// <summary>A config file in the peer's form: <c>[section]</c>, <c>key = value</c>, comments with <c>#</c> or <c>;</c> at the start of a line.</summary>
public sealed class IniFile
{
    private readonly Dictionary<string, List<KeyValuePair<string, string>>> _sections = new(StringComparer.Ordinal);

    /// <summary>The file's name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Lines that are neither section, key nor comment.</summary>
    public List<OptionError> Errors { get; } = [];

    /// <summary>Names of the sections.</summary>
    public IEnumerable<string> Sections => _sections.Keys;

    /// <summary>Keys and values of a section in file order; null: no such section.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Section(string name) => _sections.GetValueOrDefault(name);

    /// <summary>Reads the text of a file.</summary>
    public static IniFile Parse(string name, string text)
    {
        var file = new IniFile { Name = name };
        List<KeyValuePair<string, string>>? section = null;
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                string title = line[1..^1];
                if (!file._sections.TryGetValue(title, out section))
                {
                    file._sections[title] = section = [];
                }

                continue;
            }

            int equals = line.IndexOf('=');
            if (equals <= 0 || section is null)
            {
                string problem = section is null ? "a line before the first [section]" : "a line without '='";
                file.Errors.Add(new OptionError(line, string.Empty, $"{name}:{number}", problem, "Write key = value below a [section]"));
                continue;
            }

            section.Add(new(line[..equals].Trim(), Unescape(line[(equals + 1)..].Trim())));
        }

        return file;
    }

    // The peer's files are GLib key files: \s is a space, \n a line end, \t a tab, \\ a backslash.
    private static string Unescape(string value) => !value.Contains('\\')
        ? value
        : value.Replace("\\\\", "\0").Replace("\\s", " ").Replace("\\n", "\n").Replace("\\t", "\t").Replace('\0', '\\');
}
