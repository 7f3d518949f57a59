namespace RtpCluster.Server.Options;

/// <summary>What an option's value is.</summary>
public enum OptionKind
{
    /// <summary>A switch: present on the command line, or true/false/yes/no/1/0 elsewhere.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Text that may be given several times; <c>;</c> separates entries in files and the environment.</summary>
    List,
}

/// <summary>How far the node serves an option.</summary>
public enum OptionSupport
{
    /// <summary>It does what it says.</summary>
    Served,

    /// <summary>Known and accepted, without effect yet. Nothing the operator relies on is lost: one warning.</summary>
    Ignored,

    /// <summary>Known and accepted; what it asked for is not needed here: one warning that says so.</summary>
    Unnecessary,

    /// <summary>Known, not served yet, and leaving it out in silence would lose a function: an error when it is set to anything but its default.</summary>
    Refused,

    /// <summary>Served, not shown by <c>--help</c>: for tests.</summary>
    Hidden,
}

/// <summary>One row of the option table.</summary>
/// <param name="Name">Long name, as in <c>--name</c>, the config file's key and, upper case with underscores, <c>RTPCLUSTER_NAME</c>.</param>
/// <param name="Short">Short flag; '\0': none.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Default">The default as text; empty: none.</param>
/// <param name="Group">Heading in the help.</param>
/// <param name="Help">What it does, one line.</param>
public sealed record OptionSpec(string Name, char Short, OptionKind Kind, string Default, string Group, string Help)
{
    /// <summary>Unit of the value, for the help; empty: none.</summary>
    public string Unit { get; init; } = string.Empty;

    /// <summary>Smallest number allowed.</summary>
    public long Min { get; init; } = int.MinValue;

    /// <summary>Largest number allowed.</summary>
    public long Max { get; init; } = int.MaxValue;

    /// <summary>The words a text value may be; empty: any.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>What can go wrong with it; empty: nothing.</summary>
    public string Danger { get; init; } = string.Empty;

    /// <summary>How far it is served.</summary>
    public OptionSupport Support { get; init; }
}

/// <summary>One fault of the configuration. All of them are reported at once.</summary>
/// <param name="Key">The option.</param>
/// <param name="Value">What was given.</param>
/// <param name="Source">Where: "command line", "environment", a file name, "default".</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record OptionError(string Key, string Value, string Source, string Problem, string Remedy)
{
    /// <summary>The fault is one of usage (unknown option, missing value), exit code 2, rather than of a value, exit code 1.</summary>
    public bool IsUsage { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Key}{(Value.Length > 0 ? $"={Value}" : string.Empty)} ({Source}): {Problem}. {Remedy}.";
}
