using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;
using RtpCluster.Media.Rtp.Video;
using static RtpCluster.Unit.MediaEngine.Sfu.SfuFixture;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>Layers of one sender become one stream for each receiver: RFC 7667 section 3.7, RFC 8853.</summary>
public sealed class SimulcastTests
{
    private const uint Low = 100, Mid = 200, High = 300;
    private const byte RidId = 10;
    private readonly SfuFixture _f = new()
    {
        Feedback = new FeedbackPlan
        {
            LocalSsrc = Local,
            Flags = FeedbackFlags.Nack | FeedbackFlags.PictureLoss,
            Layers = [new LayerPlan("q", Low), new LayerPlan("h", Mid), new LayerPlan("f", High)],
        },
    };

    private readonly int[] _sequences = [1000, 30000, 65530];
    private int _frame;

    [Fact]
    public void The_receiver_gets_one_layer_under_its_own_ssrc_without_gaps()
    {
        _f.Apply(1);
        Run(frames: 4);
        var got = Run(keyFrame: true, frames: 50);

        // The first key frame of any layer, and then the wanted layer's.
        Assert.Equal(51, got.Length);
        Assert.All(got, p => Assert.Equal(0xCCCC0001, Header(p).Ssrc));
        AssertRunsOn(got);
    }

    [Fact]
    public void The_best_layer_is_chosen_once_rates_are_known_and_only_a_key_frame_changes_it()
    {
        _f.Apply(1);
        Run(keyFrame: true, frames: 30);
        _f.Layer = 0;
        _f.Apply(1);

        var before = Run(frames: 3);
        var after = Run(keyFrame: true, frames: 5);

        Assert.All(before, p => Assert.Equal(LengthOf(2), p.Bytes.Length));
        Assert.All(after, p => Assert.Equal(LengthOf(0), p.Bytes.Length));
        AssertRunsOn([.. before, .. after]);
        Assert.True(Video(after[0]).BeginsKeyFrame);
    }

    [Fact]
    public void Another_layer_has_the_sender_asked_for_its_key_frame()
    {
        _f.Apply(1);
        Run(keyFrame: true, frames: 30);
        _f.Layer = 1;
        _f.Apply(1);

        var sent = _f.FromPublisher(Layer(1, keyFrame: false));

        var asked = Assert.Single(sent, s => s.Remote == Publisher);
        Assert.Equal(Mid, Named(asked));
    }

    [Fact]
    public void Of_the_key_frames_that_all_layers_make_at_once_the_receiver_gets_the_new_layers_only()
    {
        _f.Apply(1);
        Run(keyFrame: true, frames: 30);
        _f.Layer = 0;
        _f.Apply(1);
        var before = Run(frames: 3);

        // Browsers send the largest layer first.
        _frame++;
        Sent[] switched = [.. ((int[])[2, 1, 0]).SelectMany(layer => ToReceiver(Layer(layer, keyFrame: true)))];
        _f.After(33);
        var after = Run(frames: 5);

        var keyFrame = Assert.Single(switched);
        Assert.Equal(LengthOf(0), keyFrame.Bytes.Length);
        Assert.All(after, p => Assert.Equal(LengthOf(0), p.Bytes.Length));
        AssertRunsOn([.. before, keyFrame, .. after]);
    }

    [Fact]
    public void A_layer_that_was_left_for_one_that_ends_comes_back_with_a_key_frame()
    {
        _f.Apply(1);
        Run(keyFrame: true, frames: 30);
        _f.Layer = 0;
        _f.Apply(1);
        var before = Run(frames: 3);
        Assert.Empty(ToReceiver(Layer(2, keyFrame: true)));
        for (int i = 0; i < 60; i++)
        {
            _f.After(33);
            _frame++;
            Assert.Empty(ToReceiver(Layer(2, keyFrame: false)));
        }

        var again = ToReceiver(Layer(2, keyFrame: true));

        Assert.Equal(LengthOf(2), Assert.Single(again).Bytes.Length);
        Assert.Equal((ushort)(Header(before[^1]).Sequence + 1), Header(again[0]).Sequence);
    }

    [Fact]
    public void A_receivers_request_names_the_layer_that_it_gets()
    {
        _f.Layer = 1;
        _f.Apply(1);
        Run(keyFrame: true, frames: 30);

        var asked = Assert.Single(_f.FromSubscriber(1, Pli(media: 0xCCCC0001)));

        Assert.Equal(Mid, Named(asked));
    }

