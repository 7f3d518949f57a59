using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.KernelNode;

/// <summary>A node with kernel table 0 in a lab, and phones around it that speak every 20 ms.</summary>
internal sealed partial class KernelNode : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<RtpPeer> _phones = [];
    private readonly RtpPacer _pacer = new();
    private readonly string _state;
    private NodeProcess _node;

    private KernelNode()
    {
        _state = Path.Combine(Lab.Folder, "state");
        _node = Start();
    }

    public Lab Lab { get; } = new();

    public NgClient Ng => _node.Ng;

    public string Log => _node.Process.Output;

    public static async Task<KernelNode> StartAsync()
    {
        var node = new KernelNode();
        await node._node.ReadyAsync();
        Assert.Contains("kernel forwarding: table 0", node.Log);
        return node;
    }

    /// <summary>What the module prints of the table.</summary>
    public string Rows => ChildProcess.Run("ip", "netns", "exec", Lab.Node.Name, "cat", "/proc/rtpcluster/0/list");

    /// <summary>How many rows there are.</summary>
    public int RowCount => LocalLine().Count(Rows);

    /// <summary>How many of them carry RTP: those of even ports.</summary>
    public int MediaRows => MediaLine().Count(Rows);

    /// <summary>CPU seconds of the node's processes.</summary>
    public double CpuSeconds => _node.CpuSeconds;

    /// <summary>A phone on the callers' (or callees') host that sends to a port of the node.</summary>
    public RtpPeer Phone(bool callee, int port, int remotePort, uint ssrc, byte payloadType = 8)
    {
        var phone = RtpPeer.Open(
            callee ? Lab.Callee : Lab.Caller, IPAddress.Parse(callee ? Lab.CalleeV4 : Lab.CallerV4), port, ssrc, payloadType);
        phone.Remote = new IPEndPoint(IPAddress.Parse(Lab.NodeV4), remotePort);
        _phones.Add(phone);
        _pacer.Add(phone);
        return phone;
    }

    /// <summary>Waits until so many streams of RTP, and of RTCP when it matters, are in the table.</summary>
    public Task OffloadedAsync(int media, int rtcp = -1) => Eventually.HoldsAsync(
        () => MediaRows == media && (rtcp < 0 || RowCount == media + rtcp), Limit, () => $"{MediaRows} of {RowCount} rows are of RTP:\n{Rows}\n{Log}");

    /// <summary>Waits until the phones have sent what they were asked to, and everything that they sent has arrived.</summary>
    public async Task ArrivedAsync(params (RtpPeer From, RtpPeer To)[] ways)
    {
        string Missing() => string.Join(", ", ways.Select(w => $"{w.From.Port}->{w.To.Port}: {w.To.Received} of {w.From.Sent}, {w.To.Refused} refused, idle {w.From.Idle}"));
        await Eventually.HoldsAsync(() => ways.All(w => w.From.Idle && w.To.Received >= w.From.Sent), Limit, () => $"{Missing()}\n{Rows}\n{Log}");
    }

    /// <summary>Packets relayed in the process and in the kernel, by the node's own account, with those of a call up to now.</summary>
    public (long Process, long Kernel) Relayed(string callId)
    {
        Packets(callId);
        using var reply = JsonDocument.Parse(Ng.TrySend("""{"command":"statistics"}""") ?? "{}");
        var totals = reply.RootElement.GetProperty("statistics").GetProperty("totalstatistics");
        return (totals.GetProperty("relayedpackets_user").GetInt64(), totals.GetProperty("relayedpackets_kernel").GetInt64());
    }

    /// <summary>RTP packets of a call, of all streams.</summary>
    public long Packets(string callId)
    {
        using var reply = JsonDocument.Parse(Ng.TrySend($$"""{"command":"query","call-id":"{{callId}}"}""") ?? "{}");
        return reply.RootElement.GetProperty("totals").GetProperty("RTP").GetProperty("packets").GetInt64();
    }

    /// <summary>Kills every process of the node at once.</summary>
    public void Kill() => ChildProcess.Run("kill", ["-KILL", .. _node.Processes.Select(pid => pid.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Starts the node again after <see cref="Kill"/>, with or without what it had stored.</summary>
    public async Task RestartAsync(bool forget = false)
    {
        _node.Dispose();
        if (forget)
        {
            Directory.Delete(_state, recursive: true);
        }

        _node = Start();
        await _node.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        _phones.ForEach(phone => phone.Dispose());
        _node.Dispose();
        Lab.Dispose();
    }

    private NodeProcess Start() =>
        new(Lab, peer: false, "-t", "0", "--no-fallback", "-L", "7", $"--state-dir={_state}", "--num-threads=1", "--media-tier=sockets");

    [GeneratedRegex("^ *local ", RegexOptions.Multiline)]
    private static partial Regex LocalLine();

    [GeneratedRegex("^ *local .*[02468]$", RegexOptions.Multiline)]
    private static partial Regex MediaLine();
}
