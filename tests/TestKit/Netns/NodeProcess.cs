using System.Globalization;

namespace RtpCluster.TestKit.Netns;

/// <summary>A node in a lab's middle host: our binary, or the peer's daemon to check the tests themselves and to compare with.</summary>
public sealed class NodeProcess : IDisposable
{
    private readonly Lab _lab;

    /// <summary>Starts a node with the peer's options.</summary>
    public NodeProcess(Lab lab, bool peer, params string[] options)
    {
        _lab = lab;
        IsPeer = peer;
        Process = lab.Node.Start(peer ? "rtpengine" : Binary(), [
            "--config-file=none", "-t", "-1", "-i", Lab.NodeV4, "-i", Lab.NodeV6, "-n", "2223", "-c", "12345", "-f", "-E", .. options,
        ]);
        Ng = new NgClient(lab.Node, 2223);
    }

    /// <summary>True when tests should run against the peer: RTPCLUSTER_TEST_NODE=peer.</summary>
    public static bool PeerWanted => Environment.GetEnvironmentVariable("RTPCLUSTER_TEST_NODE") == "peer";

    /// <summary>It is the peer.</summary>
    public bool IsPeer { get; }

    /// <summary>The control process.</summary>
    public ChildProcess Process { get; }

    /// <summary>An ng client at its side.</summary>
    public NgClient Ng { get; }

    /// <summary>CPU seconds of every process of the node's host so far.</summary>
    public double CpuSeconds => Processes.Sum(CpuSecondsOf);

    /// <summary>Resident memory in bytes of the node's processes.</summary>
    public long ResidentBytes => Processes.Sum(ResidentBytesOf);

    /// <summary>The process ids in the node's host, lowest first.</summary>
    public IReadOnlyList<int> Processes =>
        [.. ChildProcess.Run("ip", "netns", "pids", _lab.Node.Name)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))
            .Where(pid => CommandLine(pid).Contains(IsPeer ? "rtpengine" : "rtpcluster", StringComparison.Ordinal)).Order()];

    /// <summary>The media process, found by its command line; -1: none runs.</summary>
    public int MediaProcess => Processes.Where(pid => CommandLine(pid).Split('\0').Contains("media")).DefaultIfEmpty(-1).First();

    /// <summary>Waits until the node answers a ping.</summary>
    /// <param name="limit">How long at most; default: 15 seconds.</param>
    public Task ReadyAsync(TimeSpan? limit = null) =>
        Eventually.HoldsAsync(() => Ng.Ping(), limit ?? TimeSpan.FromSeconds(15), () => "no answer: " + Process.Output);

    /// <summary>bin/rtpcluster of the repository that this test was built in.</summary>
    public static string Binary()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RtpCluster.sln")))
            {
                string binary = Path.Combine(folder.FullName, "bin", "rtpcluster");
                return File.Exists(binary) ? binary : throw new FileNotFoundException("bin/rtpcluster is missing: run `make build` first");
            }
        }

        throw new DirectoryNotFoundException("the tests run outside the repository");
    }

    /// <summary>Stops the node as an operator would, and whatever is left of it by force.</summary>
    public void Dispose()
    {
        Ng.Dispose();
        Process.Signal("TERM");
        try
        {
            Process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
        }

        Process.Dispose();
        foreach (int pid in Processes)
        {
            ChildProcess.TryRun("kill", "-KILL", pid.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>CPU milliseconds that the threads of a process with a name have taken (proc(5): schedstat).</summary>
    public static double ThreadMillisOf(int pid, string name) => Directory.EnumerateDirectories($"/proc/{pid}/task").Sum(task =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd('\n') != name ? 0
                : long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    });

    /// <summary>CPU seconds of one process so far, to the clock tick.</summary>
    public static double CpuSecondsOf(int pid)
    {
        string[] fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>Resident memory of one process, bytes.</summary>
    public static long ResidentBytesOf(int pid) =>
        long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * 4096;
}
