using System.Globalization;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Drills;

/// <summary>The Redis of a lab: one server, or a master with two replicas and three sentinels, each at an address of its own.</summary>
public sealed class LabRedis : IDisposable
{
    private const string Master = "drill", Quorum = "2";
    private readonly NetworkNamespace _where;
    private readonly string _folder;
    private readonly bool _sentinels;
    private readonly ChildProcess[] _servers = new ChildProcess[3];
    private readonly List<ChildProcess> _all = [];

    /// <summary>Starts it.</summary>
    public LabRedis(NetworkNamespace where, string folder, bool sentinels)
    {
        _where = where;
        _folder = folder;
        _sentinels = sentinels;
        for (int i = 0; i < (sentinels ? 3 : 1); i++)
        {
            Start(i);
        }

        for (int i = 0; i < (sentinels ? 3 : 0); i++)
        {
            Watch(i);
        }
    }

    /// <summary>The addresses.</summary>
    public static IReadOnlyList<string> Hosts { get; } = ["10.77.0.251", "10.77.0.252", "10.77.0.253"];

    /// <summary>The logs of all servers and sentinels there ever were, in the order of their start.</summary>
    public IEnumerable<string> Logs => _all.Select(p => p.Output);

    /// <summary>What a node is told of it.</summary>
    public IReadOnlyList<string> Options => _sentinels
        ? ["--redis=" + string.Join(',', Hosts.Select(h => h + ":26379")), "--redis-sentinel-master=" + Master]
        : [$"--redis={Hosts[0]}:6379/0"];

    /// <summary>Starts a server, again after <see cref="Kill"/>.</summary>
    public void Start(int server = 0)
    {
        string[] replica = server == 0 ? [] : ["--replicaof", Hosts[0], "6379"];
        // All in one namespace: without these a replica comes from the master's own address, and the sentinels take it for the master.
        string[] own = ["--bind-source-addr", Hosts[server], "--replica-announce-ip", Hosts[server]];
        string[] durable = _sentinels ? ["--min-replicas-to-write", "1", "--min-replicas-max-lag", "10"] : [];
        _servers[server] = _where.Start("redis-server", [
            "--port", "6379", "--bind", Hosts[server], "--protected-mode", "no", "--dir", Directory.CreateDirectory(Path.Combine(_folder, "redis" + server)).FullName,
            "--save", "", "--appendonly", "yes", "--auto-aof-rewrite-min-size", "256mb", "--repl-diskless-sync-delay", "0", .. own, .. durable, .. replica,
        ]);
        _all.Add(_servers[server]);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill(int server = 0)
    {
        _servers[server].Signal("KILL");
        _servers[server].WaitForExit(TimeSpan.FromSeconds(5));
    }

    /// <summary>Runs a command in a server.</summary>
    public string Cli(int server, params string[] words) =>
        ChildProcess.Run("ip", ["netns", "exec", _where.Name, "redis-cli", "-h", Hosts[server], .. words]).Trim();

    /// <summary>Waits until the replicas follow and the sentinels know them.</summary>
    public Task ReplicatedAsync() => Eventually.HoldsAsync(
        () => Cli(0, "INFO", "replication").Contains("connected_slaves:2", StringComparison.Ordinal)
            && Enumerable.Range(0, 3).All(i => Sentinel(i, "master", Master) is var text
                && text.Contains("num-slaves\n2", StringComparison.Ordinal) && text.Contains("num-other-sentinels\n2", StringComparison.Ordinal)),
        TimeSpan.FromSeconds(30), () => Cli(0, "INFO", "replication"));

    /// <summary>Waits until another server is the master.</summary>
    public Task FailedOverAsync() => Eventually.HoldsAsync(
        () => Array.IndexOf([.. Hosts], Sentinel(0, "get-master-addr-by-name", Master).Split('\n')[0]) is > 0 and int now && Cli(now, "ROLE").StartsWith("master", StringComparison.Ordinal),
        TimeSpan.FromSeconds(60), () => Sentinel(0, "master", Master));

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(p => p.Dispose());

    private string Sentinel(int number, params string[] words) =>
        ChildProcess.Run("ip", ["netns", "exec", _where.Name, "redis-cli", "-h", Hosts[number], "-p", "26379", "sentinel", .. words]).Replace("\r", "", StringComparison.Ordinal);

    private void Watch(int number)
    {
        string file = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"sentinel{number}.conf"));
        File.WriteAllText(file, $"""
            port 26379
            bind {Hosts[number]}
            bind-source-addr {Hosts[number]}
            sentinel announce-ip {Hosts[number]}
            protected-mode no
            dir {_folder}
            sentinel monitor {Master} {Hosts[0]} 6379 {Quorum}
            sentinel down-after-milliseconds {Master} 2000
            sentinel failover-timeout {Master} 2000

            """);
        _all.Add(_where.Start("redis-sentinel", file));
    }
}
