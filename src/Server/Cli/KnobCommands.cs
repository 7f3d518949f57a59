using System.Globalization;
using System.Text;

namespace RtpCluster.Server.Cli;

/// <summary>The operator's knobs: <c>list KNOB</c>, <c>set KNOB n</c>, <c>params …</c>.</summary>
internal static class KnobCommands
{
    /// <summary>The rows.</summary>
    public static IEnumerable<CliCommand> All =>
    [
        .. Knob.All.Select(knob => CliCommand.Of("list " + knob.Name, string.Empty, knob.Help, (context, _) => $"{knob.Name}: {knob.Text(context)}\n")),
        CliCommand.Of("list loglevels", string.Empty, "the log level", static (context, _) => $"loglevel: {context.Log.SyslogLevel}\n"),
        .. Knob.All.Where(knob => knob.Write is not null).Select(knob =>
            CliCommand.Of("set " + knob.Name, "<n>", knob.Help, (context, words) => Set(context, knob, words))),
        CliCommand.Of("params start", string.Empty, "the knobs at the start", (context, _) => Print(context, (knob, now, start) => start)),
        CliCommand.Of("params current", string.Empty, "the knobs now", (context, _) => Print(context, (knob, now, start) => now)),
        CliCommand.Of("params diff", string.Empty, "the knobs that were turned", (context, _) => Diff(context)),
        CliCommand.Of("params revert", string.Empty, "turn them back", (context, _) => Revert(context)),
    ];

    private static double Start(CliContext context, Knob knob) => context.KnobStarts.GetValueOrDefault(knob.Name, knob.Read(context));

    private static string Set(CliContext context, Knob knob, string[] words)
    {
        // The peer's loglevel takes the name of a part before the number; there is one level here.
        string text = words.Length == 0 ? string.Empty : words[^1];
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || value < knob.Min || value > knob.Max)
        {
            return $"Fail setting {knob.Name} to '{text}': write a number from {knob.Min} to {knob.Max}\n";
        }

        context.KnobStarts.TryAdd(knob.Name, knob.Read(context));
        knob.Write!(context, value);
        return $"Success setting {knob.Name} to {knob.Text(context)}\n";
    }

    private static string Print(CliContext context, Func<Knob, double, double, double> choose)
    {
        var text = new StringBuilder();
        foreach (var knob in Knob.All)
        {
            double value = choose(knob, knob.Read(context), Start(context, knob));
            text.Append(knob.Name).Append(": ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }

    private static string Diff(CliContext context)
    {
        var text = new StringBuilder();
        foreach (var knob in Knob.All.Where(knob => !knob.Read(context).Equals(Start(context, knob))))
        {
            text.Append(CultureInfo.InvariantCulture, $"{knob.Name}: {Start(context, knob)} => {knob.Read(context)}\n");
        }

        return text.Length == 0 ? "No knob was turned.\n" : text.ToString();
    }

    private static string Revert(CliContext context)
    {
        foreach (var knob in Knob.All.Where(knob => knob.Write is not null))
        {
            knob.Write!(context, Start(context, knob));
        }

        return "All knobs are as at the start.\n";
    }
}
