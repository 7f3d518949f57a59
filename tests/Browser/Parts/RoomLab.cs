using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using RtpCluster.Browser.Losses;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

// A browser that lacks CPU sends fewer layers and frames: it has the machine for itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace RtpCluster.Browser.Parts;

/// <summary>A node, a browser beside it, and the ng commands that bring them together.</summary>
internal sealed partial class RoomLab : IAsyncDisposable
{
    private readonly string[] _options;

    private RoomLab(Lab lab, NodeProcess node, BrowserHost browser, string[] options)
    {
        Lab = lab;
        Node = node;
        Browser = browser;
        _options = options;
    }

    /// <summary>The network.</summary>
    public Lab Lab { get; }

    /// <summary>The node.</summary>
    public NodeProcess Node { get; private set; }

    /// <summary>The browser, in the callers' host.</summary>
    public BrowserHost Browser { get; }

    /// <summary>How long the node took for the last `subscribe answer`.</summary>
    public double AnswerMillis { get; private set; }

    /// <summary>What stands between the node and the callers, and the callees, in a lossy lab.</summary>
    public IReadOnlyList<LossyHop> Hops { get; private init; } = [];

    /// <summary>Builds it.</summary>
    public static async Task<RoomLab> StartAsync(bool hideAddresses = false, bool lossy = false, params string[] options)
    {
        var lab = new Lab();
        LossyHop[] hops = lossy ? [new LossyHop(lab, callers: true, seed: 1), new LossyHop(lab, callers: false, seed: 2)] : [];
        options = ["-L", "6", .. options];
        var node = new NodeProcess(lab, peer: false, options);
        await node.ReadyAsync();
        return new RoomLab(lab, node, await BrowserHost.StartAsync(lab.Caller, lab.Folder, hideAddresses), options) { Hops = hops };
    }

    /// <summary>Kills all processes of the node at once, and starts it again.</summary>
    public async Task KillAndRestartAsync()
    {
        ChildProcess.Run("kill", ["-KILL", .. Node.Processes.Select(pid => pid.ToString(CultureInfo.InvariantCulture))]);
        await Eventually.HoldsAsync(() => Node.Process.HasExited, TimeSpan.FromSeconds(15), () => "the node is alive");
        Node.Dispose();
        Node = new NodeProcess(Lab, peer: false, _options);
        await Node.ReadyAsync();
    }

    /// <summary>Sends a command and returns the SDP of its reply ("" when it has none).</summary>
    /// <exception cref="InvalidOperationException">The node refused.</exception>
    public string Command(string command, params (string Key, string Value)[] values) => Sdp(Reply(command, values));

    /// <summary>Sends a command and returns its reply as sent.</summary>
    /// <exception cref="InvalidOperationException">The node refused.</exception>
    public string Reply(string command, params (string Key, string Value)[] values)
    {
        string reply = Node.Ng.Send(command, values) ?? "no answer";
        return reply.Contains("6:result2:ok", StringComparison.Ordinal) ? reply : throw new InvalidOperationException($"{command}: {reply}\n{Node.Process.Output}");
    }

    /// <summary>Publishes from a tab, and waits until it is connected.</summary>
    public async Task<BrowserStatus> PublishAsync(BrowserPage page, string call, string tag, object options, string flags = "codec-accept-opus,codec-accept-VP8")
    {
        string offer = await page.OfferAsync(tag, options);
        string answer = Command("publish", ("call-id", call), ("from-tag", tag), ("flags", flags), ("sdp", offer));
        await page.AcceptAsync(tag, answer);
        return await page.UntilAsync(tag, s => s.State == "connected");
    }

    /// <summary>Makes a tab subscribe, and waits until it is connected.</summary>
    public async Task<BrowserStatus> SubscribeAsync(BrowserPage page, string call, string publisher, string tag, object? options = null, string flags = "")
    {
        string offer = Command("subscribe request", ("call-id", call), ("from-tag", publisher), ("to-tag", tag),
            ("transport-protocol", "UDP/TLS/RTP/SAVPF"), ("ICE", "force"), ("SDES", "off"), ("rtcp-mux", "require"), ("flags", flags));
        string answer = await page.AnswerAsync(tag, offer, options);
        var watch = Stopwatch.StartNew();
        Reply("subscribe answer", ("call-id", call), ("to-tag", tag), ("sdp", answer));
        AnswerMillis = watch.Elapsed.TotalMilliseconds;
        return await page.UntilAsync(tag, s => s.State == "connected");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        Node.Dispose();
        foreach (var hop in Hops)
        {
            hop.Dispose();
        }

        Lab.Dispose();
    }

    /// <summary>The SDP of a reply; empty: none.</summary>
    public static string Sdp(string reply)
    {
        var match = SdpLength().Match(reply);
        return match.Success ? reply.Substring(match.Index + match.Length, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) : "";
    }

    [GeneratedRegex(@"3:sdp(\d+):")]
    private static partial Regex SdpLength();
}
