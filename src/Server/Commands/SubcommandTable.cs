using RtpCluster.NodeAgent.MediaProcess;
using RtpCluster.Server.Demo;

namespace RtpCluster.Server.Commands;

/// <summary>A command of the one binary.</summary>
/// <param name="Name">Its first word.</param>
/// <param name="Help">One line.</param>
/// <param name="Run">Runs it with the words behind its name; returns the exit code.</param>
internal sealed record Subcommand(string Name, string Help, Func<string[], Task<int>> Run);

/// <summary>The commands of the binary: add a row to add a command. Without a command it runs a node.</summary>
internal static class SubcommandTable
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Subcommand> All { get; } =
    [
        new("ctl", "send a command to a running node: rtpcluster ctl [--to=host:port] list sessions all", CtlCommand.RunAsync),
        new("demo", "play a room of two publishers and three subscribers: rtpcluster demo [--to=host:port] [--seconds=20]", DemoCommand.RunAsync),
        new("media", "the media process; the node starts it", static words => Task.FromResult(MediaProcessHost.Main(words))),
    ];

    /// <summary>Runs the command that the first word names, or a node.</summary>
    public static Task<int> RunAsync(string[] words)
    {
        var row = words.Length > 0 ? All.FirstOrDefault(row => row.Name == words[0]) : null;
        return row is null ? NodeCommand.RunAsync(words) : row.Run(words[1..]);
    }
}
