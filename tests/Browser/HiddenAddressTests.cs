using RtpCluster.Browser.Parts;

namespace RtpCluster.Browser;

/// <summary>A browser whose SDP hides its addresses behind .local names: the node finds them by its checks.</summary>
public sealed class HiddenAddressTests
{
    [Theory]
    [InlineData("balanced")]
    [InlineData("max-compat")]
    public async Task Checks_show_where_the_browser_is(string bundlePolicy)
    {
        await using var room = await RoomLab.StartAsync(hideAddresses: true);
        var publisher = await room.Browser.OpenAsync();
        var subscriber = await room.Browser.OpenAsync();

        await room.PublishAsync(publisher, "room", "ernie", new { tone = 440, video = true, config = new { bundlePolicy } });
        await room.SubscribeAsync(subscriber, "room", "ernie", "kermit", new { config = new { bundlePolicy } });

        await subscriber.UntilHearsAsync("kermit", 440);
        await subscriber.UntilAsync("kermit", s => s.VideoFrames > 10);
    }
}
