using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Drills;

/// <summary>
/// Three nodes, a Redis and the phones, each a host (a network namespace) of its own on one switch. Real processes throughout.
/// </summary>
public sealed class ClusterLab : IDisposable
{
    public const int Nodes = 3;
    private const int RestartMillis = 100, CliPort = 9900, CtlMillis = 2000;
    private const string Prefix = "10.77.0.";
    private static readonly string? s_before = Environment.GetEnvironmentVariable("RTPCLUSTER_DRILL_BEFORE");
    private static int s_count;
    private readonly string _prefix = $"dr{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
    private readonly NetworkNamespace _switch;
    private readonly NetworkNamespace[] _hosts = new NetworkNamespace[Nodes];
    private readonly ChildProcess?[] _nodes = new ChildProcess?[Nodes];
    private readonly List<ChildProcess> _former = [];
    private readonly HashSet<int> _down = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly LabRedis _redis;
    private readonly Task _watching;
    private readonly Func<int, string[]> _more;

    /// <summary>Builds the hosts and starts everything; needs root.</summary>
    /// <param name="more">More options of a node; null: none.</param>
    /// <param name="sentinels">Redis with two replicas and three sentinels; else one server.</param>
    /// <param name="supervised">A service manager starts a node's control process again when it ended.</param>
    public ClusterLab(Func<int, string[]>? more = null, bool sentinels = false, bool supervised = false)
    {
        _more = more ?? (static _ => []);
        _switch = NetworkNamespace.Create(_prefix + "s");
        _switch.Ip("link", "add", "br0", "type", "bridge");
        _switch.Up("br0", [.. LabRedis.Hosts.Select(h => h + "/24")]);
        Phones = Plug("p", Prefix + "100");
        Phones.Up("e0", Load.Phones.HostV6 + "/64");
        for (int i = 0; i < Nodes; i++)
        {
            _hosts[i] = Plug("n" + i, Address(i));
            _hosts[i].Up("e0", PublicAddress(i) + "/24", string.Create(CultureInfo.InvariantCulture, $"fd77::{i + 1}/64"));
        }

        Folder = Directory.CreateTempSubdirectory("rtpcluster-drill-").FullName;
        File.WriteAllText(Path.Combine(Folder, "key"), new string('5', 64));
        _redis = new LabRedis(_switch, Folder, sentinels);
        for (int i = 0; i < Nodes; i++)
        {
            Start(i);
        }

        _watching = supervised ? WatchAsync() : Task.CompletedTask;
    }

    /// <summary>Redis.</summary>
    public LabRedis Redis => _redis;

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

    /// <summary>The logs of all processes there ever were.</summary>
    public IEnumerable<string> Logs
    {
        get
        {
            lock (_former)
            {
                return [.. _former.Concat(_nodes.OfType<ChildProcess>()).Select(p => p.Output)];
            }
        }
    }

    /// <summary>Starts a node's process, again after its death.</summary>
    public void Start(int node)
    {
        lock (_former)
        {
            if (_nodes[node] is { } before)
            {
                _former.Add(before);
            }

            _down.Remove(node);
            Launch(node);
        }
    }

    private void Launch(int node)
    {
        string address = Address(node);
        _nodes[node] = _hosts[node].Start("env", [
            // Three nodes that live for a minute would spend more of this machine's cores on compiling their methods a third time than on calls.
            "DOTNET_TieredPGO=0", _nodes[node] is null && s_before is { Length: > 0 } before ? before : NodeProcess.Binary(), "--config-file=none",
            "-i", address, .. Public(node), "-n", address + ":2223", "-c", $"127.0.0.1:{CliPort}", "-f", "-E", "--keep-media",
            .. _redis.Options, $"--node-id=n{node}", $"--cluster-listen={address}:2300", $"--cluster-key-file={Path.Combine(Folder, "key")}",
            $"--state-dir={Path.Combine(Folder, "n" + node)}", .. _more(node),
        ]);
    }

    /// <summary>Sends a signal to a node's control process. Who dies of it is started again by the service manager, unless it stays down.</summary>
    public void Signal(int node, string name, bool staysDown = false)
    {
        lock (_former)
        {
            if (staysDown)
            {
                _down.Add(node);
            }
        }

        _nodes[node]!.Signal(name);
    }

    /// <summary>SIGKILL to a node's media process.</summary>
    public void KillMedia(int node) => Array.ForEach(Pids(node), pid =>
    {
        if (File.ReadAllText($"/proc/{pid}/cmdline").Split('\0').Contains("media"))
        {
            ChildProcess.TryRun("kill", "-KILL", pid);
        }
    });

