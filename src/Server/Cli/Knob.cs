using System.Globalization;
using RtpCluster.CallModel;

namespace RtpCluster.Server.Cli;

/// <summary>A value that the operator reads and changes while the node runs.</summary>
/// <param name="Name">Its word.</param>
/// <param name="Help">One line.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Write">Changes it; null: it cannot be changed while running.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
internal sealed record Knob(
    string Name, string Help, Func<CliContext, double> Read, Action<CliContext, double>? Write, double Min = 0, double Max = int.MaxValue)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Knob> All { get; } =
    [
        new("maxsessions", "most sessions; -1: no limit", c => c.Registry.Limits.MaxSessions, (c, v) => c.Registry.Limits.MaxSessions = (int)v, -1),
        new("maxload", "highest load average; 0: off", c => c.Registry.Limits.MaxLoad, (c, v) => c.Registry.Limits.MaxLoad = v),
        new("maxcpu", "highest CPU use in percent; 0: off", c => c.Registry.Limits.MaxCpu, (c, v) => c.Registry.Limits.MaxCpu = v, 0, 100),
        new("maxbw", "highest relayed rate in bytes/s; 0: off", c => c.Registry.Limits.MaxBandwidth, (c, v) => c.Registry.Limits.MaxBandwidth = (long)v, 0, 1e15),
        new("maxopenfiles", "most open files of the process", _ => OpenFiles(), null),
        new("timeout", "s of silence that end a call; for new calls", c => Calls(c).Timeout, (c, v) => Set(c, Calls(c) with { Timeout = (int)v })),
        new("silenttimeout", "s of silence that end a held call; for new calls", c => Calls(c).SilentTimeout, (c, v) => Set(c, Calls(c) with { SilentTimeout = (int)v })),
        new("offertimeout", "s of silence that end an unanswered call; for new calls", c => Calls(c).OfferTimeout, (c, v) => Set(c, Calls(c) with { OfferTimeout = (int)v })),
        new("finaltimeout", "longest life of a call in s; 0: none; for new calls", c => Calls(c).FinalTimeout, (c, v) => Set(c, Calls(c) with { FinalTimeout = (int)v })),
        new("deletedelay", "s between delete and the end; for new calls", c => Calls(c).DeleteDelay, (c, v) => Set(c, Calls(c) with { DeleteDelay = (int)v })),
        new("loglevel", "lowest severity logged, syslog's number", c => c.Log.SyslogLevel, (c, v) => c.Log.SyslogLevel = (int)v, -1, 9),
    ];

    /// <summary>The value as text.</summary>
    public string Text(CliContext context) => Read(context).ToString(CultureInfo.InvariantCulture);

    private static CallConfig Calls(CliContext context) => context.Registry.Host.Config;

    private static void Set(CliContext context, CallConfig config) => context.Registry.Host.Config = config;

    private static double OpenFiles()
    {
        string? line = File.ReadLines("/proc/self/limits").FirstOrDefault(row => row.StartsWith("Max open files", StringComparison.Ordinal));
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 3 && double.TryParse(words[3], CultureInfo.InvariantCulture, out double soft) ? soft : -1;
    }
}
