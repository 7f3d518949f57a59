using System.Globalization;

namespace RtpCluster.Drills;

/// <summary>What a round of a drill saw.</summary>
/// <param name="Calls">Calls with RTP.</param>
/// <param name="Commands">Commands sent.</param>
/// <param name="Failed">Commands that got no answer or an error.</param>
/// <param name="Sent">RTP packets sent.</param>
/// <param name="Lost">RTP packets that did not arrive.</param>
/// <param name="Gap">Longest run of lost packets of any stream.</param>
/// <param name="Back">From the fault until the last call was controlled.</param>
/// <param name="Wrong">What the checker found.</param>
public sealed record DrillResult(int Calls, int Commands, int Failed, long Sent, long Lost, TimeSpan Gap, TimeSpan Back, IReadOnlyList<string> Wrong)
{
    /// <summary>Of two rounds the worse, figure by figure.</summary>
    public DrillResult Worse(DrillResult other) => new(
        Calls, Commands + other.Commands, Math.Max(Failed, other.Failed), Sent + other.Sent, Math.Max(Lost, other.Lost), Gap > other.Gap ? Gap : other.Gap,
        Back > other.Back ? Back : other.Back, [.. Wrong, .. other.Wrong]);
}

/// <summary>What a drill allows.</summary>
/// <param name="Back">Longest time without control.</param>
/// <param name="Lost">Packets that may be lost; null: any number.</param>
/// <param name="Gap">Longest gap of any stream.</param>
/// <param name="Failed">Commands that may fail; null: any number.</param>
public sealed record DrillLimits(TimeSpan? Back = null, long? Lost = 0, TimeSpan? Gap = null, int? Failed = 0)
{
    /// <summary>What is over the limit; empty: nothing.</summary>
    public IEnumerable<string> Exceeded(DrillResult result)
    {
        if (result.Lost > (Lost ?? long.MaxValue))
        {
            yield return "packets lost";
        }

        if (result.Gap > (Gap ?? TimeSpan.MaxValue))
        {
            yield return "gap";
        }

        if (result.Failed > (Failed ?? int.MaxValue))
        {
            yield return "commands failed";
        }

        if (result.Back > (Back ?? TimeSpan.MaxValue))
        {
            yield return "control late";
        }

        if (result.Wrong.Count > 0)
        {
            yield return result.Wrong[0];
        }
    }
}

/// <summary>The table that `make drill` prints: a row a drill, in the file that RTPCLUSTER_DRILL_TABLE names.</summary>
public static class DrillTable
{
    /// <summary>Adds a row.</summary>
    public static void Add(string drill, int rounds, DrillResult worst, string verdict)
    {
        string row = string.Join('\t', drill, rounds, worst.Calls, $"{worst.Failed} of {worst.Commands}", $"{worst.Lost} of {worst.Sent}",
            string.Create(CultureInfo.InvariantCulture, $"{worst.Gap.TotalMilliseconds:0} ms"),
            worst.Back == TimeSpan.Zero ? "-" : string.Create(CultureInfo.InvariantCulture, $"{worst.Back.TotalSeconds:0.00} s"), verdict);
        TestContext.Current.TestOutputHelper?.WriteLine(row.Replace("\t", " | ", StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("RTPCLUSTER_DRILL_TABLE") is { Length: > 0 } file)
        {
            File.AppendAllText(file, row + "\n");
        }
    }
}
