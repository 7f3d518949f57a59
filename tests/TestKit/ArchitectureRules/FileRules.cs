using System.Text.RegularExpressions;

namespace RtpCluster.TestKit.ArchitectureRules;

/// <summary>A rule about files: where it looks and what it must not find.</summary>
/// <param name="Name">What it demands.</param>
/// <param name="Applies">Which files it reads.</param>
/// <param name="Finds">What is wrong with a text; null: nothing.</param>
public sealed record FileRule(string Name, Func<string, bool> Applies, Func<string, string?> Finds);

/// <summary>The rules about files: add a row to add a rule.</summary>
public static partial class FileRules
{
    private const int MaxLines = 600;

    private static readonly string[] Sleepers =
        ["src/Control/", "src/NodeAgent/", "tests/Unit/NodeAgent/MediaProcess/", "tests/Netns/", "tests/Drills/", "tests/Bench/", "src/Cluster/ClusterTime.cs",
        "src/Cluster/Storage/Redis/", "src/Server/Roles/Cluster/", "tests/TestKit/Redis/"];

    /// <summary>The rows.</summary>
    public static IReadOnlyList<FileRule> All { get; } =
    [
        new("no file is longer than 600 lines", IsCode, static text =>
            text.Count(c => c == '\n') is > MaxLines and var lines ? $"{lines} lines" : null),
        new("nothing sleeps: time is driven, waits are for events", MayNotSleep, static text => Found(Sleeps(), text)),
        new("nothing is left to do in the code", IsOwnCode, static text => Found(Leftovers(), text)),
        new("no machine's paths", IsText, static text => Found(MachinePaths(), text)),
        new("one blank line at most, and LF line ends", IsCode, static text =>
            text.Contains('\r') ? "CR" : text.Contains("\n\n\n") ? "blank lines" : null),
    ];

    private static bool IsCode(string file) => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".c", StringComparison.Ordinal)
        || file.EndsWith(".h", StringComparison.Ordinal);

    // This file names what it forbids.
    private static bool IsOwnCode(string file) => IsCode(file) && !file.EndsWith("ArchitectureRules/FileRules.cs", StringComparison.Ordinal);

    // The shells that own sockets and processes pace them and bound waits; tests with real processes poll.
    private static bool MayNotSleep(string file) => IsOwnCode(file) && !Sleepers.Any(folder => file.StartsWith(folder, StringComparison.Ordinal));

    private static bool IsText(string file) => !file.EndsWith("ArchitectureRules/FileRules.cs", StringComparison.Ordinal)
        && !file.StartsWith("tests/Golden/Data", StringComparison.Ordinal);

    private static string? Found(Regex pattern, string text)
    {
        var match = pattern.Match(text);
        return match.Success ? $"'{match.Value}' in line {text.AsSpan(0, match.Index).Count('\n') + 1}" : null;
    }

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\((?!Timeout\.Infinite)")]
    private static partial Regex Sleeps();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Leftovers();

    [GeneratedRegex(@"(?<![\w.])/(work|home/\w+)/[a-z]")]
    private static partial Regex MachinePaths();
}
