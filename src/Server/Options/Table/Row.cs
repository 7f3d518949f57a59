namespace RtpCluster.Server.Options.Table;

/// <summary>Short constructors for the rows of the option table, so that a row stays a line or two.</summary>
internal static class Row
{
    public static OptionSpec Flag(string group, string name, char shortFlag, string help) =>
        new(name, shortFlag, OptionKind.Flag, "false", group, help);

    public static OptionSpec Int(string group, string name, char shortFlag, long value, string unit, string help) =>
        new(name, shortFlag, OptionKind.Integer, value.ToString(), group, help) { Unit = unit };

    public static OptionSpec Text(string group, string name, char shortFlag, string value, string help) =>
        new(name, shortFlag, OptionKind.Text, value, group, help);

    public static OptionSpec Word(string group, string name, string value, string[] words, string help) =>
        new(name, '\0', OptionKind.Text, value, group, help) { Words = words };

    public static OptionSpec List(string group, string name, char shortFlag, string help) =>
        new(name, shortFlag, OptionKind.List, string.Empty, group, help);

    public static OptionSpec Between(this OptionSpec row, long min, long max) => row with { Min = min, Max = max };

    public static OptionSpec Danger(this OptionSpec row, string danger) => row with { Danger = danger };

    /// <summary>Accepted without effect: one warning.</summary>
    public static OptionSpec Later(this OptionSpec row) => row with { Support = OptionSupport.Ignored };

    /// <summary>Refused when set.</summary>
    public static OptionSpec NotYet(this OptionSpec row) => row with { Support = OptionSupport.Refused };

    /// <summary>Several rows of one kind that are only known by name.</summary>
    public static IEnumerable<OptionSpec> Named(string group, OptionKind kind, OptionSupport support, params string[] rows)
    {
        foreach (string row in rows)
        {
            // "name=default: help"
            int colon = row.IndexOf(": ", StringComparison.Ordinal);
            string head = row[..colon];
            int equals = head.IndexOf('=');
            string name = equals < 0 ? head : head[..equals];
            string value = equals < 0 ? (kind == OptionKind.Flag ? "false" : string.Empty) : head[(equals + 1)..];
            yield return new OptionSpec(name, '\0', kind, value, group, row[(colon + 2)..]) { Support = support };
        }
    }
}
