using System.Globalization;
using System.Net;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench.Cluster;

/// <summary>A host (network namespace) with a redis-server, its replica and the nodes of a cluster, each on addresses of its own.</summary>
internal sealed class ClusterHost : IDisposable
{
    private const string Redis = "10.88.0.254", RedisPort = "6379", ReplicaPort = "6380";
    private readonly string _folder = Directory.CreateTempSubdirectory("rtpcluster-cbench-").FullName;
    private readonly ChildProcess _redis;
    private readonly ChildProcess _replica;
    private readonly ChildProcess[] _nodes;
    private readonly int _interfaces;

    /// <summary>Starts everything; needs root.</summary>
    /// <param name="nodes">Members.</param>
    /// <param name="interfaces">Media addresses of each: i0, i1, … (own0, … at the third member); each has some 64,000 ports.</param>
    /// <param name="options">More options of the nodes.</param>
    public ClusterHost(int nodes, int interfaces, params string[] options)
    {
        _interfaces = interfaces;
        Host = NetworkNamespace.Create($"cb{Environment.ProcessId}-{nodes}-{interfaces}");
        Host.Up("lo", [Redis + "/32", .. Enumerable.Range(0, nodes).SelectMany(n => Enumerable.Range(0, interfaces).Append(-1).Select(i => Media(n, i) + "/32"))]);
        File.WriteAllText(Path.Combine(_folder, "key"), new string('5', 64));
        _redis = StartRedis(RedisPort);
        _replica = StartRedis(ReplicaPort, "--replicaof", Redis, RedisPort);
        _nodes = [.. Enumerable.Range(0, nodes).Select(n => StartNode(n, options))];
    }

    /// <summary>The host.</summary>
    public NetworkNamespace Host { get; }

    /// <summary>Where the nodes listen for commands.</summary>
    public IReadOnlyList<IPEndPoint> Nodes => [.. Enumerable.Range(0, _nodes.Length).Select(n => new IPEndPoint(IPAddress.Parse(Address(n)), 2223))];

    /// <summary>The processes by what they are, one line of the figures each.</summary>
    public IReadOnlyList<(string Name, int Pid)> Processes =>
    [
        .. _nodes.Select((node, n) => ($"control {n}", node.Id)).Where(p => Directory.Exists($"/proc/{p.Id}")),
        .. _nodes.Select((node, n) => ($"media {n}", ChildOf(node.Id))).Where(p => p.Item2 > 0),
        ("redis", _redis.Id), ("replica", _replica.Id),
    ];

    /// <summary>A node's address.</summary>
    public static string Address(int node) => Media(node, -1);

    /// <summary>Waits until every node serves its shards and the replica has all of Redis.</summary>
    public async Task ReadyAsync()
    {
        await Eventually.HoldsAsync(
            HasReplica, TimeSpan.FromSeconds(30),
            () => "the replica does not come: " + _replica.Output).ConfigureAwait(false);
        for (int i = 0; i < _nodes.Length; i++)
        {
            int node = i;
            await Eventually.HoldsAsync(() => Ctl(node, "ready").StartsWith("ready", StringComparison.Ordinal), TimeSpan.FromSeconds(60), () => Log(node)).ConfigureAwait(false);
        }
    }

    private bool HasReplica()
    {
        try
        {
            return RedisCli(RedisPort, "INFO", "replication").Contains("state=online", StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false; // it does not listen yet
        }
    }

    /// <summary>A node's log.</summary>
    public string WholeLog(int node) => _nodes[node].Output;

    /// <summary>The end of a node's log.</summary>
    public string Log(int node) => _nodes[node].Output[^Math.Min(2000, _nodes[node].Output.Length)..];

    /// <summary>Asks a node's command line; empty: it does not answer.</summary>
    public string Ctl(int node, params string[] words)
    {
        try
        {
            return ChildProcess.Run("ip", ["netns", "exec", Host.Name, NodeProcess.Binary(), "ctl", $"--to={Address(node)}:9900", .. words]);
        }
        catch (InvalidOperationException)
        {
            return string.Empty;
        }
    }

    /// <summary>How often Redis and its replica have rewritten their files.</summary>
    public int Rewrites => new[] { RedisPort, ReplicaPort }.Sum(port => int.Parse(
        RedisCli(port, "INFO", "persistence").Split('\n').First(l => l.StartsWith("aof_rewrites:", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture));

    /// <summary>Runs a command in Redis.</summary>
    public string RedisCli(params string[] words) => RedisCli(RedisPort, words);

    /// <summary>SIGKILL to both processes of a node.</summary>
    public void Kill(int node) => ChildProcess.TryRun("kill", "-KILL", Text(ChildOf(_nodes[node].Id)), Text(_nodes[node].Id));

    /// <summary>Holds processes to CPUs.</summary>
    public static void Pin(int pid, string cpus) => ChildProcess.Run("taskset", "-a", "-p", "-c", cpus, Text(pid));

    /// <inheritdoc/>
    public void Dispose()
    {
        string[] pids = ChildProcess.Run("ip", "netns", "pids", Host.Name).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        ChildProcess.TryRun("kill", ["-KILL", .. pids]);
        foreach (var process in _nodes.Append(_redis).Append(_replica))
        {
            process.Dispose();
        }

        Host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // -1: the node's own address.
    private static string Media(int node, int index) => $"10.88.{node + 1}.{index + 2}";

    // The third node has interfaces of other names: calls that ask for the common ones have their media elsewhere, whoever owns them.
    private static string InterfaceName(int node) => node < 2 ? "i" : "own";

    private static int ChildOf(int pid)
    {
        try
        {
            return ChildProcess.Run("pgrep", "-P", Text(pid)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => int.Parse(l, CultureInfo.InvariantCulture)).FirstOrDefault();
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private string RedisCli(string port, params string[] words) =>
        ChildProcess.Run("ip", ["netns", "exec", Host.Name, "redis-cli", "-h", Redis, "-p", port, .. words]).Trim();

    private ChildProcess StartRedis(string port, params string[] options)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, port)).FullName;
        return Host.Start("redis-server", ["--port", port, "--bind", Redis, "--protected-mode", "no", "--dir", folder, "--save", "",
            "--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-min-size", "256mb", .. options]);
    }

    private ChildProcess StartNode(int node, string[] options)
    {
        string address = Address(node);
        return Host.Start(NodeProcess.Binary(), [
            "--config-file=none", "-L", "4", "-f", "-E", "-n", $"{address}:2223", "-c", $"{address}:9900", $"--listen-http={address}:8080", "-m", "1024", "-M", "65535",
            .. Enumerable.Range(0, _interfaces).SelectMany(i => new[] { "-i", $"{InterfaceName(node)}{i}/{Media(node, i)}" }),
            $"--redis={Redis}:{RedisPort}/0", "--redis-wait=1", $"--node-id=n{node}", $"--cluster-listen={address}:2300",
            $"--cluster-key-file={Path.Combine(_folder, "key")}", $"--state-dir={Path.Combine(_folder, "n" + node)}", .. options,
        ]);
    }
}
