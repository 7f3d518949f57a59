using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.CallActors;
using RtpCluster.CallModel;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Server.Cli;
using RtpCluster.Telemetry.Logging;
using RtpCluster.Telemetry.Metrics;
using RtpCluster.TestKit.Nodes;

namespace RtpCluster.Unit.Server.Cli;

public sealed class CliHandlerTests : IDisposable, ILoadGauge
{
    private static readonly LocalInterface Local = new("default", IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.1"));
    private readonly NodeLog _log = new(3, json: false);
    private readonly EmbeddedCallStore _store = new(new());
    private readonly CallRegistry _registry;
    private readonly CliHandler _cli;

    public CliHandlerTests()
    {
        _registry = new CallRegistry(
            new CallHost
            {
                Config = new CallConfig { Interfaces = [Local] },
                Node = new InMemoryMediaNode(),
                Store = _store,
                Log = NullLogger.Instance,
            },
            new LoadLimits(),
            this);
        _cli = new CliHandler(new CliContext(_registry, _ => ValueTask.FromResult(Statistics()), node => StatisticsReply.Build(node, new NgDictionary()), _log));
    }

    public double Load => 0;

    public double Cpu => 0;

    public long Bandwidth => 0;

    public void Dispose()
    {
        _store.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("rebalance")]
    [InlineData("cluster list totals")]
    [InlineData("cluster statistics")]
    [InlineData("drain exit")]
    public async Task What_concerns_a_cluster_says_that_the_node_is_alone(string line) =>
        Assert.Equal("This node is alone (no --redis).\n", await _cli.ExecuteAsync(line, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Sessions_are_counted_listed_shown_and_terminated()
    {
        await OfferAsync("a@host");
        await OfferAsync("b@host");
        Assert.Contains("Current sessions own: 2\n", await RunAsync("list numsessions"));
        Assert.Equal(2, (await RunAsync("list sessions")).Count(c => c == '\n'));
        Assert.Contains("callid: a@host", await RunAsync("list sessions all"));
        Assert.StartsWith("callid: a@host\n", await RunAsync("list sessions a@host"));
        Assert.Equal("Session a@host terminated by operator.\n", await RunAsync("terminate a@host"));
        Assert.Equal("Call-ID a@host not found\n", await RunAsync("terminate a@host"));
        Assert.Equal("1 sessions terminated by operator.\n", await RunAsync("terminate all"));
        Assert.Equal("No sessions on this node.\n", await RunAsync("list sessions"));
    }

    [Fact]
    public async Task A_call_is_ended_by_the_call_command_too()
    {
        await OfferAsync("a");
        Assert.StartsWith("callid: a\n", await RunAsync("call a info"));
        Assert.Equal("Session a terminated by operator.\n", await RunAsync("call a terminate"));
        Assert.StartsWith("not supported yet", await RunAsync("call a detect-dtmf on"));
    }

    [Theory]
    [InlineData("maxsessions", "7")]
    [InlineData("maxload", "2.5")]
    [InlineData("maxcpu", "75")]
    [InlineData("maxbw", "1000000")]
    [InlineData("timeout", "30")]
    [InlineData("silenttimeout", "30")]
    [InlineData("offertimeout", "30")]
    [InlineData("finaltimeout", "30")]
    [InlineData("deletedelay", "0")]
    [InlineData("loglevel", "7")]
    public async Task A_knob_is_turned_shown_and_turned_back(string knob, string value)
    {
        string before = await RunAsync("list " + knob);
        Assert.Equal($"Success setting {knob} to {value}\n", await RunAsync($"set {knob} {value}"));
        Assert.Equal($"{knob}: {value}\n", await RunAsync("get " + knob));
        Assert.Contains($"=> {value}", await RunAsync("params diff"));
        await RunAsync("params revert");
        Assert.Equal(before, await RunAsync("list " + knob));
        Assert.Equal("No knob was turned.\n", await RunAsync("params diff"));
    }

    [Fact]
    public async Task A_limit_set_by_the_operator_holds_at_once()
    {
        await RunAsync("set maxsessions 0");
        Assert.Equal(new NgString("error"), (await OfferAsync("a"))["result"]);
    }

    [Theory]
    [InlineData("set maxsessions many")]
    [InlineData("set maxsessions -2")]
    [InlineData("set maxsessions")]
    [InlineData("set loglevel 12")]
    public async Task A_bad_value_changes_nothing_and_says_what_is_right(string line) =>
        Assert.Contains("write a number from", await RunAsync(line));

    [Theory]
    [InlineData("list totals", "managedsessions: 5")]
    [InlineData("list counters", "packets: 50")]
    [InlineData("list interfaces", "name: default")]
    [InlineData("list jsonstats", "{\"currentstatistics\":{")]
    [InlineData("list maxopenfiles", "maxopenfiles: ")]
    [InlineData("list loglevels", "loglevel: 3")]
    [InlineData("kslist", "not supported yet: kslist")]
    [InlineData("media list files", "not supported yet: media list")]
    [InlineData("nonsense", "Type usage")]
    [InlineData("list nonsense", "list numsessions")]
    [InlineData("usage", "terminate <callid>|all|own")]
    [InlineData("", "terminate <callid>|all|own")]
    public async Task Each_command_answers(string line, string expected) => Assert.Contains(expected, await RunAsync(line));

    private async Task<string> RunAsync(string line) => await _cli.ExecuteAsync(line, CancellationToken.None);

    private async Task<NgDictionary> OfferAsync(string callId) => await _registry.HandleAsync(
        new NgCommand
        {
            Verb = NgVerb.Offer,
            CallId = callId,
            FromTag = "A",
            Sdp = "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n",
        },
        CancellationToken.None);

    private static NodeStatistics Statistics() => new()
    {
        Now = new(2_000_000),
        Started = new(1_000_000),
        Sessions = new SessionTotals { Managed = 5 },
        Rate = new Counters(50, 8600, 0),
        Ports = [new(Local, 30000, 39999, 4)],
    };
}
