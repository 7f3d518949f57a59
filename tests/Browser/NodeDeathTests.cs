using System.Text.RegularExpressions;
using RtpCluster.Browser.Parts;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser;

/// <summary>All processes of a node are killed and it is started again: browsers go on with the keys and the pairs that they have.</summary>
public sealed partial class NodeDeathTests
{
    [Fact]
    public async Task Media_goes_on_without_a_new_handshake()
    {
        string state = Directory.CreateTempSubdirectory("rtpcluster-death-").FullName;
        await using var room = await RoomLab.StartAsync(options: [$"--state-dir={state}", "--listen-http=127.0.0.1:2225"]);
        var publisher = await room.Browser.OpenAsync();
        var subscriber = await room.Browser.OpenAsync();
        await room.PublishAsync(publisher, "room", "ernie", new { tone = 440, video = true });
        await room.SubscribeAsync(subscriber, "room", "ernie", "kermit");
        await subscriber.UntilHearsAsync("kermit", 440);
        await subscriber.UntilAsync("kermit", s => s.VideoFrames > 10);
        await Eventually.HoldsAsync(() => SomeHandshakes().IsMatch(Metrics(room)), TimeSpan.FromSeconds(15), () => Metrics(room));

        await room.KillAndRestartAsync();

        var before = await subscriber.StatusAsync("kermit");
        await subscriber.UntilAsync("kermit", s => s.AudioPackets > before.AudioPackets + 250 && s.VideoFrames > before.VideoFrames + 50);
        await subscriber.UntilHearsAsync("kermit", 440);
        Assert.Equal("connected", (await subscriber.StatusAsync("kermit")).State);
        Assert.Equal("connected", (await publisher.StatusAsync("ernie")).State);
        string metrics = Metrics(room);
        Assert.DoesNotMatch(SomeHandshakes(), metrics);
        Assert.Contains("rtpcluster_dtls_half_open 0", metrics, StringComparison.Ordinal);
        Directory.Delete(state, recursive: true);
    }

    private static string Metrics(RoomLab room) => room.Lab.Node.Curl("http://127.0.0.1:2225/metrics");

    [GeneratedRegex("rtpcluster_transports_total\\{kind=\"handshakes_done\"\\} [1-9]")]
    private static partial Regex SomeHandshakes();
}
