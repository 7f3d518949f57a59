using System.Globalization;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Drills;

/// <summary>
/// Three nodes, a Redis and the phones, each a host (a network namespace) of its own on one switch. Real processes throughout.
/// </summary>
public sealed class ClusterLab : IDisposable
{
    public const int Nodes = 3;
    private const string Redis = "10.77.0.254", Prefix = "10.77.0.";
    private static int s_count;
    private readonly string _prefix = $"dr{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
    private readonly NetworkNamespace _switch;
    private readonly NetworkNamespace[] _hosts = new NetworkNamespace[Nodes];
    private readonly ChildProcess?[] _nodes = new ChildProcess?[Nodes];
    private readonly List<ChildProcess> _former = [];
    private ChildProcess? _redis;

    /// <summary>Builds the hosts and starts everything; needs root.</summary>
    public ClusterLab()
    {
        _switch = NetworkNamespace.Create(_prefix + "s");
        _switch.Ip("link", "add", "br0", "type", "bridge");
        _switch.Up("br0", Redis + "/24");
        Phones = Plug("p", Prefix + "100");
        for (int i = 0; i < Nodes; i++)
        {
            _hosts[i] = Plug("n" + i, Address(i));
            _hosts[i].Up("e0", PublicAddress(i) + "/24");
        }

        Folder = Directory.CreateTempSubdirectory("rtpcluster-drill-").FullName;
        File.WriteAllText(Path.Combine(Folder, "key"), new string('5', 64));
        StartRedis();
        for (int i = 0; i < Nodes; i++)
        {
            Start(i);
        }
    }

    /// <summary>Where the phones and the SIP proxy are.</summary>
    public NetworkNamespace Phones { get; }

    /// <summary>A scratch folder.</summary>
    public string Folder { get; }

    /// <summary>A node's address.</summary>
    public static string Address(int node) => Prefix + (node + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>A logical interface that the last node lacks: calls that ask for it have their media elsewhere, whoever owns them.</summary>
    public const string PublicInterface = "pub";

    private static string[] Public(int node) => node == Nodes - 1 ? [] : ["-i", $"{PublicInterface}/{PublicAddress(node)}"];

    private static string PublicAddress(int node) => Prefix + (node + 11).ToString(CultureInfo.InvariantCulture);

    /// <summary>The log of a node's newest process.</summary>
    public string Log(int node) => _nodes[node]?.Output ?? string.Empty;

    /// <summary>Starts a node's process, again after its death.</summary>
    public void Start(int node)
    {
        string address = Address(node);
        if (_nodes[node] is { } before)
        {
            _former.Add(before);
        }

        _nodes[node] = _hosts[node].Start(NodeProcess.Binary(), [
            "--config-file=none", "-i", address, .. Public(node), "-n", address + ":2223", "-c", "127.0.0.1:9900", "-f", "-E", "--keep-media",
            $"--redis={Redis}:6379/0", $"--node-id=n{node}", $"--cluster-listen={address}:2300", $"--cluster-key-file={Path.Combine(Folder, "key")}",
            $"--state-dir={Path.Combine(Folder, "n" + node)}",
        ]);
    }

    /// <summary>Sends a signal to a node's control process.</summary>
    public void Signal(int node, string name) => _nodes[node]!.Signal(name);

    /// <summary>SIGKILL to every process of a host.</summary>
    public void KillHost(int node)
    {
        string[] pids = ChildProcess.Run("ip", "netns", "pids", _hosts[node].Name).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        ChildProcess.TryRun("kill", ["-KILL", .. pids]);
    }

    /// <summary>Waits for the end of a node's control process.</summary>
    public void WaitForExit(int node) => _nodes[node]!.WaitForExit(TimeSpan.FromSeconds(10));

    /// <summary>Starts Redis, again after <see cref="KillRedis"/>.</summary>
    public void StartRedis() => _redis = _switch.Start(
        "redis-server", "--port", "6379", "--bind", Redis, "--protected-mode", "no", "--dir", Folder, "--save", "", "--appendonly", "yes");

    /// <summary>SIGKILL.</summary>
    public void KillRedis() => _redis?.Dispose();

    /// <summary>Runs a command in Redis.</summary>
    public string RedisCli(params string[] words) => ChildProcess.Run("ip", ["netns", "exec", _switch.Name, "redis-cli", "-h", Redis, .. words]).Trim();

    /// <summary>Asks a node's command line.</summary>
    public string Ctl(int node, params string[] words)
    {
        try
        {
            return ChildProcess.Run("ip", ["netns", "exec", _hosts[node].Name, NodeProcess.Binary(), "ctl", .. words]);
        }
        catch (InvalidOperationException)
        {
            return string.Empty;
        }
    }

    /// <summary>Waits until every node serves its shards.</summary>
    public Task ReadyAsync(params int[] nodes) => Eventually.HoldsAsync(
        () => nodes.All(i => Ctl(i, "ready").StartsWith("ready", StringComparison.Ordinal)),
        TimeSpan.FromSeconds(45),
        () => string.Join("\n", nodes.Select(i => Ctl(i, "cluster") + Log(i)[^Math.Min(3000, Log(i).Length)..])));

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < Nodes; i++)
        {
            KillHost(i);
            _nodes[i]?.Dispose();
            _hosts[i].Dispose();
        }

        _former.ForEach(p => p.Dispose());
        KillRedis();
        Phones.Dispose();
        _switch.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private NetworkNamespace Plug(string name, string address)
    {
        var host = NetworkNamespace.Create($"{_prefix}{name}");
        _switch.Ip("link", "add", name, "type", "veth", "peer", "name", "e0", "netns", host.Name);
        _switch.Ip("link", "set", name, "master", "br0", "up");
        host.Up("e0", address + "/24");
        return host;
    }
}
