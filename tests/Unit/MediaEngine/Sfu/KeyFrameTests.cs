using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using static RtpCluster.Unit.MediaEngine.Sfu.SfuFixture;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>Key frame requests: of many receivers one, and none for nothing.</summary>
public sealed class KeyFrameTests
{
    private static readonly (RtcpType, int)[] OneRequest = [(RtcpType.PayloadFeedback, 1)];
    private readonly SfuFixture _f = new();

    [Fact]
    public void A_late_subscriber_has_the_publisher_asked_at_once()
    {
        _f.Apply(1);
        _f.Publish(1, keyFrame: true);
        Assert.Empty(Asked(_f.Publish(2)));

        _f.Apply(2);
        var sent = _f.Publish(3);

        Assert.Equal(OneRequest, Asked(sent));
        Assert.Contains(sent, s => s.Remote == Subscriber(2));
    }

    [Fact]
    public void Requests_of_several_receivers_become_one()
    {
        Started(3);

        var sent = Enumerable.Range(1, 3).SelectMany(i => _f.FromSubscriber(i, Pli()));

        Assert.Equal(OneRequest, Asked(sent));
        Assert.Equal(3, _f.Engine.Counters.KeyFramesWanted);
    }

    [Fact]
    public void A_request_is_repeated_until_a_key_frame_comes_and_not_faster_than_three_a_second()
    {
        Started(1);
        Assert.Equal(OneRequest, Asked(_f.FromSubscriber(1, Pli())));

        Assert.Empty(Asked(_f.After(300)));
        Assert.Equal(OneRequest, Asked(_f.After(30)));
        _f.Publish(3, keyFrame: true);

        Assert.Empty(Asked(_f.After(500)));
    }

    [Fact]
    public void A_wish_after_the_key_frame_needs_another_one()
    {
        Started(2);
        _f.FromSubscriber(1, Pli());
        _f.Publish(3, keyFrame: true);

        Assert.Empty(Asked(_f.FromSubscriber(2, Pli())));
        Assert.Equal(OneRequest, Asked(_f.After(330)));
    }

    [Fact]
    public void Who_knows_only_full_intra_requests_gets_those()
    {
        _f.Feedback = _f.Feedback with { Flags = FeedbackFlags.FullIntra };
        Started(1);

        Assert.Equal([(RtcpType.PayloadFeedback, 4)], Asked(_f.FromSubscriber(1, Pli())));
    }

    [Fact]
    public void A_full_intra_request_counts_like_a_picture_loss()
    {
        Started(1);

        Assert.Equal(OneRequest, Asked(_f.FromSubscriber(1, Rtcp((ref RtcpWriter w) => w.FullIntraRequest(Reporter, Camera, 1)))));
    }

    [Fact]
    public void Nobody_is_asked_for_a_stream_that_is_not_there()
    {
        Started(1);

        Assert.Empty(_f.FromSubscriber(1, Pli(media: 77)));
    }

    private void Started(int subscribers)
    {
        _f.Apply(subscribers);
        _f.Publish(1, keyFrame: true);
        _f.After(1000);
        _f.Publish(2);
    }
}
