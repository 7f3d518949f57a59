using RtpCluster.Contracts;
using RtpCluster.MediaEngine;

namespace RtpCluster.Unit.MediaEngine;

/// <summary>NACKs of a receiver: RFC 4585 section 6.2.1.</summary>
public sealed class RetransmissionTests
{
    private static readonly NetEndpoint Sender = NetEndpoint.Parse("198.51.100.1:5000");
    private static readonly NetEndpoint Receiver = NetEndpoint.Parse("198.51.100.2:6000");
    private static readonly NetEndpoint TowardSender = NetEndpoint.Parse("203.0.113.1:30000");
    private static readonly NetEndpoint TowardReceiver = NetEndpoint.Parse("203.0.113.1:30002");

    private static readonly SrtpKeys Keys = new()
    {
        Suite = SrtpSuite.AesCm128HmacSha1_80,
        MasterKey = [.. Enumerable.Range(1, 16).Select(i => (byte)i)],
        MasterSalt = new byte[14],
    };

    private readonly ReactorEngine _engine = new(new EngineOptions());
    private readonly CollectingBatch _batch = new();
    private Instant _now = new(1_000_000);

    public RetransmissionTests() => _engine.Apply(_now, new MediaPlan
    {
        CallId = new CallId("c"),
        Epoch = 1,
        Streams =
        [
            Stream(1, TowardSender, Sender, to: 2, StreamFlags.None),
            Stream(2, TowardReceiver, Receiver, to: 1, StreamFlags.Retransmit) with { Encrypt = Keys },
        ],
    }, _batch);

    [Fact]
    public void A_packet_that_was_sent_is_sent_again_as_it_was_and_the_sender_hears_nothing_of_it()
    {
        byte[] lost = Send(100)[0].Bytes;
        Send(101);

        var sent = Nack(100);

        var again = Assert.Single(sent);
        Assert.Equal(Receiver, again.Remote);
        Assert.Equal(lost, again.Bytes);
        Assert.Equal(1, _engine.Counters.Retransmitted);
    }

    [Fact]
    public void Several_packets_of_one_nack_come_in_their_order()
    {
        byte[][] lost = [Send(100)[0].Bytes, Send(101)[0].Bytes, Send(103)[0].Bytes];

        var sent = Nack(100, 0b101);

        Assert.Equal(lost, sent.Select(s => s.Bytes));
    }

    [Fact]
    public void A_packet_that_never_came_is_asked_of_the_sender()
    {
        Send(100);

        var sent = Assert.Single(Nack(99));

        Assert.Equal(Sender, sent.Remote);
    }

    [Fact]
    public void A_packet_that_was_pushed_out_is_asked_of_the_sender()
    {
        for (ushort i = 0; i < 300; i++)
        {
            Send(i);
        }

        Assert.Equal(Sender, Assert.Single(Nack(10)).Remote);
        Assert.Equal(Receiver, Assert.Single(Nack(290)).Remote);
    }

    [Fact]
    public void The_same_nack_twice_in_a_moment_is_answered_once()
    {
        Send(100);

        Assert.Single(Nack(100));
        Assert.Empty(Nack(100));
        _now = _now.AddMillis(50);
        Assert.Single(Nack(100));
    }

    private Sent[] Send(ushort sequence) =>
        Feed(TowardSender, Sender, [0x80, 96, (byte)(sequence >> 8), (byte)sequence, 0, 0, 0, 160, 1, 2, 3, 4, .. new byte[100]]);

    private Sent[] Nack(ushort sequence, ushort further = 0) => Feed(
        TowardReceiver, Receiver,
        [0x81, 205, 0, 3, 9, 9, 9, 9, 1, 2, 3, 4, (byte)(sequence >> 8), (byte)sequence, (byte)(further >> 8), (byte)further]);

    private Sent[] Feed(NetEndpoint local, NetEndpoint source, byte[] packet)
    {
        Assert.True(_engine.TryFindPort(local, out var port));
        var buffer = new byte[2048];
        packet.CopyTo(buffer, 0);
        _engine.Receive(_now, port, source, buffer, packet.Length, _batch);
        return _batch.Take();
    }

    private static StreamPlan Stream(int id, NetEndpoint local, NetEndpoint remote, int to, StreamFlags flags) => new()
    {
        Id = new StreamId(id),
        Kind = StreamKind.RtpMux,
        Locals = [local],
        Remote = remote,
        Filled = true,
        Public = true,
        Learning = LearningMode.Off,
        Flags = StreamFlags.MaySend | StreamFlags.MayReceive | flags,
        PayloadTypes = [new PayloadTypePlan(96, "VP8", 90000)],
        RtpOutputs = [new OutputPlan { To = new StreamId(to) }],
        RtcpOutputs = [new OutputPlan { To = new StreamId(to) }],
    };
}
