using RtpCluster.Browser.Parts;

namespace RtpCluster.Browser;

/// <summary>Another WebRTC stack than Chromium's, GStreamer's webrtcbin, publishes and subscribes; each hears and sees the other.</summary>
public sealed class SecondStackTests : IAsyncLifetime
{
    private RoomLab _room = null!;
    private GStreamerPeer _peer = null!;

    public async ValueTask InitializeAsync()
    {
        _room = await RoomLab.StartAsync();
        _peer = new GStreamerPeer(_room.Lab.Callee);
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        await _room.DisposeAsync();
    }

    [Fact]
    public async Task Chromium_hears_and_sees_what_it_publishes()
    {
        string offer = await _peer.OfferAsync(tone: 700);
        await _peer.AcceptAsync(_room.Command("publish", ("call-id", "room"), ("from-tag", "ernie"), ("flags", "codec-accept-opus,codec-accept-VP8"), ("sdp", offer)));
        var subscriber = await _room.Browser.OpenAsync();
        await _room.SubscribeAsync(subscriber, "room", "ernie", "kermit");

        await subscriber.UntilHearsAsync("kermit", 700);
        await subscriber.UntilAsync("kermit", s => s.VideoFrames > 10);
    }

    [Theory]
    [InlineData("bundle-strict")]
    public async Task It_hears_and_sees_what_Chromium_publishes(string flags)
    {
        var publisher = await _room.Browser.OpenAsync();
        await _room.PublishAsync(publisher, "room", "ernie", new { tone = 440, video = true });
        string offer = _room.Command("subscribe request", ("call-id", "room"), ("from-tag", "ernie"), ("to-tag", "gst"),
            ("transport-protocol", "UDP/TLS/RTP/SAVPF"), ("ICE", "force"), ("SDES", "off"), ("rtcp-mux", "require"), ("flags", flags));
        _room.Reply("subscribe answer", ("call-id", "room"), ("to-tag", "gst"), ("sdp", await _peer.AnswerAsync(offer)));

        await _peer.UntilSeesAndHearsAsync(440);
    }
}
