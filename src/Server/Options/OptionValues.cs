namespace RtpCluster.Server.Options;

/// <summary>The value of an option and where it came from.</summary>
/// <param name="Entries">One entry, or several for a list.</param>
/// <param name="Source">"command line", "environment", a file name, "default".</param>
public sealed record OptionValue(IReadOnlyList<string> Entries, string Source)
{
    /// <summary>Where values that nobody set come from.</summary>
    public const string DefaultSource = "default";

    /// <summary>The last entry: later ones win for all but lists.</summary>
    public string Last => Entries.Count == 0 ? string.Empty : Entries[^1];
}

/// <summary>The merged configuration: for each option the value of the strongest source, with every fault found on the way.</summary>
public sealed class OptionValues
{
    private readonly Dictionary<string, OptionValue> _values = [];

    /// <summary>Faults; the node does not start with any.</summary>
    public List<OptionError> Errors { get; } = [];

    /// <summary>Things worth a line in the log.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The config file in use; null: none.</summary>
    public IniFile? File { get; internal set; }

    /// <summary>Words of the command line that are no options.</summary>
    public List<string> Words { get; } = [];

    /// <summary>Whether somebody set the option.</summary>
    public bool IsSet(string name) => _values.ContainsKey(name);

    /// <summary>The value of an option.</summary>
    public OptionValue this[string name] => _values.TryGetValue(name, out var value) ? value : DefaultOf(OptionTable.ByName[name]);

    /// <summary>A switch.</summary>
    public bool Flag(string name) => IsTrue(this[name].Last);

    /// <summary>A whole number; 0 when it is none (an error has been noted then).</summary>
    public long Integer(string name) => long.TryParse(this[name].Last, out long number) ? number : 0;

    /// <summary>Text.</summary>
    public string Text(string name) => this[name].Last;

    /// <summary>A list.</summary>
    public IReadOnlyList<string> List(string name) => this[name].Entries;

    /// <summary>Notes a fault of an option's value.</summary>
    public void Fail(string name, string problem, string remedy) => Fail(name, this[name].Last, problem, remedy);

    /// <summary>Notes a fault of one entry of an option.</summary>
    public void Fail(string name, string value, string problem, string remedy) =>
        Errors.Add(new OptionError(name, value, this[name].Source, problem, remedy));

    internal void Set(string name, OptionValue value) => _values[name] = value;

    internal static bool IsTrue(string text) => text is "true" or "yes" or "1" or "on";

    internal static bool IsFalse(string text) => text is "false" or "no" or "0" or "off";

    private static OptionValue DefaultOf(OptionSpec row) =>
        new(row.Default.Length == 0 && row.Kind == OptionKind.List ? [] : [row.Default], OptionValue.DefaultSource);
}
