using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Telemetry.Metrics;

namespace RtpCluster.Unit.Telemetry.Metrics;

public sealed class StatisticsTests
{
    private static readonly LocalInterface Local = new("pub", IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.1"));

    private static readonly NodeStatistics Node = new()
    {
        Now = new(20_000_000),
        Started = new(8_000_000),
        Sessions = new SessionTotals { Current = 2, Managed = 5, Rejected = 1, Timeout = 1, Regular = 2, DurationMicros = 9_000_000 },
        Requests = [new("192.0.2.9", "Offer", 7, 0.5), new("192.0.2.9", "Ping", 1, 0)],
        RequestErrors = [new("192.0.2.9", 3)],
        Ports = [new(Local, 30000, 30099, 25)],
        MediaRestarts = 4,
        Media = new MediaTotals
        {
            Relayed = new(100, 17_200, 2),
            Streams = 8,
            Tier = "sockets",
            Drops = new() { ["SrtpReplay"] = 6 },
            KernelEvents = new() { ["AuthFailed"] = 4 },
            Interfaces = new() { ["192.0.2.1"] = new(new(50, 8600, 0), new(49, 8500, 1)) },
        },
    };

    [Theory]
    [InlineData("rtpengine_sessions{type=\"own\"} 2")]
    [InlineData("rtpengine_uptime_seconds 12")]
    [InlineData("rtpengine_sessions_total 5")]
    [InlineData("rtpengine_closed_sessions_total{reason=\"timeout\"} 1")]
    [InlineData("rtpengine_closed_sessions_total{reason=\"rejected\"} 1")]
    [InlineData("rtpengine_packets_total{type=\"userspace\"} 100")]
    [InlineData("rtpengine_requests_total{proxy=\"192.0.2.9\",request=\"Offer\"} 7")]
    [InlineData("rtpengine_errors_total{proxy=\"192.0.2.9\"} 3")]
    [InlineData("rtpengine_ports_free{name=\"pub\",address=\"192.0.2.1\"} 75")]
    [InlineData("rtpengine_interface_packets{name=\"pub\",address=\"192.0.2.1\",direction=\"egress\"} 49")]
    [InlineData("rtpcluster_drops_total{reason=\"SrtpReplay\"} 6")]
    [InlineData("rtpcluster_kernel_events_total{event=\"AuthFailed\"} 4")]
    [InlineData("rtpcluster_media_process_restarts_total 4")]
    [InlineData("rtpcluster_media_tier{tier=\"sockets\"} 1")]
    public void The_metrics_page_has(string line) => Assert.Contains(line + "\n", PrometheusText.Write(Node));

    [Fact]
    public void Every_metric_is_declared_once_before_its_samples()
    {
        string declared = string.Empty;
        var seen = new HashSet<string>();
        foreach (string line in PrometheusText.Write(Node).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                declared = line.Split(' ')[2];
                Assert.True(seen.Add(declared), declared + " is declared twice");
            }
            else if (line[0] != '#')
            {
                Assert.Equal(declared, line[..line.IndexOfAny(['{', ' '])]);
            }
        }
    }

    [Fact]
    public void Label_values_are_escaped() =>
        Assert.Contains("x{a=\"q\\\"b\\\\n\\n\"} 1", new PrometheusWriter().Gauge("x", "h").Value(1, ("a", "q\"b\\n\n")).ToString());

    [Fact]
    public void The_statistics_reply_has_the_peers_keys()
    {
        var reply = StatisticsReply.Build(Node, new NgDictionary().Add("proxies", new NgList()));
        var totals = (NgDictionary)reply["totalstatistics"]!;
        Assert.Equal(new NgInteger(12), totals["uptime"]);
        Assert.Equal(new NgInteger(100), totals["relayedpackets"]);
        Assert.Equal(new NgString("3.000000"), totals["avgcallduration"]);
        Assert.Equal(new NgInteger(2), ((NgDictionary)reply["currentstatistics"]!)["sessionsown"]);
        Assert.Equal(new NgList().Items, ((NgList)((NgDictionary)reply["controlstatistics"]!)["proxies"]!).Items);
        var ports = (NgDictionary)((NgDictionary)((NgList)reply["interfaces"]!).Items[0])["ports"]!;
        Assert.Equal(new NgInteger(75), ports["free"]);
    }
}
