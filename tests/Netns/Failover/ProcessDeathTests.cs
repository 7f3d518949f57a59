using System.Globalization;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Netns.Failover;

/// <summary>Killed processes of a node that carries 200 calls.</summary>
public sealed class ProcessDeathTests : IAsyncLifetime
{
    private const int Calls = 200;
    private readonly Lab _lab = new();
    private readonly LoadGenerator _load;
    private readonly string[] _options;
    private NodeProcess _node;

    public ProcessDeathTests()
    {
        _options = ["-L", "6", $"--state-dir={Path.Combine(_lab.Folder, "state")}", "--listen-http=127.0.0.1:2225"];
        _node = new NodeProcess(_lab, peer: false, _options);
        _load = new LoadGenerator(_lab);
    }

    public async ValueTask InitializeAsync()
    {
        await _node.ReadyAsync();
        for (int i = 0; i < Calls; i++)
        {
            var (caller, callee) = _node.Ng.Call(Id(i), Lab.CallerV4, 6000, Lab.CalleeV4, 6000);
            _load.Add(caller, callee);
        }

        _load.Run(TimeSpan.FromSeconds(4), measure: false);
    }

    [Fact]
    public async Task A_killed_control_process_costs_no_packet_and_its_successor_controls_the_calls()
    {
        Task<NodeProcess>? successor = null;
        _load.Run(TimeSpan.FromSeconds(5), each: round =>
        {
            if (round == 50)
            {
                _node.Process.Signal("KILL");
            }

            if (round == 75)
            {
                successor = Task.Run(() => new NodeProcess(_lab, peer: false, _options));
            }
        });
        Assert.Equal(0, _load.Lost);

        using var dead = _node.Process;
        _node = await successor!;
        await _node.ReadyAsync();
        for (int i = 0; i < Calls; i += 10)
        {
            string? reoffer = _node.Ng.Send("offer", ("call-id", Id(i)), ("from-tag", "a"), ("to-tag", "b"), ("sdp", NgClient.Sdp(Lab.CallerV4, 6000)));
            Assert.Contains("6:result2:ok", reoffer);
            string? answer = _node.Ng.Send("answer", ("call-id", Id(i)), ("from-tag", "a"), ("to-tag", "b"), ("sdp", NgClient.Sdp(Lab.CalleeV4, 6000)));
            Assert.Contains("6:result2:ok", answer);
        }

        _load.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _load.Lost);
        for (int i = 0; i < Calls; i++)
        {
            Assert.Contains("6:totals", _node.Ng.Send("query", ("call-id", Id(i))));
            Assert.Contains("6:result2:ok", _node.Ng.Send("delete", ("call-id", Id(i)), ("delete delay", "0")));
        }

        Assert.Contains("5:callsle", _node.Ng.List());
    }

    [Fact]
    public async Task A_killed_media_process_is_back_on_the_same_ports_within_a_second()
    {
        int before = _node.MediaProcess;
        Assert.NotEqual(-1, before);
        long last = 0;
        int silent = 0, longest = 0;
        _load.Run(TimeSpan.FromSeconds(4), each: round =>
        {
            if (round == 50)
            {
                ChildProcess.Run("kill", "-KILL", before.ToString(CultureInfo.InvariantCulture));
            }

            long now = _load.Total;
            silent = now - last < Calls ? silent + 1 : 0;
            longest = Math.Max(longest, silent);
            last = now;
        });
        Assert.InRange(longest * 20, 0, 1000);
        for (int call = 0; call < Calls; call++)
        {
            Assert.InRange(_load.Received[call, 0], 140, 200);
            Assert.InRange(_load.Received[call, 1], 140, 200);
        }

        Assert.NotEqual(before, _node.MediaProcess);
        Assert.Contains("media process", _node.Process.Output);
        string metrics = "";
        await Eventually.HoldsAsync(
            () => (metrics = _lab.Node.Curl("http://127.0.0.1:2225/metrics")).Contains("rtpcluster_media_process_restarts_total 1", StringComparison.Ordinal),
            TimeSpan.FromSeconds(5), () => metrics);
    }

    public ValueTask DisposeAsync()
    {
        _load.Dispose();
        _node.Dispose();
        _lab.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"death-{i}");
}
