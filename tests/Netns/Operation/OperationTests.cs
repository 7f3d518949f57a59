using RtpCluster.TestKit.Netns;

namespace RtpCluster.Netns.Operation;

/// <summary>The binary as an operator meets it: exit codes, messages, signals, one node a state directory, ctl, metrics of a running node.</summary>
public sealed class OperationTests : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Every_fault_of_the_configuration_is_told_at_once()
    {
        using var node = Run("--config-file=none", "--timeout=soon", "--interface=nowhere.invalid", "--redis-write=h:1/1");
        Assert.Equal(1, node.ExitCode);
        foreach (string key in new[] { "timeout=soon (command line)", "interface=nowhere.invalid", "redis-write=h:1/1" })
        {
            Assert.Contains(key, node.Output);
        }
    }

    [Fact]
    public void A_fault_of_usage_has_an_exit_code_of_its_own()
    {
        using var node = Run("--config-file=none", "--nonsense");
        Assert.Equal(2, node.ExitCode);
        Assert.Contains("--nonsense (command line): unknown option", node.Output);
    }

    [Theory]
    [InlineData("--version", "rtpcluster 0.")]
    [InlineData("-v", "rtpcluster 0.")]
    [InlineData("--help", "Interfaces and ports:")]
    public void Questions_are_answered(string option, string expected)
    {
        using var node = Run(option);
        Assert.Equal(0, node.ExitCode);
        Assert.Contains(expected, node.Output);
    }

    [Fact]
    public async Task An_address_in_use_is_named_with_its_option()
    {
        using var first = new NodeProcess(_lab, peer: false);
        await first.ReadyAsync();
        using var second = Run("--config-file=none", "-i", Lab.NodeV4, "-n", "2223");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("2223", second.Output);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_node_with_calls_stops_well_and_takes_its_media_process_along(string signal)
    {
        using var node = new NodeProcess(_lab, peer: false, $"--pidfile={Path.Combine(_lab.Folder, "pid")}");
        await node.ReadyAsync();
        node.Ng.Call("c", Lab.CallerV4, 6000, Lab.CalleeV4, 6000);
        Assert.Equal(node.Process.Id, int.Parse(File.ReadAllText(Path.Combine(_lab.Folder, "pid"))));
        node.Process.Signal(signal);
        node.Process.WaitForExit(StopLimit);
        Assert.Equal(0, node.Process.ExitCode);
        Assert.False(File.Exists(Path.Combine(_lab.Folder, "pid")));
        Assert.Equal(-1, node.MediaProcess);
    }

    [Fact]
    public async Task Two_nodes_cannot_share_a_state_directory()
    {
        string state = $"--state-dir={Path.Combine(_lab.Folder, "state")}";
        using var first = new NodeProcess(_lab, peer: false, state);
        await first.ReadyAsync();
        using var second = Run("--config-file=none", "-i", Lab.NodeV4, "-n", "2299", state);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("in use by another node", second.Output);
    }

    [Fact]
    public async Task The_operator_sees_and_ends_calls_and_turns_knobs()
    {
        using var node = new NodeProcess(_lab, peer: false);
        await node.ReadyAsync();
        node.Ng.Call("one", Lab.CallerV4, 6000, Lab.CalleeV4, 6000);
        node.Ng.Call("two", Lab.CallerV4, 6002, Lab.CalleeV4, 6002);
        Assert.Contains("Current sessions own: 2", Ctl("list numsessions"));
        Assert.Contains("callid: one", Ctl("list sessions all"));
        Assert.Contains("terminated", Ctl("terminate one"));
        Assert.Contains("Success", Ctl("set maxsessions 1"));
        Assert.Contains("Parallel session limit reached", node.Ng.Send("offer", ("call-id", "three"), ("from-tag", "a"), ("sdp", NgClient.Sdp(Lab.CallerV4, 6004))));
        Assert.Contains("rejectedsessions: 1", Ctl("list totals"));
        Assert.Contains("Unknown or incomplete", Ctl("nonsense"));
    }

    private string Ctl(string line)
    {
        using var ctl = _lab.Node.Start(NodeProcess.Binary(), ["ctl", "--to=127.0.0.1:12345", .. line.Split(' ')]);
        ctl.WaitForExit(StopLimit);
        return ctl.Output;
    }

    private ChildProcess Run(params string[] options)
    {
        var process = _lab.Node.Start(NodeProcess.Binary(), options);
        process.WaitForExit(TimeSpan.FromSeconds(15));
        return process;
    }
}
