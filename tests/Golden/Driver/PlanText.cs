using System.Globalization;
using RtpCluster.Contracts;

namespace RtpCluster.Golden;

/// <summary>A media plan in a few readable lines.</summary>
public static class PlanText
{
    /// <summary>Prints a plan.</summary>
    public static void Print(MediaPlan plan, List<string> lines)
    {
        lines.Add($"plan {plan.Epoch}{(plan.DropTraffic ? " drop-traffic" : "")}");
        foreach (var stream in plan.Streams)
        {
            lines.Add("  " + Stream(stream));
            Outputs("rtp", stream.RtpOutputs, lines);
            Outputs("rtcp", stream.RtcpOutputs, lines);
        }
    }

    private static string Stream(StreamPlan s)
    {
        string remote = s.Remote.IsNone ? "-" : s.Remote.ToString();
        string learned = s.Learned.IsNone ? "" : $" learned {s.Learned}";
        string keys = s.Decrypt is null && s.Encrypt is null ? "" : $" in {Keys(s.Decrypt)} out {Keys(s.Encrypt)}";
        string filled = (s.Filled, s.Public) switch { (true, true) => "", (true, false) => " not public", (false, true) => " not filled", _ => " idle" };
        string tos = s.Tos == 0 ? "" : $" tos {s.Tos}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{s.Id} {s.Kind} {string.Join('+', s.Locals)} <> {remote}{learned}{filled}{keys}{tos} [{s.Flags}] {s.Learning} {s.IdleSeconds}s {s.IdleReason}");
    }

    private static string Keys(SrtpKeys? keys) =>
        keys is null ? "-" : $"{keys.Suite}/{Convert.ToHexStringLower(keys.MasterKey.AsSpan(0, 2))}";

    private static void Outputs(string name, OutputPlan[] outputs, List<string> lines)
    {
        foreach (var output in outputs)
        {
            string maps = string.Concat(output.PayloadTypeMaps.Select(m => $" {m.From}>{m.To}"));
            string flags = output.Flags == OutputFlags.None ? "" : $" [{output.Flags}]";
            string strip = output.StripExtensions.Length == 0 ? "" : $" strip {string.Join(',', output.StripExtensions)}";
            lines.Add($"    {name} > {output.To}{maps}{flags}{strip}");
        }
    }
}