    [Fact]
    public void Lost_packets_are_sent_again_as_the_receiver_knows_them()
    {
        _f.Apply(1);
        var got = Run(keyFrame: true, frames: 10);
        var lost = got[3];

        var again = Assert.Single(_f.FromSubscriber(1, Rtcp((ref RtcpWriter w) => w.Nack(Reporter, 0xCCCC0001, [Header(lost).Sequence]))));

        Assert.Equal(lost.Bytes, again.Bytes);
    }

    [Fact]
    public void A_receiver_that_loses_much_gets_less_and_later_more_again()
    {
        _f.Apply(1);
        Run(keyFrame: true, frames: 60);
        Lose(80);
        Run(frames: 30);
        Assert.Equal(LengthOf(1), Run(keyFrame: true, frames: 5)[^1].Bytes.Length);

        Run(frames: 200);

        Assert.Equal(LengthOf(2), Run(keyFrame: true, frames: 5)[^1].Bytes.Length);
    }

    [Fact]
    public void A_receiver_whose_path_carries_less_gets_less()
    {
        _f.Apply(1);
        Run(keyFrame: true, frames: 60);
        Estimate(50_000);
        Run(frames: 30);

        Assert.Equal(LengthOf(1), Run(keyFrame: true, frames: 5)[^1].Bytes.Length);
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(0, 1)]
    public void A_receiver_that_was_sent_less_keeps_more_as_long_as_its_estimate_grows(int percentPerSecond, int layer)
    {
        _f.Layer = 0;
        _f.Apply(1);
        Run(keyFrame: true, frames: 60);
        long estimate = 43_000; // one and a half times what it gets
        Estimate(estimate);
        Run(frames: 30);
        _f.Layer = 2;
        _f.Apply(1);
        var got = Run(keyFrame: true, frames: 30);
        for (int second = 0; second < 3; second++)
        {
            estimate += estimate * percentPerSecond / 100;
            Estimate(estimate);
            got = Run(keyFrame: true, frames: 30);
        }

        Assert.Equal(LengthOf(layer), got[^1].Bytes.Length);
    }

    [Fact]
    public void A_layer_that_ends_gives_way_to_the_best_that_is_left()
    {
        _f.Apply(1);
        Run(keyFrame: true, frames: 30);
        Run(frames: 60, layers: 2);

        Assert.Equal(LengthOf(1), Run(keyFrame: true, frames: 5, layers: 2)[^1].Bytes.Length);
    }

    [Fact]
    public void A_layer_that_comes_again_is_forwarded_from_its_first_key_frame_on()
    {
        _f.Layer = 2;
        _f.Apply(1);
        Run(keyFrame: true, frames: 30);
        var less = Run(keyFrame: true, frames: 60, layers: 2);
        less = [.. less, .. Run(keyFrame: true, frames: 40, layers: 2)];

        // Browsers send the largest layer first.
        _frame++;
        Sent[] first = [.. ((int[])[2, 1, 0]).SelectMany(layer => ToReceiver(Layer(layer, keyFrame: true)))];
        _f.After(33);
        var after = Run(frames: 60);

        Assert.Equal(LengthOf(1), less[^1].Bytes.Length);
        Assert.Equal(LengthOf(2), Assert.Single(first).Bytes.Length);
        Assert.All(after, p => Assert.Equal(LengthOf(2), p.Bytes.Length));
        AssertRunsOn([less[^1], .. first, .. after]);
    }

    [Fact]
    public void Layers_are_told_by_their_rid()
    {
        _f.Feedback = _f.Feedback with { Layers = [new LayerPlan("q", 0), new LayerPlan("f", 0)] };
        _f.PublisherPlan = s => s with { Extensions = new ExtensionIds { Rid = RidId } };
        _f.Layer = 0;
        _f.Apply(1);

        Assert.Single(_f.FromPublisher(WithRid(Layer(0, keyFrame: true), "q")), s => s.Remote == Subscriber(1));
        Assert.DoesNotContain(_f.FromPublisher(WithRid(Layer(2, keyFrame: true), "f")), s => s.Remote == Subscriber(1));
        Assert.Single(_f.FromPublisher(Layer(0, keyFrame: false)), s => s.Remote == Subscriber(1));
    }

