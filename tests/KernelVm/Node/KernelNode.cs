using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

[assembly: AssemblyFixture(typeof(RtpCluster.KernelNode.KernelNode))]

namespace RtpCluster.KernelNode;

/// <summary>
/// A node with kernel table 0 in a lab, and phones around it that speak every 20 ms. All tests share it, one after the other: starting one takes
/// a virtual machine seconds.
/// </summary>
public sealed partial class KernelNode : IAsyncLifetime
{
    /// <summary>A virtual machine on a busy host may be slow; what holds at all holds long before.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<RtpPeer> _phones = [];
    private readonly string _state;
    private RtpPacer _pacer = new();
    private NodeProcess _node;

    public KernelNode()
    {
        _state = Path.Combine(Lab.Folder, "state");
        _node = Start();
    }

    public Lab Lab { get; } = new();

    public NgClient Ng => _node.Ng;

    /// <summary>What the node has logged since it was started last.</summary>
    public string Log => _node.Process.Output;

    /// <summary>What the module prints of the table.</summary>
    public string Rows => Proc("list");

    /// <summary>How many rows there are.</summary>
    public int RowCount => LocalLine().Count(Rows);

    /// <summary>How many of them carry RTP: those of even ports.</summary>
    public int MediaRows => MediaLine().Count(Rows);

    /// <summary>How much of the CPU the node's processes use until something holds, or for some seconds; in per cent.</summary>
    public async Task<double> CpuUntilAsync(Func<bool> condition, int seconds = 60)
    {
        var watch = Stopwatch.StartNew();
        double before = _node.CpuSeconds;
        await HoldsAsync(() => condition() || watch.Elapsed.TotalSeconds >= seconds, "");
        return (_node.CpuSeconds - before) * 100 / watch.Elapsed.TotalSeconds;
    }

    public async ValueTask InitializeAsync()
    {
        await _node.ReadyAsync(Limit);
        Assert.Contains("kernel forwarding: table 0", Log);
    }

    /// <summary>Ends the calls and phones of the test before.</summary>
    public async ValueTask ResetAsync()
    {
        await _pacer.DisposeAsync();
        _pacer = new RtpPacer();
        _phones.ForEach(phone => phone.Dispose());
        _phones.Clear();
        await _node.ReadyAsync(Limit);
        using var calls = JsonDocument.Parse(Ng.TrySend("""{"command":"list"}""") ?? "{}");
        foreach (var call in calls.RootElement.GetProperty("calls").EnumerateArray())
        {
            Ng.Send("delete", ("call-id", call.GetString()!), ("delete delay", "0"));
        }

        await HoldsAsync(() => RowCount == 0, "rows of an earlier test are left");
    }

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

    /// <summary>Places a call of two plain phones at ports 6000.</summary>
    public (RtpPeer Caller, RtpPeer Callee) PlainCall(string id, string flags = "")
    {
        string offer = Ng.Send("offer", ("call-id", id), ("from-tag", "a"), ("rtpp-flags", flags), ("sdp", NgClient.Sdp(Lab.CallerV4, 6000))) ?? "";
        string answer = Ng.Send("answer", ("call-id", id), ("from-tag", "a"), ("to-tag", "b"), ("rtpp-flags", flags), ("sdp", NgClient.Sdp(Lab.CalleeV4, 6000))) ?? "";
        return (Phone(callee: false, 6000, NgClient.PortOf(answer), 1), Phone(callee: true, 6000, NgClient.PortOf(offer), 2));
    }

