using System.Diagnostics;
using RtpCluster.Browser.Parts;

namespace RtpCluster.Browser;

/// <summary>Chromium sends three layers; a subscriber gets one of them, and another when it is asked to.</summary>
public sealed class SimulcastTests
{
    private static readonly object[] Encodings =
    [
        new { rid = "q", scaleResolutionDownBy = 4, maxBitrate = 100_000 },
        new { rid = "h", scaleResolutionDownBy = 2, maxBitrate = 200_000 },
        new { rid = "f", maxBitrate = 500_000 },
    ];

    [Theory]
    [InlineData("max-bundle")]
    [InlineData("balanced")]
    public async Task A_switch_is_seen_with_the_next_key_frame(string bundlePolicy)
    {
        await using var room = await RoomLab.StartAsync();
        var publisher = await room.Browser.OpenAsync();
        var subscriber = await room.Browser.OpenAsync();
        // A browser takes layers away by itself, and brings them back with key frames, when it lacks CPU (so few pictures) or thinks that its path
        // carries less (so the path is said to carry all of them).
        await room.PublishAsync(publisher, "room", "ernie",
            new { tone = 440, video = true, encodings = Encodings, size = 960, rate = 10, leastRate = 1500, config = new { bundlePolicy } });
        string answer = await SubscribeAsync(room, subscriber, "layer-0");
        var small = await subscriber.UntilAsync("kermit", s => s.VideoFrames > 10 && s.Width == 240);

        foreach (var (rid, width) in new[] { ("h", 480), ("f", 960), ("q", 240), ("f", 960) })
        {
            var (before, sent) = (await subscriber.StatusAsync("kermit"), await publisher.StatusAsync("ernie"));
            var watch = Stopwatch.StartNew();
            room.Reply("subscribe answer", ("call-id", "room"), ("to-tag", "kermit"), ("sdp", answer), ("rid", rid));
            BrowserStatus after;
            try
            {
                after = await subscriber.UntilAsync("kermit", s => s.Width == width);
            }
            catch (TimeoutException none)
            {
                throw new TimeoutException($"{none.Message}; the publisher: {(await publisher.StatusAsync("ernie")).Coding}", none);
            }

            TestContext.Current.SendDiagnosticMessage(
                $"{bundlePolicy}: {before.Width} to {width} after {watch.ElapsedMilliseconds} ms, {after.KeyFrames - before.KeyFrames} key frames, {after.Lost} lost");
            Assert.True(after.KeyFrames - before.KeyFrames == 1,
                $"{after.KeyFrames - before.KeyFrames} key frames; the publisher: {sent.Coding}and then {(await publisher.StatusAsync("ernie")).Coding}");
        }

        Assert.True(small.VideoFrames > 0);
    }

    private static async Task<string> SubscribeAsync(RoomLab room, BrowserPage page, string flags)
    {
        string offer = room.Command("subscribe request", ("call-id", "room"), ("from-tag", "ernie"), ("to-tag", "kermit"),
            ("transport-protocol", "UDP/TLS/RTP/SAVPF"), ("ICE", "force"), ("SDES", "off"), ("rtcp-mux", "require"), ("flags", flags));
        string answer = await page.AnswerAsync("kermit", offer, null);
        room.Reply("subscribe answer", ("call-id", "room"), ("to-tag", "kermit"), ("sdp", answer));
        await page.UntilAsync("kermit", s => s.State == "connected");
        return answer;
    }
}