    [Fact]
    public void A_sender_report_of_the_layer_comes_under_the_receivers_ssrc_and_clock()
    {
        _f.Layer = 0;
        _f.Apply(1);
        Run(keyFrame: true, frames: 5);
        uint time = Header(Run(frames: 1)[0]).Timestamp;
        uint sourceTime = (uint)(_frame * 3000) + 7;

        var sent = Assert.Single(_f.FromPublisher(Rtcp((ref RtcpWriter w) => w.SenderReport(new SenderReport(Low, 5, sourceTime, 1, 1)))));
        Assert.Empty(_f.FromPublisher(Rtcp((ref RtcpWriter w) => w.SenderReport(new SenderReport(High, 5, sourceTime, 1, 1)))));

        var walk = new RtcpCompound(sent.Bytes);
        Assert.True(walk.MoveNext());
        Assert.True(SenderReport.TryParse(walk.Current, out var report));
        Assert.Equal((0xCCCC0001, time + 7, 6u), (report.Ssrc, report.RtpTimestamp, report.PacketCount));
    }

    private static int LengthOf(int layer) => 12 + 6 + 100 + (layer * 200);

    private static RtpHeader Header(Sent sent)
    {
        Assert.True(RtpHeader.TryParse(sent.Bytes, out var header));
        return header;
    }

    private static VideoPayload Video(Sent sent) => VideoPayload.Read(VideoCodec.Vp8, sent.Bytes.AsSpan(12));

    private static void AssertRunsOn(Sent[] got)
    {
        for (int i = 1; i < got.Length; i++)
        {
            Assert.Equal((ushort)(Header(got[i - 1]).Sequence + 1), Header(got[i]).Sequence);
            Assert.InRange((int)(Header(got[i]).Timestamp - Header(got[i - 1]).Timestamp), 1, 9000);
            Assert.Equal((Picture(got[i - 1]) + 1) & 0x7fff, Picture(got[i]));
            Assert.Equal((byte)(got[i - 1].Bytes[16] + 1), got[i].Bytes[16]);
        }
    }

    private static int Picture(Sent sent) => Video(sent).PictureId(sent.Bytes.AsSpan(12));

    private static uint Named(Sent sent)
    {
        foreach (var part in new RtcpCompound(sent.Bytes))
        {
            if (FeedbackPacket.TryParse(part, out var feedback))
            {
                return feedback.Media;
            }
        }

        return 0;
    }

    private static byte[] WithRid(byte[] packet, string rid)
    {
        byte[] extension = [0xBE, 0xDE, 0, 1, RidId << 4, (byte)rid[0], 0, 0];
        packet[0] |= 0x10;
        return [.. packet[..12], .. extension, .. packet[12..]];
    }

    private void Estimate(long rate) => _f.FromSubscriber(1, Rtcp((ref RtcpWriter w) => w.EstimatedBitrate(Reporter, 0xCCCC0001, rate)));

    private void Lose(byte fraction) => _f.FromSubscriber(1, Rtcp((ref RtcpWriter w) =>
    {
        w.ReceiverReport(Reporter);
        w.AddBlock(0, new ReportBlock(0xCCCC0001, fraction, 10, 1, 0, 0, 0));
    }));

    /// <summary>Sends frames of all layers, each in one packet, and returns what the receiver gets.</summary>
    private Sent[] Run(int frames, bool keyFrame = false, int layers = 3)
    {
        var got = new List<Sent>();
        for (int i = 0; i < frames; i++)
        {
            _frame++;
            for (int layer = 0; layer < layers; layer++)
            {
                got.AddRange(ToReceiver(Layer(layer, keyFrame && i == 0)));
            }

            _f.After(33);
        }

        return [.. got];
    }

    private Sent[] ToReceiver(byte[] packet) => [.. _f.FromPublisher(packet).Where(s => s.Remote == Subscriber(1) && !IsRtcp(s))];

    private byte[] Layer(int layer, bool keyFrame)
    {
        int sequence = _sequences[layer]++;
        byte[] packet = Vp8(sequence & 0xffff, keyFrame, (uint)(100 * (layer + 1)), (_frame * 3000) + (layer * 1_000_000), sequence & 0x7fff);
        return [.. packet, .. new byte[layer * 200]];
    }
}