    /// <summary>Waits for something, and says all there is to know when it does not come.</summary>
    public Task HoldsAsync(Func<bool> condition, string otherwise) => HoldsAsync(condition, () => otherwise);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, string)"/>
    public Task HoldsAsync(Func<bool> condition, Func<string> otherwise) =>
        Eventually.HoldsAsync(condition, Limit, () => $"{otherwise()}\n{Rows}\n{Proc("status")}\n{Log}");

    /// <summary>Waits until so many streams of RTP, and of RTCP when it matters, are in the table.</summary>
    public Task OffloadedAsync(int media, int rtcp = -1)
    {
        bool Is(string rows) => MediaLine().Count(rows) == media && (rtcp < 0 || LocalLine().Count(rows) == media + rtcp);
        return HoldsAsync(() => Is(Rows), () => $"{MediaRows} of {RowCount} rows are of RTP, {media} are wanted");
    }

    /// <summary>Waits until the phones have sent what they were asked to, and everything that they sent has arrived.</summary>
    public Task ArrivedAsync(params (RtpPeer From, RtpPeer To)[] ways) => HoldsAsync(
        () => ways.All(w => w.From.Idle && w.To.Received >= w.From.Sent),
        () => string.Join(", ", ways.Select(w => $"{w.From.Port}->{w.To.Port}: {w.To.Received} of {w.From.Sent}, {w.To.Refused} refused, idle {w.From.Idle}")));

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

    /// <summary>Events of the kernel of one kind since the node was started last, as its metrics say.</summary>
    public long Events(string kind)
    {
        // A socket by hand: HTTP clients connect on threads that are not in the node's namespace.
        using var socket = Lab.Node.Enter(() =>
        {
            var made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            made.Connect(IPAddress.Loopback, 2225);
            return made;
        });
        socket.Send("GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n"u8);
        using var reader = new StreamReader(new NetworkStream(socket));
        string page = reader.ReadToEnd();
        var line = Regex.Match(page, $"^rtpcluster_kernel_events_total\\{{event=\"{kind}\"\\}} ([0-9]+)", RegexOptions.Multiline);
        return line.Success ? long.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Runs a command of the operator's.</summary>
    public string Ctl(params string[] words) =>
        ChildProcess.Run("ip", ["netns", "exec", Lab.Node.Name, NodeProcess.Binary(), "ctl", "--to=127.0.0.1:12345", .. words]);

    /// <summary>Kills processes of the node: the one that signals, the one that carries media, or both at once.</summary>
    public void Kill(bool control, bool media)
    {
        int carrying = _node.MediaProcess;
        var victims = _node.Processes.Where(pid => pid == carrying ? media : control);
        ChildProcess.Run("kill", ["-KILL", .. victims.Select(pid => pid.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>Waits until the media process is another one.</summary>
    public Task AnotherMediaProcessAsync(int than) => HoldsAsync(() => _node.MediaProcess is > 0 and var now && now != than, "no other media process");

    /// <summary>The process that carries media.</summary>
    public int MediaProcess => _node.MediaProcess;

    /// <summary>Starts the node again after <see cref="Kill"/>, with or without what it had stored.</summary>
    public async Task RestartAsync(bool forget = false)
    {
        // Not all of it: the media process may be alive, and is to be found by the next control process.
        await HoldsAsync(() => _node.Process.HasExited, "the control process is alive");
        _node.Ng.Dispose();
        _node.Process.Dispose();
        if (forget)
        {
            Directory.Delete(_state, recursive: true);
        }

        _node = Start();
        await _node.ReadyAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        _phones.ForEach(phone => phone.Dispose());
        _node.Dispose();
        Lab.Dispose();
    }

    private string Proc(string file) => Lab.Node.Enter(() => File.ReadAllText("/proc/thread-self/net/rtpcluster/0/" + file));

    private NodeProcess Start() => new(Lab, peer: false, "-t", "0", "--no-fallback", "-L", "7", $"--state-dir={_state}", "--num-threads=1",
        "--media-tier=sockets", "--listen-http=127.0.0.1:2225");

    [GeneratedRegex("^ *local ", RegexOptions.Multiline)]
    private static partial Regex LocalLine();

    [GeneratedRegex("^ *local .*[02468]$", RegexOptions.Multiline)]
    private static partial Regex MediaLine();
}

/// <summary>A test on the node, which begins without calls.</summary>
public abstract class KernelNodeTest(KernelNode node) : IAsyncLifetime
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    protected KernelNode Node { get; } = node;

    public ValueTask InitializeAsync() => Node.ResetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Say($"took {_watch.Elapsed.TotalSeconds:0.0} s");
        return ValueTask.CompletedTask;
    }

    /// <summary>Places a call whose media the kernel relays, after ten packets each way.</summary>
    private protected async Task<SecureCall> OffloadAsync(string id, ushort callerSequence = 0, params byte[] types)
    {
        var call = new SecureCall(Node, id, callerSequence, types);
        call.Talk(10);
        await Node.ArrivedAsync(call.Ways);
        await Node.OffloadedAsync(2);
        return call;
    }

    /// <summary>Tells whoever reads the run.</summary>
    protected static void Say(string what) => TestContext.Current.TestOutputHelper!.WriteLine($"{TestContext.Current.TestMethod!.MethodName}: {what}");

    /// <summary>Everything arrived that was sent, once, and nothing that could not be read.</summary>
    internal static void Flawless(SecureCall call)
    {
        Assert.All(call.Ways, way => Assert.Equal((0, 0), (way.To.Refused, way.To.Duplicates)));
        Assert.All(call.Ways, way => Assert.Equal(way.From.Sent, way.To.Received));
    }
}