    /// <summary>Drops, without a word, everything that a node sends to an address.</summary>
    public void Cut(int node, params string[] to)
    {
        Nft(node, "add", "table", "ip", "cut");
        Nft(node, "add", "chain", "ip", "cut", "out", "{ type filter hook output priority 0 ; }");
        foreach (string address in to)
        {
            Nft(node, "add", "rule", "ip", "cut", "out", "ip", "daddr", address, "drop");
        }
    }

    /// <summary>Ends <see cref="Cut"/>.</summary>
    public void Heal(int node) => Nft(node, "delete", "table", "ip", "cut");

    /// <summary>SIGKILL to every process of a host.</summary>
    public void KillHost(int node)
    {
        lock (_former)
        {
            _down.Add(node);
        }

        ChildProcess.TryRun("kill", ["-KILL", .. Pids(node)]);
    }

    /// <summary>The service manager lets a node's control process end.</summary>
    public void LetEnd(int node)
    {
        lock (_former)
        {
            _down.Add(node);
        }
    }

    /// <summary>A node's control process has ended.</summary>
    public bool HasEnded(int node) => _nodes[node]!.HasExited;

    /// <summary>Gives a host an address, or takes it away, as a load balancer would; the phones ask again who has it.</summary>
    public void Put(string address, int node, bool there)
    {
        _hosts[node].Ip("addr", there ? "add" : "del", address + "/32", "dev", "e0");
        Phones.Ip("neigh", "flush", "to", address);
    }

    /// <summary>Waits for the end of a node's control process.</summary>
    public void WaitForExit(int node) => _nodes[node]!.WaitForExit(TimeSpan.FromSeconds(10));

    /// <summary>Pulls a host's cable out of the switch, or puts it in again.</summary>
    public void Cable(int node, bool plugged) => _switch.Ip("link", "set", "n" + node.ToString(CultureInfo.InvariantCulture), plugged ? "up" : "down");

    /// <summary>Asks a node's command line, as <c>rtpcluster ctl</c> does; empty: nobody answers.</summary>
    public string Ctl(int node, string line)
    {
        try
        {
            return _hosts[node].Enter(() =>
            {
                using var client = new TcpClient { ReceiveTimeout = CtlMillis };
                client.Connect(IPAddress.Loopback, CliPort);
                var stream = client.GetStream();
                stream.Write(Encoding.ASCII.GetBytes(line + "\n"));
                client.Client.Shutdown(SocketShutdown.Send);
                using var reader = new StreamReader(stream);
                return reader.ReadToEnd();
            });
        }
        catch (InvalidOperationException)
        {
            return string.Empty;
        }
    }

    /// <summary>Waits until every node serves its shards.</summary>
    public Task ReadyAsync(params int[] nodes) => Eventually.HoldsAsync(
        () => nodes.All(i => Ctl(i, "ready").StartsWith("ready", StringComparison.Ordinal)),
        TimeSpan.FromSeconds(60),
        () => "not ready: " + string.Join(", ", nodes.Where(i => !Ctl(i, "ready").StartsWith("ready", StringComparison.Ordinal)).Select(i => "n" + i)));

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _watching.Wait();
        for (int i = 0; i < Nodes; i++)
        {
            KillHost(i);
            _nodes[i]?.Dispose();
            _hosts[i].Dispose();
        }

        _former.ForEach(p => p.Dispose());
        _redis.Dispose();
        Phones.Dispose();
        _switch.Dispose();
        Directory.Delete(Folder, recursive: true);
        _stop.Dispose();
    }

    // The service manager: whoever dies is started again.
    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            for (int i = 0; i < Nodes; i++)
            {
                bool dead;
                lock (_former)
                {
                    dead = _nodes[i]!.HasExited && !_down.Contains(i);
                }

                if (dead)
                {
                    Start(i);
                }
            }

            await Task.WhenAny(Task.Delay(RestartMillis, _stop.Token));
        }
    }

    private string[] Pids(int node) => ChildProcess.Run("ip", "netns", "pids", _hosts[node].Name).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private void Nft(int node, params string[] words) => ChildProcess.Run("ip", ["netns", "exec", _hosts[node].Name, "nft", .. words]);

    private NetworkNamespace Plug(string name, string address)
    {
        var host = NetworkNamespace.Create($"{_prefix}{name}");
        _switch.Ip("link", "add", name, "type", "veth", "peer", "name", "e0", "netns", host.Name);
        _switch.Ip("link", "set", name, "master", "br0", "up");
        host.Up("e0", address + "/24");
        return host;
    }
}
