using RtpCluster.Media.Rtcp;
using static RtpCluster.Unit.MediaEngine.Sfu.SfuFixture;

namespace RtpCluster.Unit.MediaEngine.Sfu;

/// <summary>What is lost on the way to us is asked of the publisher by us.</summary>
public sealed class UpstreamNackTests
{
    private readonly SfuFixture _f = new();

    public UpstreamNackTests()
    {
        _f.Apply(1);
        _f.Publish(10, keyFrame: true);
    }

    [Fact]
    public void A_gap_is_asked_for_at_once()
    {
        Assert.Equal([11, 12], Nacked(_f.Publish(13), Publisher));
    }

    [Fact]
    public void Far_apart_packets_go_into_one_message()
    {
        _f.Publish(13);
        _f.Publish(40);
        _f.Now = _f.Now.AddMillis(60);

        Assert.Equal([11, 12, .. Enumerable.Range(14, 26).Select(i => (ushort)i), 41], Nacked(_f.Publish(42), Publisher));
    }

    [Fact]
    public void What_came_is_not_asked_for_again_and_goes_on_to_the_receiver()
    {
        _f.Publish(12);

        Assert.Contains(_f.Publish(11), s => s.Remote == Subscriber(1) && s.Bytes[3] == 11);
        Assert.Empty(Nacked(_f.After(100), Publisher));
        Assert.Equal(1, _f.Engine.Counters.Recovered);
    }

    [Fact]
    public void What_does_not_come_is_asked_for_again_for_a_second()
    {
        _f.Publish(12);

        Assert.Equal([11], Nacked(_f.After(50), Publisher));
        for (int i = 0; i < 30; i++)
        {
            _f.After(50);
        }

        Assert.Empty(Nacked(_f.After(50), Publisher));
        Assert.InRange(_f.Engine.Counters.NacksSent, 4, 10);
    }

    [Fact]
    public void A_restarted_sender_is_not_asked_for_thousands()
    {
        Assert.Empty(Nacked(_f.Publish(5000), Publisher));
    }

    [Fact]
    public void A_receivers_nack_for_what_never_came_ends_here()
    {
        _f.Publish(12);

        Assert.Empty(_f.FromSubscriber(1, Rtcp((ref RtcpWriter w) => w.Nack(Reporter, Camera, [11]))));
    }
}
