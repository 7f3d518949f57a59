using System.Net;
using System.Text.RegularExpressions;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;
using RtpCluster.TestKit.Rtp;

namespace RtpCluster.Netns.Kamailio;

/// <summary>Real Kamailio with rtpengine_manage(), real SIPp phones, real RTP, hosts that cannot reach each other but through the node.</summary>
public sealed class KamailioTests : IAsyncDisposable
{
    private readonly Lab _lab = new();
    private readonly NodeProcess _node;
    private readonly SipCalls _sip;
    private readonly RtpPacer _pacer = new();
    private readonly Dictionary<string, RtpPeer> _callers = [];
    private readonly Dictionary<string, RtpPeer> _callees = [];

    public KamailioTests()
    {
        _node = new NodeProcess(_lab, NodeProcess.PeerWanted, "-L", "6", "--delete-delay=1");
        _node.ReadyAsync().GetAwaiter().GetResult();
        _sip = new SipCalls(_lab);
    }

    [Fact]
    public async Task Twenty_calls_talk_hold_resume_and_hang_up()
    {
        const int calls = 20;
        await WaitAsync(() => _sip.Ready, 10, () => _sip.Log);
        using var callee = _sip.Phone(_lab.Callee, Lab.CalleeV4, "callee.xml", calls, 5060, 21000, "callee");
        using var caller = _sip.Phone(_lab.Caller, Lab.CallerV4, "caller.xml", calls, 5060, 20000, "caller", rate: 20);
        await WaitAsync(() => Count("caller", "answered") == calls, 15, () => caller.Output + _sip.Log);
        OpenPhones();
        await TalkAsync(100, callers: 100, callees: 100);

        await WaitAsync(() => Count("caller", "held") == calls, 15, () => caller.Output);
        Assert.Equal(_callers.Keys.Order(), _sip.Read("caller").Where(e => e.Name == "held").Select(e => e.CallId).Order());
        foreach (var phone in _callers.Values.Concat(_callees.Values))
        {
            phone.Send(20);
        }

        // On hold (sendonly) the caller is heard and the callee is not.
        await WaitAsync(() => _callees.Values.All(p => p.Received == 120) && _callers.Values.All(p => p.Idle), 5, Heard);
        Assert.All(_callers.Values, p => Assert.Equal(100, p.Received));

        await WaitAsync(() => Count("caller", "resumed") == calls, 15, () => caller.Output);
        await TalkAsync(100, callers: 200, callees: 220);
        AssertOnlyThroughTheNode();
        caller.WaitForExit(TimeSpan.FromSeconds(30));
        callee.WaitForExit(TimeSpan.FromSeconds(30));
        Assert.True(caller.ExitCode == 0 && callee.ExitCode == 0, caller.Output + callee.Output);
        AssertKamailioSawStatistics(calls);
        await WaitAsync(() => _node.Ng.List().Contains("5:callsle", StringComparison.Ordinal), 10, _node.Ng.List);
    }

    [Fact]
    public async Task A_cancelled_call_leaves_nothing()
    {
        await WaitAsync(() => _sip.Ready, 10, () => _sip.Log);
        using var callee = _sip.Phone(_lab.Callee, Lab.CalleeV4, "callee_cancelled.xml", 5, 5060, 21000, "callee");
        using var caller = _sip.Phone(_lab.Caller, Lab.CallerV4, "caller_cancel.xml", 5, 5060, 20000, "caller");
        caller.WaitForExit(TimeSpan.FromSeconds(30));
        callee.WaitForExit(TimeSpan.FromSeconds(30));
        Assert.True(caller.ExitCode == 0 && callee.ExitCode == 0, caller.Output + callee.Output + _sip.Log);
        Assert.Equal(5, Count("callee", "invited"));
        await WaitAsync(() => _node.Ng.List().Contains("5:callsle", StringComparison.Ordinal), 10, _node.Ng.List);
    }

