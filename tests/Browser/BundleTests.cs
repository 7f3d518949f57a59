using RtpCluster.Browser.Parts;

namespace RtpCluster.Browser;

/// <summary>Browsers of every bundle policy, with audio and video on one port or on two.</summary>
public sealed class BundleTests : IAsyncLifetime
{
    private RoomLab _room = null!;

    public async ValueTask InitializeAsync() => _room = await RoomLab.StartAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Theory]
    [InlineData("max-bundle", "", "max-bundle", "bundle-offer")]
    [InlineData("balanced", ",bundle-accept", "balanced", "bundle-offer")]
    [InlineData("balanced", "", "max-bundle", "bundle-offer")]
    [InlineData("max-bundle", "", "max-compat", "")]
    [InlineData("max-compat", "", "max-compat", "bundle-reject")]
    [InlineData("balanced", "", "balanced", "bundle-strict")]
    [InlineData("max-bundle", "", "max-bundle", "bundle-strict")]
    public async Task Audio_and_video_flow(string publisherPolicy, string publisherFlags, string subscriberPolicy, string subscriberFlags)
    {
        var publisher = await _room.Browser.OpenAsync();
        var subscriber = await _room.Browser.OpenAsync();
        await _room.PublishAsync(publisher, "room", "ernie", new { tone = 440, video = true, config = new { bundlePolicy = publisherPolicy } },
            "codec-accept-opus,codec-accept-VP8" + publisherFlags);
        await _room.SubscribeAsync(subscriber, "room", "ernie", "kermit", new { config = new { bundlePolicy = subscriberPolicy } }, subscriberFlags);

        await subscriber.UntilHearsAsync("kermit", 440);
        await subscriber.UntilAsync("kermit", s => s.VideoFrames > 10);
    }
}
