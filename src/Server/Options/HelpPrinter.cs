using System.Text;

namespace RtpCluster.Server.Options;

/// <summary>Prints the option table as <c>--help</c>, in groups.</summary>
public static class HelpPrinter
{
    private const int Column = 34;

    /// <summary>The whole text.</summary>
    /// <param name="commands">Names and one-line descriptions of the binary's commands.</param>
    public static string Print(IEnumerable<KeyValuePair<string, string>> commands)
    {
        var text = new StringBuilder("Usage: rtpcluster [options]            run a node\n");
        foreach (var (name, help) in commands)
        {
            text.Append("       rtpcluster ").Append(name.PadRight(21)).Append("  ").AppendLine(help);
        }

        text.AppendLine().AppendLine("Each option may also stand in the config file (name = value) or in the environment (RTPCLUSTER_NAME).");
        foreach (var group in OptionTable.All.Where(row => row.Support != OptionSupport.Hidden).GroupBy(row => row.Group))
        {
            text.AppendLine().Append(group.Key).AppendLine(":");
            foreach (var row in group)
            {
                Append(text, row);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, OptionSpec row)
    {
        string name = (row.Short == '\0' ? "      --" : $"  -{row.Short}, --") + row.Name + (row.Kind == OptionKind.Flag ? string.Empty : "=" + Placeholder(row));
        text.Append(name.PadRight(Column)).Append(name.Length >= Column ? "\n" + new string(' ', Column) : string.Empty).Append("  ").Append(row.Help);
        if (row.Words.Length > 0)
        {
            text.Append(": ").AppendJoin(", ", row.Words);
        }

        if (row.Kind != OptionKind.Flag && row.Default.Length > 0)
        {
            text.Append(" (default ").Append(row.Default).Append(')');
        }

        text.AppendLine(row.Support is OptionSupport.Ignored or OptionSupport.Refused ? " [not yet served]" : row.Support == OptionSupport.Unnecessary ? " [not needed]" : string.Empty);
        if (row.Danger.Length > 0)
        {
            text.Append(' ', Column).Append("  Danger: ").AppendLine(row.Danger);
        }
    }

    private static string Placeholder(OptionSpec row) =>
        row.Unit.Length > 0 ? row.Unit.ToUpperInvariant().Replace(' ', '-') : row.Kind is OptionKind.Integer or OptionKind.Number ? "N" : "TEXT";
}
