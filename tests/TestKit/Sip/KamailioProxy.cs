using System.Globalization;
using System.Text.RegularExpressions;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Sip;

/// <summary>A real Kamailio with its rtpengine module, as operators run it. Disposing ends it.</summary>
public sealed partial class KamailioProxy : IDisposable
{
    private const string SharedMegabytes = "256";
    private readonly ChildProcess _process;

    /// <summary>Starts it.</summary>
    /// <param name="host">Where.</param>
    /// <param name="folder">A scratch folder.</param>
    /// <param name="setup">What it is told.</param>
    public KamailioProxy(NetworkNamespace host, string folder, KamailioSetup setup)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sip", "kamailio.cfg"))
            .Replace("@address@", setup.Address, StringComparison.Ordinal)
            .Replace("@callee@", setup.Callee, StringComparison.Ordinal)
            .Replace("@nodes@", string.Join(' ', setup.Nodes.Select(n => $"udp:{n}:2223")), StringComparison.Ordinal)
            .Replace("@children@", setup.Children.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@settings@", string.Join('\n', setup.Settings.Select(s => $"modparam(\"rtpengine\", \"{s.Name}\", {s.Value})")), StringComparison.Ordinal)
            .Replace("@flags@", setup.Flags, StringComparison.Ordinal);
        string file = Path.Combine(folder, "kamailio.cfg");
        File.WriteAllText(file, text);
        _process = host.Start("kamailio", "-f", file, "-m", SharedMegabytes, "-DD", "-E", "-Y", folder, "-P", Path.Combine(folder, "kamailio.pid"));
    }

    /// <summary>What it logged.</summary>
    public string Log => _process.Output;

    /// <summary>It has found a node, and answers phones.</summary>
    public bool Ready => Log.Contains("support for it enabled", StringComparison.Ordinal);

    /// <summary>Every command to the nodes as Kamailio saw it, its own retries over: SIP method, call-id, and whether it went well.</summary>
    public IReadOnlyList<(string Method, string CallId, bool Ok)> Commands() =>
        [.. Command().Matches(Log).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value == "ok"))];

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Signal("TERM");
        _process.Dispose();
    }

    [GeneratedRegex(@"NG (\w+) (\S+) (ok|failed)")]
    private static partial Regex Command();
}

/// <summary>What a Kamailio is told.</summary>
/// <param name="Address">Where phones reach it, UDP 5060.</param>
/// <param name="Callee">Who answers calls.</param>
/// <param name="Nodes">The nodes of its one set; they take commands at UDP 2223.</param>
public sealed record KamailioSetup(string Address, string Callee, params IReadOnlyList<string> Nodes)
{
    /// <summary>Its processes.</summary>
    public int Children { get; init; } = 4;

    /// <summary>More parameters of the rtpengine module.</summary>
    public IReadOnlyList<(string Name, int Value)> Settings { get; init; } = [];

    /// <summary>More flags of every first offer.</summary>
    public string Flags { get; init; } = string.Empty;
}
