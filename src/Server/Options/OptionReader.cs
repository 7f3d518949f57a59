namespace RtpCluster.Server.Options;

/// <summary>Merges the sources: command line over environment over config file over default; checks each value against its row.</summary>
public static class OptionReader
{
    private static readonly string[] DefaultFiles = ["/etc/rtpcluster/rtpcluster.conf", "/etc/rtpengine/rtpengine.conf"];
    private static readonly string[] DefaultSections = ["rtpcluster", "rtpengine"];

    /// <summary>Reads everything.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="environment">Looks an environment variable up; null: not set.</param>
    /// <param name="readFile">Reads a file; null: it does not exist.</param>
    public static OptionValues Read(IReadOnlyList<string> words, Func<string, string?> environment, Func<string, string?> readFile)
    {
        var values = new OptionValues();
        var commandLine = CommandLine.Read(words, values);
        var fromEnvironment = ReadEnvironment(environment);
        foreach (string word in values.Words)
        {
            values.Errors.Add(new OptionError(word, string.Empty, "command line", "neither an option nor a command", "See --help") { IsUsage = true });
        }

        Apply(values, ReadFile(values, commandLine, fromEnvironment, readFile), values.File?.Name ?? string.Empty);
        Apply(values, fromEnvironment, "environment");
        Apply(values, commandLine, "command line");
        Check(values);
        return values;
    }

    private static void Apply(OptionValues values, Dictionary<string, List<string>> found, string source)
    {
        foreach (var (name, entries) in found)
        {
            values.Set(name, new OptionValue(entries, source));
        }
    }

    private static Dictionary<string, List<string>> ReadEnvironment(Func<string, string?> environment)
    {
        var found = new Dictionary<string, List<string>>();
        foreach (var row in OptionTable.All)
        {
            if (environment(OptionTable.EnvironmentName(row)) is { Length: > 0 } text)
            {
                found[row.Name] = Split(row, text);
            }
        }

        return found;
    }

    private static Dictionary<string, List<string>> ReadFile(
        OptionValues values,
        Dictionary<string, List<string>> commandLine,
        Dictionary<string, List<string>> environment,
        Func<string, string?> readFile)
    {
        string wanted = Early("config-file", commandLine, environment);
        var found = new Dictionary<string, List<string>>();
        if (wanted == "none")
        {
            return found;
        }

        foreach (string name in wanted.Length > 0 ? [wanted] : DefaultFiles)
        {
            if (readFile(name) is { } text)
            {
                values.File = IniFile.Parse(name, text);
                break;
            }
        }

        if (values.File is null)
        {
            if (wanted.Length > 0)
            {
                values.Errors.Add(new OptionError("config-file", wanted, "command line", "cannot be read", "Check the name and its permissions"));
            }

            return found;
        }

        values.Errors.AddRange(values.File.Errors);
        TakeSection(values, values.File, Early("config-section", commandLine, environment), found);
        return found;
    }

    private static void TakeSection(OptionValues values, IniFile file, string wanted, Dictionary<string, List<string>> found)
    {
        var section = wanted.Length > 0 ? file.Section(wanted) : DefaultSections.Select(file.Section).FirstOrDefault(lines => lines is not null);
        if (section is null)
        {
            string name = wanted.Length > 0 ? wanted : DefaultSections[0];
            values.Errors.Add(new OptionError("config-section", name, file.Name, "no such section", $"Add [{name}] or name another with --config-section"));
            return;
        }

        foreach (var (key, text) in section)
        {
            if (OptionTable.ByName.TryGetValue(key, out var row))
            {
                found[key] = Split(row, text);
            }
            else
            {
                values.Errors.Add(new OptionError(key, text, file.Name, "unknown option", "Remove it, or see --help for its name"));
            }
        }
    }

    private static string Early(string name, params ReadOnlySpan<Dictionary<string, List<string>>> sources)
    {
        foreach (var source in sources)
        {
            if (source.TryGetValue(name, out var entries))
            {
                return entries[^1];
            }
        }

        return string.Empty;
    }

    private static List<string> Split(OptionSpec row, string text) => row.Kind == OptionKind.List
        ? [.. text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
        : [text];

    private static void Check(OptionValues values)
    {
        foreach (var row in OptionTable.All.Where(row => values.IsSet(row.Name)))
        {
            CheckKind(values, row);
            string text = values.Text(row.Name);
            bool differs = row.Kind == OptionKind.Flag ? OptionValues.IsTrue(text) : text != row.Default;
            if (differs && row.Support == OptionSupport.Ignored)
            {
                values.Warnings.Add($"option {row.Name}={text} ({values[row.Name].Source}) is accepted but not yet served: it has no effect");
            }
            else if (differs && row.Support == OptionSupport.Unnecessary)
            {
                values.Warnings.Add($"option {row.Name}={text} ({values[row.Name].Source}) is not needed: {row.Help}");
            }
            else if (differs && row.Support == OptionSupport.Refused)
            {
                values.Fail(row.Name, "not supported yet, and leaving it out in silence would lose a function", $"Remove {row.Name}");
            }
        }
    }

    private static void CheckKind(OptionValues values, OptionSpec row)
    {
        string text = values.Text(row.Name);
        switch (row.Kind)
        {
            case OptionKind.Flag when !OptionValues.IsTrue(text) && !OptionValues.IsFalse(text):
                values.Fail(row.Name, "not a switch", "Write true or false");
                break;
            case OptionKind.Integer when !long.TryParse(text, out long number):
                values.Fail(row.Name, "not a whole number", Range(row));
                break;
            case OptionKind.Integer when long.Parse(text) < row.Min || long.Parse(text) > row.Max:
                values.Fail(row.Name, "out of range", Range(row));
                break;
            case OptionKind.Text when row.Words.Length > 0 && !row.Words.Contains(text, StringComparer.OrdinalIgnoreCase):
                values.Fail(row.Name, "not one of its words", "Use one of " + string.Join(", ", row.Words));
                break;
            default:
                break;
        }
    }

    private static string Range(OptionSpec row) =>
        row.Min == int.MinValue ? "Write a whole number" : $"Write a whole number from {row.Min} to {row.Max}";
}
