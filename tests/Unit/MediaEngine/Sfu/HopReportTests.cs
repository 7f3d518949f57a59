using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using static RtpCluster.Unit.MediaEngine.Sfu.SfuFixture;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>Reports hop by hop: RFC 3550 section 6.4.</summary>
public sealed class HopReportTests
{
    private readonly SfuFixture _f = new();

    public HopReportTests() => _f.Apply(2);

    [Fact]
    public void A_subscribers_report_ends_here()
    {
        _f.Publish(1, keyFrame: true);

        Assert.Empty(_f.FromSubscriber(1, Rtcp((ref RtcpWriter w) =>
        {
            w.ReceiverReport(Reporter);
            w.AddBlock(0, new ReportBlock(Camera, 10, 5, 100, 7, 0, 0));
        })));
    }

    [Fact]
    public void The_publisher_gets_one_report_a_second_of_our_own()
    {
        _f.Publish(1, keyFrame: true);
        _f.After(1000);
        for (int i = 2; i <= 11; i++)
        {
            _f.Publish(i is 4 or 5 ? 3 : i);
        }

        _f.FromPublisher(Rtcp((ref RtcpWriter w) => w.SenderReport(new SenderReport(Camera, 0x1234_5678_9abc_def0, 0, 1, 1))));
        var sent = Assert.Single(_f.After(1000), s => s.Remote == Publisher && s.Bytes[1] == (byte)RtcpType.ReceiverReport && s.Bytes[0] == 0x81);

        var walk = new RtcpCompound(sent.Bytes);
        Assert.True(walk.MoveNext());
        Assert.True(walk.Current.TryGetSsrc(out uint reporter));
        Assert.True(ReportBlock.TryParse(walk.Current, 0, out var block));
        Assert.Equal((Local, Camera, 11u, 0x5678_9abcu, 65536u), (reporter, block.Ssrc, block.HighestSequence, block.LastSenderReport, block.DelaySinceLastSenderReport));
        Assert.True(walk.MoveNext());
        Assert.Equal(RtcpType.SourceDescription, walk.Current.Type);
        Assert.True(walk.Rest.IsEmpty);
    }

    [Fact]
    public void A_silent_publisher_is_not_reported_about()
    {
        _f.Publish(1, keyFrame: true);

        Assert.Empty(_f.After(5000));
    }

    [Fact]
    public void A_sender_report_reaches_every_subscriber_with_what_we_sent_it()
    {
        _f.Publish(1, keyFrame: true);
        _f.Publish(2);
        var report = new SenderReport(Camera, 0x1234_5678_9abc_def0, 9000, 777, 77777);

        var sent = _f.FromPublisher(Rtcp((ref RtcpWriter w) =>
        {
            w.SenderReport(report);
            w.CanonicalName(Camera, 5);
        }));

        Assert.Equal([Subscriber(1), Subscriber(2)], sent.Select(s => s.Remote).OrderBy(r => r.Port));
        var walk = new RtcpCompound(sent[0].Bytes);
        Assert.True(walk.MoveNext());
        Assert.True(SenderReport.TryParse(walk.Current, out var relayed));
        Assert.Equal(report with { PacketCount = 2, OctetCount = 2 * 106 }, relayed);
        Assert.True(walk.MoveNext());
        Assert.Equal(RtcpType.SourceDescription, walk.Current.Type);
    }

    [Fact]
    public void A_reference_time_is_answered()
    {
        byte[] asked = [0x80, 207, 0, 4, 0, 0, 0, 0x99, 4, 0, 0, 2, 0x11, 0x11, 0x22, 0x22, 0x33, 0x33, 0x44, 0x44];

        var sent = Assert.Single(_f.FromSubscriber(2, asked));

        Assert.Equal(Subscriber(2), sent.Remote);
        var walk = new RtcpCompound(sent.Bytes);
        Assert.True(walk.MoveNext() && walk.MoveNext());
        var blocks = new ExtendedReport(walk.Current);
        Assert.True(blocks.MoveNext());
        Assert.True(blocks.TryGetDelay(0, out var delay));
        Assert.Equal(new DelaySinceReference(Reporter, 0x2222_3333, 0), delay);
    }

    [Fact]
    public void The_publisher_hears_what_the_best_receiver_can_take()
    {
        _f.Feedback = _f.Feedback with { Flags = FeedbackFlags.Estimate };
        _f.Apply(2);
        _f.Publish(1, keyFrame: true);
        _f.FromSubscriber(1, Rtcp((ref RtcpWriter w) => w.EstimatedBitrate(Reporter, Camera, 300_000)));
        _f.FromSubscriber(2, Rtcp((ref RtcpWriter w) => w.EstimatedBitrate(Reporter, Camera, 900_000)));

        var sent = Assert.Single(_f.After(1000), s => s.Remote == Publisher);

        var walk = new RtcpCompound(sent.Bytes);
        Assert.True(walk.MoveNext() && walk.MoveNext() && walk.MoveNext());
        Assert.True(FeedbackPacket.TryParse(walk.Current, out var feedback));
        Assert.True(feedback.TryGetEstimate(out long bitsPerSecond));
        Assert.InRange(bitsPerSecond, 899_000, 900_000);
    }
}
