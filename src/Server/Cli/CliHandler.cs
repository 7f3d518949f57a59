using System.Text;
using RtpCluster.Contracts;

namespace RtpCluster.Server.Cli;

/// <summary>The operator's command line: finds the command with the most words that the line begins with, and runs it. Add a row to add a command.</summary>
public sealed class CliHandler(CliContext context) : ICliHandler
{
    private static readonly CliCommand[] Commands =
    [
        .. ListCommands.All, .. KnobCommands.All, .. CallCommands.All, .. ClusterCommands.All,
        CliCommand.Of("usage", string.Empty, "this text", (_, _) => Usage()),
        CliCommand.Of("help", string.Empty, "this text", (_, _) => Usage()),
        .. new[]
        {
            "ksadd", "ksrm", "kslist", "active", "standby", "debug", "media list", "media add", "media reload", "media evict",
            "set redisallowederrors", "set redisdisabletime", "set redisdisable", "set redisconnecttimeout", "set rediscmdtimeout", "list controltos", "set controltos",
        }.Select(CliCommand.Later),
    ];

    /// <inheritdoc/>
    public ValueTask<string> ExecuteAsync(string line, CancellationToken cancel)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
        {
            return ValueTask.FromResult(Usage());
        }

        // "get" is the peer's other word for "list".
        words[0] = words[0] == "get" ? "list" : words[0];
        var best = Commands.Where(command => Matches(command, words)).MaxBy(command => command.Words.Length);
        return best is null
            ? ValueTask.FromResult($"Unknown or incomplete command: {string.Join(' ', words)}\n{Similar(words[0])}")
            : best.Run(context, words[best.Words.Split(' ').Length..], cancel);
    }

    private static bool Matches(CliCommand command, string[] words)
    {
        string[] own = command.Words.Split(' ');
        return own.Length <= words.Length && own.SequenceEqual(words.Take(own.Length));
    }

    private static string Similar(string word)
    {
        var near = Commands.Where(command => command.Words.Split(' ')[0] == word).ToList();
        return near.Count == 0 ? "Type usage for the list of commands.\n" : Describe(near);
    }

    private static string Usage() => Describe(Commands);

    private static string Describe(IEnumerable<CliCommand> commands)
    {
        var text = new StringBuilder();
        foreach (var command in commands)
        {
            string head = command.Arguments.Length == 0 ? command.Words : $"{command.Words} {command.Arguments}";
            text.Append("  ").Append(head.PadRight(44)).Append(' ').Append(command.Help).Append('\n');
        }

        return text.ToString();
    }
}
