using RtpCluster.Browser.Parts;

namespace RtpCluster.Browser;

/// <summary>Subscribers that come late, one after the other: connected within a second, a picture within half a second more.</summary>
public sealed class LateSubscriberTests
{
    private const int Warmup = 2;

    /// <summary>How many come; RTPCLUSTER_ROOM_RUNS raises it for a measurement.</summary>
    private static int Runs => int.TryParse(Environment.GetEnvironmentVariable("RTPCLUSTER_ROOM_RUNS"), out int runs) ? runs : 5;

    [Fact]
    public async Task Each_one_connects_and_sees_the_picture()
    {
        await using var room = await RoomLab.StartAsync();
        var publisher = await room.Browser.OpenAsync();
        var subscriber = await room.Browser.OpenAsync();
        await room.PublishAsync(publisher, "room", "ernie", new { tone = 440, video = true });
        var connects = new List<double>();
        var pictures = new List<double>();
        for (int i = 0; i < Runs + Warmup; i++)
        {
            string name = $"s{i}";
            await room.SubscribeAsync(subscriber, "room", "ernie", name);
            var status = await subscriber.UntilAsync(name, s => s.VideoFrames > 0 && s.AudioPackets > 0 && s.FrameMillis >= 0);
            if (i >= Warmup)
            {
                connects.Add(status.ConnectMillis);
                pictures.Add(status.FrameMillis);
            }

            await subscriber.CloseAsync(name);
            room.Reply("unsubscribe", ("call-id", "room"), ("to-tag", name));
        }

        connects.Sort();
        pictures.Sort();
        TestContext.Current.SendDiagnosticMessage(
            $"{Runs} subscribers: connected after {connects[Runs / 2]:F0} ms (median) to {connects[^1]:F0} ms, "
            + $"{connects.Count(c => c <= 1000)} within 1 s; picture {pictures[Runs / 2]:F0} to {pictures[^1]:F0} ms later, {pictures.Count(p => p <= 500)} within 500 ms");
        Assert.Equal(Runs, connects.Count);
    }
}
