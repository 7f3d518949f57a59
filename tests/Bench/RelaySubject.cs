using System.Diagnostics;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench;

/// <summary>
/// Something that packets go through, with its own hosts and its calls: us, the peer, or nothing but the kernel's routing, which shows what the
/// load generator and the machine add by themselves.
/// </summary>
internal sealed class RelaySubject : IDisposable
{
    /// <summary>The subject without a node.</summary>
    public const string NoNode = "none";

    private const string Peer = "rtpengine";
    private readonly Lab _lab = new();
    private readonly LoadGenerator _load;
    private readonly NodeProcess? _node;

    private RelaySubject(string name, IEnumerable<string> options)
    {
        Name = name;
        if (name == NoNode)
        {
            ChildProcess.Run("ip", "netns", "exec", _lab.Node.Name, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        }
        else
        {
            _node = new NodeProcess(_lab, name == Peer, ["-L", "4", .. name == Peer ? [] : options.Concat(name.Split('/').Skip(1).Select(o => "--" + o))]);
        }

        _load = new LoadGenerator(_lab);
    }

    /// <summary>"rtpcluster", "rtpengine" or "none"; us with options of its own: "rtpcluster/media-moderation=0/…".</summary>
    public string Name { get; }

    /// <summary>Starts it and places the calls.</summary>
    public static async Task<RelaySubject> StartAsync(string name, int calls, IEnumerable<string> options)
    {
        var subject = new RelaySubject(name, options);
        if (subject._node is not { } node)
        {
            subject._load.AimAtEachOther(calls);
            return subject;
        }

        await node.ReadyAsync().ConfigureAwait(false);
        for (int i = 0; i < calls; i++)
        {
            var (caller, callee) = node.Ng.Call($"bench-{i}", Lab.CallerV4, 6000, Lab.CalleeV4, 6000);
            subject._load.Add(caller, callee);
        }

        return subject;
    }

    /// <summary>Traffic that is not measured.</summary>
    public void WarmUp(int seconds) => _load.Run(TimeSpan.FromSeconds(seconds), measure: false);

    /// <summary>Traffic that is.</summary>
    public RelayRun Measure(int calls, int seconds)
    {
        double cpu = _node?.CpuSeconds ?? 0;
        double stolen = MachineNoise.StolenSeconds;
        _load.Run(TimeSpan.FromSeconds(seconds));
        cpu = (_node?.CpuSeconds ?? 0) - cpu;
        return new RelayRun(Name, calls, cpu * 1e6 / _load.Sent, _load.Sent, _load.Lost,
            _load.Delay.Quantile(0.5), _load.Delay.Quantile(0.99), _load.Delay.Quantile(0.999),
            _load.Lateness.Quantile(0.99), (MachineNoise.StolenSeconds - stolen) * 1000);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _load.Dispose();
        _node?.Dispose();
        _lab.Dispose();
    }
}

/// <summary>One measured run.</summary>
/// <param name="Node">What was measured.</param>
/// <param name="Calls">Two-way calls.</param>
/// <param name="MicrosPerPacket">CPU of all its processes by packets sent.</param>
/// <param name="Sent">Packets sent.</param>
/// <param name="Lost">Packets that did not arrive.</param>
/// <param name="P50">Delay, ms.</param>
/// <param name="P99">Delay, ms.</param>
/// <param name="P999">Delay, ms.</param>
/// <param name="Late">p99 of how late the generator itself ran, ms.</param>
/// <param name="StolenMillis">CPU time that the hypervisor took from this machine meanwhile, all CPUs.</param>
internal sealed record RelayRun(
    string Node, int Calls, double MicrosPerPacket, long Sent, long Lost, double P50, double P99, double P999, double Late, double StolenMillis);
