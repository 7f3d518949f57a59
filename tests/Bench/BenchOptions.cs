using System.Globalization;

namespace RtpCluster.Bench;

/// <summary>What to measure and for how long.</summary>
internal sealed record BenchOptions(int[] Calls, int Seconds, int Rounds, int[] Rates, string[] NodeOptions, string[] Nodes, int[] Members)
{
    /// <summary>Reads <c>--calls=200,500 --seconds=4 --rounds=6 --rates=500,1000 --node-option=... --nodes=rtpcluster,rtpengine,none --members=1,3</c>.</summary>
    public static BenchOptions Parse(IEnumerable<string> arguments)
    {
        var options = new BenchOptions([200, 500], 4, 6, [500, 750, 1000], [], ["rtpengine", "rtpcluster", "none"], [1, 3]);
        foreach (string argument in arguments)
        {
            string[] parts = argument.Split('=', 2);
            string value = parts.Length == 2 ? parts[1] : "";
            options = parts[0] switch
            {
                "--calls" => options with { Calls = Numbers(value) },
                "--rates" => options with { Rates = Numbers(value) },
                "--seconds" => options with { Seconds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--node-option" => options with { NodeOptions = [.. options.NodeOptions, value] },
                "--nodes" => options with { Nodes = value.Split(',') },
                "--members" => options with { Members = Numbers(value) },
                _ => throw new FormatException($"unknown option {parts[0]}: see --help"),
            };
        }

        return options;
    }

    private static int[] Numbers(string list) => [.. list.Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
}
