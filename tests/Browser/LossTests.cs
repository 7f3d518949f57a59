using RtpCluster.Browser.Parts;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser;

/// <summary>A network that loses packets between node and subscriber: what Chromium misses it asks for and gets.</summary>
public sealed class LossTests
{
    private const int LossPercent = 5;

    [Fact]
    public async Task Lost_video_packets_come_again()
    {
        await using var room = await RoomLab.StartAsync();
        var publisher = await room.Browser.OpenAsync();
        await using var far = await BrowserHost.StartAsync(room.Lab.Callee, Directory.CreateDirectory(Path.Combine(room.Lab.Folder, "far")).FullName);
        var subscriber = await far.OpenAsync();
        await room.PublishAsync(publisher, "room", "ernie", new { tone = 440, video = true });
        await room.SubscribeAsync(subscriber, "room", "ernie", "kermit");
        await subscriber.UntilAsync("kermit", s => s.VideoFrames > 10);

        ChildProcess.Run("ip", "netns", "exec", room.Lab.Callee.Name, "nft",
            $"add table ip loss; add chain ip loss in {{ type filter hook input priority 0; }}; add rule ip loss in udp length > 200 numgen random mod 100 < {LossPercent} drop");
        var before = await subscriber.StatusAsync("kermit");
        var after = await subscriber.UntilAsync("kermit", s => s.VideoPackets > before.VideoPackets + 400, seconds: 120);
        ChildProcess.Run("ip", "netns", "exec", room.Lab.Callee.Name, "nft", "delete table ip loss");
        after = await subscriber.UntilAsync("kermit", s => s.VideoPackets > after.VideoPackets + 50);

        int packets = after.VideoPackets - before.VideoPackets;
        int lost = after.Lost - before.Lost;
        TestContext.Current.SendDiagnosticMessage($"{packets} video packets, {after.Nacks} NACKs, {lost} never came: {100.0 * packets / (packets + lost):F2} %");
        Assert.True(after.Nacks > 0, "nothing was lost");
        Assert.True(lost < packets * 0.02, $"{lost} of {packets} never came");
    }
}