    [Fact]
    public async Task A_forked_call_talks_to_the_branch_that_answers()
    {
        await WaitAsync(() => _sip.Ready, 10, () => _sip.Log);
        using var first = _sip.Phone(_lab.Callee, Lab.CalleeV4, "callee_cancelled.xml", 3, 5062, 21000, "first");
        using var second = _sip.Phone(_lab.Callee, Lab.CalleeV4, "callee_answers.xml", 3, 5064, 22000, "callee");
        using var caller = _sip.Phone(_lab.Caller, Lab.CallerV4, "caller_fork.xml", 3, 5060, 20000, "caller");
        await WaitAsync(() => Count("caller", "answered") == 3, 15, () => caller.Output + _sip.Log);
        OpenPhones();
        await TalkAsync(80, callers: 80, callees: 80);
        AssertOnlyThroughTheNode();
        caller.WaitForExit(TimeSpan.FromSeconds(30));
        Assert.True(caller.ExitCode == 0, caller.Output + _sip.Log);
        await WaitAsync(() => _node.Ng.List().Contains("5:callsle", StringComparison.Ordinal), 10, _node.Ng.List);
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        foreach (var phone in _callers.Values.Concat(_callees.Values))
        {
            phone.Dispose();
        }

        _sip.Dispose();
        _node.Dispose();
        _lab.Dispose();
    }

    private static Task WaitAsync(Func<bool> condition, int seconds, Func<string> otherwise) =>
        Eventually.HoldsAsync(condition, TimeSpan.FromSeconds(seconds), otherwise);

    private int Count(string events, string name) => _sip.Read(events).Count(e => e.Name == name);

    private void OpenPhones()
    {
        uint ssrc = 0x1000;
        foreach (var (events, name, host, address, phones) in new[]
        {
            ("caller", "answered", _lab.Caller, Lab.CallerV4, _callers),
            ("callee", "invited", _lab.Callee, Lab.CalleeV4, _callees),
        })
        {
            foreach (var call in _sip.Read(events).Where(e => e.Name == name))
            {
                Assert.Equal(Lab.NodeV4, call.Address);
                var phone = RtpPeer.Open(host, IPAddress.Parse(address), call.OwnPort, ssrc++);
                phone.Remote = new IPEndPoint(IPAddress.Parse(call.Address), call.Port);
                phones.Add(call.CallId, phone);
                _pacer.Add(phone);
            }
        }
    }

    /// <summary>Everybody says so many packets; then each side must have heard its number in all, no more and no less.</summary>
    private async Task TalkAsync(int packets, int callers, int callees)
    {
        foreach (var phone in _callers.Values.Concat(_callees.Values))
        {
            phone.Send(packets);
        }

        await WaitAsync(() => _callers.Values.Concat(_callees.Values).All(p => p.Idle), 20, Heard);
        await WaitAsync(() => _callers.Values.All(p => p.Received >= callers) && _callees.Values.All(p => p.Received >= callees), 5, Heard);
        Assert.All(_callers.Values, p => Assert.Equal(callers, p.Received));
        Assert.All(_callees.Values, p => Assert.Equal(callees, p.Received));
    }

    private void AssertOnlyThroughTheNode()
    {
        foreach (var phone in _callers.Values.Concat(_callees.Values))
        {
            Assert.Equal(0, phone.Duplicates);
            Assert.Equal([phone.Remote!], phone.Sources);
        }
    }

    private void AssertKamailioSawStatistics(int calls)
    {
        var stats = Regex.Matches(_sip.Log, @"STAT \S+ RTP: \d+ bytes, (\d+) packets, \d+ errors; RTCP: \d+ bytes, (\d+) packets");
        Assert.Equal(calls, stats.Count);
        Assert.All(stats, m => Assert.Equal((440, true), (int.Parse(m.Groups[1].Value), int.Parse(m.Groups[2].Value) > 0)));
        var mos = Regex.Matches(_sip.Log, @"MOS \S+ min=(4\.\d) max=(4\.\d) average=(4\.\d) samples=([1-9]\d*) A=(4\.\d) B=(4\.\d)");
        Assert.True(mos.Count == calls, _sip.Log);
    }

    private string Heard() => string.Join(", ", _callers.Values.Concat(_callees.Values).Select(p => $"{p.Port}: {p.Sent}>{p.Received}"));
}
