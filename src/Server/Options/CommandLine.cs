namespace RtpCluster.Server.Options;

/// <summary>
/// Reads the peer's command line forms: <c>--name value</c>, <c>--name=value</c>, <c>-n value</c>, <c>-nvalue</c>, switches together
/// (<c>-fE</c>), and values that begin with a minus (<c>-t -1</c>).
/// </summary>
public static class CommandLine
{
    private const string Source = "command line";

    /// <summary>Reads the words into values by option name; faults go to <paramref name="values"/>.</summary>
    public static Dictionary<string, List<string>> Read(IReadOnlyList<string> words, OptionValues values)
    {
        var found = new Dictionary<string, List<string>>();
        int index = 0;
        while (index < words.Count)
        {
            string word = words[index++];
            if (word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
            {
                ReadLong(word, words, ref index, found, values);
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                ReadShort(word, words, ref index, found, values);
            }
            else
            {
                values.Words.Add(word);
            }
        }

        return found;
    }

    private static void ReadLong(
        string word, IReadOnlyList<string> words, ref int index, Dictionary<string, List<string>> found, OptionValues values)
    {
        int equals = word.IndexOf('=');
        string name = equals < 0 ? word[2..] : word[2..equals];
        if (!OptionTable.ByName.TryGetValue(name, out var row))
        {
            values.Errors.Add(new OptionError("--" + name, string.Empty, Source, "unknown option", Suggestion(name)) { IsUsage = true });
        }
        else if (equals >= 0)
        {
            Add(found, row, word[(equals + 1)..]);
        }
        else if (row.Kind == OptionKind.Flag)
        {
            Add(found, row, "true");
        }
        else
        {
            TakeNext(row, "--" + name, words, ref index, found, values);
        }
    }

    private static void ReadShort(
        string word, IReadOnlyList<string> words, ref int index, Dictionary<string, List<string>> found, OptionValues values)
    {
        for (int at = 1; at < word.Length; at++)
        {
            if (!OptionTable.ByShort.TryGetValue(word[at], out var row))
            {
                values.Errors.Add(new OptionError("-" + word[at], string.Empty, Source, "unknown option", "See --help") { IsUsage = true });
                return;
            }

            if (row.Kind == OptionKind.Flag)
            {
                Add(found, row, "true");
                continue;
            }

            if (at + 1 < word.Length)
            {
                Add(found, row, word[(word[at + 1] == '=' ? at + 2 : at + 1)..]);
            }
            else
            {
                TakeNext(row, "-" + word[at], words, ref index, found, values);
            }

            return;
        }
    }

    // The next word is the value whatever it begins with, as in the peer: "-t -1".
    private static void TakeNext(
        OptionSpec row, string shown, IReadOnlyList<string> words, ref int index, Dictionary<string, List<string>> found, OptionValues values)
    {
        if (index >= words.Count)
        {
            values.Errors.Add(new OptionError(shown, string.Empty, Source, "the value is missing", $"Write {shown} VALUE") { IsUsage = true });
            return;
        }

        Add(found, row, words[index++]);
    }

    private static void Add(Dictionary<string, List<string>> found, OptionSpec row, string value)
    {
        if (!found.TryGetValue(row.Name, out var entries))
        {
            found[row.Name] = entries = [];
        }

        entries.Add(value);
    }

    private static string Suggestion(string name)
    {
        var near = OptionTable.All.Where(row => row.Name.StartsWith(name, StringComparison.Ordinal) || name.StartsWith(row.Name, StringComparison.Ordinal))
            .Select(row => "--" + row.Name).Take(3).ToArray();
        return near.Length == 0 ? "See --help" : "Did you mean " + string.Join(" or ", near);
    }
}
