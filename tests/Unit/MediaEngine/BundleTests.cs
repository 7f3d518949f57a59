using RtpCluster.Contracts;
using RtpCluster.MediaEngine;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>Several streams on one port (BUNDLE): who a packet belongs to, and where copies leave from.</summary>
public sealed class BundleTests
{
    private const StreamFlags Both = StreamFlags.MaySend | StreamFlags.MayReceive;
    private static readonly NetEndpoint Bundled = NetEndpoint.Parse("203.0.113.1:30000");
    private static readonly NetEndpoint Browser = NetEndpoint.Parse("198.51.100.1:5000");
    private readonly ReactorEngine _engine = new(new EngineOptions());
    private readonly CollectingBatch _batch = new();

    public BundleTests() => _engine.Apply(new Instant(1), new MediaPlan
    {
        CallId = new CallId("c"),
        Epoch = 1,
        Streams =
        [
            Stream(1, "203.0.113.1:30000", "198.51.100.1:5000", 0, to: 3),
            Stream(2, "", "", 96, to: 4) with { Bundle = new StreamId(1) },
            Stream(3, "203.0.113.1:30010", "198.51.100.2:6000", 0, to: 1),
            Stream(4, "203.0.113.1:30020", "198.51.100.2:6002", 96, to: 2),
        ],
    }, _batch);

    [Theory]
    [InlineData(0, "198.51.100.2:6000")]
    [InlineData(96, "198.51.100.2:6002")]
    [InlineData(13, "198.51.100.2:6000")]
    public void The_payload_type_says_whose_a_packet_is(byte payloadType, string target)
    {
        var sent = Assert.Single(Feed(Bundled, Browser, Rtp(payloadType)));

        Assert.Equal(target, sent.Remote.ToString());
    }

    [Theory]
    [InlineData("203.0.113.1:30010", "198.51.100.2:6000", 0)]
    [InlineData("203.0.113.1:30020", "198.51.100.2:6002", 96)]
    public void Everything_leaves_from_the_one_port(string local, string source, byte payloadType)
    {
        var sent = Assert.Single(Feed(NetEndpoint.Parse(local), NetEndpoint.Parse(source), Rtp(payloadType)));

        Assert.Equal(Bundled, sent.Local);
        Assert.Equal(Browser, sent.Remote);
    }

    [Fact]
    public void The_mid_says_whose_a_packet_is_though_both_have_its_payload_type()
    {
        _engine.Apply(new Instant(3), new MediaPlan
        {
            CallId = new CallId("c"),
            Epoch = 2,
            Streams =
            [
                Stream(1, "203.0.113.1:30000", "198.51.100.1:5000", 0, to: 3) with { Mid = "0", Extensions = new ExtensionIds { Mid = 4 } },
                Stream(2, "", "", 0, to: 4) with { Bundle = new StreamId(1), Mid = "1" },
                Stream(3, "203.0.113.1:30010", "198.51.100.2:6000", 0, to: 1),
                Stream(4, "203.0.113.1:30020", "198.51.100.2:6002", 0, to: 2),
            ],
        }, _batch);
        byte[] second = [0x90, 0, 0, 1, 0, 0, 0, 160, 9, 9, 9, 9, 0xBE, 0xDE, 0, 1, 0x40, (byte)'1', 0, 0, .. new byte[160]];
        byte[] later = [0x80, 0, 0, 2, 0, 0, 1, 64, 9, 9, 9, 9, .. new byte[160]];

        Assert.Equal("198.51.100.2:6000", Assert.Single(Feed(Bundled, Browser, Rtp(0))).Remote.ToString());
        Assert.Equal("198.51.100.2:6002", Assert.Single(Feed(Bundled, Browser, second)).Remote.ToString());
        Assert.Equal("198.51.100.2:6002", Assert.Single(Feed(Bundled, Browser, later)).Remote.ToString());
    }

    [Fact]
    public void Reports_go_wherever_the_media_goes_once()
    {
        byte[] report = [0x80, 201, 0, 1, 1, 2, 3, 4];

        var sent = Feed(Bundled, Browser, report);

        Assert.Equal(["198.51.100.2:6000", "198.51.100.2:6002"], sent.Select(s => s.Remote.ToString()).Order());
    }

    private Sent[] Feed(NetEndpoint local, NetEndpoint source, byte[] packet)
    {
        Assert.True(_engine.TryFindPort(local, out var port));
        _engine.Receive(new Instant(2), port, source, packet, packet.Length, _batch);
        return _batch.Take();
    }

    private static byte[] Rtp(byte payloadType) => [0x80, payloadType, 0, 1, 0, 0, 0, 160, 1, 2, 3, payloadType, .. new byte[160]];

    private static StreamPlan Stream(int id, string local, string remote, byte payloadType, int to) => new()
    {
        Id = new StreamId(id),
        Kind = StreamKind.RtpMux,
        Locals = local.Length == 0 ? [] : [NetEndpoint.Parse(local)],
        Remote = remote.Length == 0 ? default : NetEndpoint.Parse(remote),
        Filled = true,
        Public = true,
        Learning = LearningMode.Off,
        Flags = Both,
        PayloadTypes = [new PayloadTypePlan(payloadType, payloadType == 0 ? "PCMU" : "VP8", payloadType == 0 ? 8000 : 90000)],
        RtpOutputs = [new OutputPlan { To = new StreamId(to) }],
        RtcpOutputs = [new OutputPlan { To = new StreamId(to) }],
    };
}
