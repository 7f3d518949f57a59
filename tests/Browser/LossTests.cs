using RtpCluster.Browser.Parts;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser;

/// <summary>A network that loses packets both ways on both hops: what the node misses it asks of the publisher, what Chromium misses of the node.</summary>
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

        NetworkNamespace[] ends = [room.Lab.Caller, room.Lab.Callee];
        Array.ForEach(ends, Lose);
        var before = await subscriber.StatusAsync("kermit");
        var after = await subscriber.UntilAsync("kermit", s => s.VideoPackets > before.VideoPackets + 600, seconds: 120);
        Array.ForEach(ends, e => Nft(e, "delete table inet loss"));
        after = await subscriber.UntilAsync("kermit", s => s.VideoPackets > after.VideoPackets + 50);

        int packets = after.VideoPackets - before.VideoPackets;
        int lost = after.Lost - before.Lost;
        TestContext.Current.SendDiagnosticMessage($"{packets} video packets, {after.Nacks} NACKs, {lost} never came: {100.0 * packets / (packets + lost):F2} %");
        Assert.True(after.Nacks > 0, "nothing was lost");
        Assert.True(lost < packets * 0.02, $"{lost} of {packets} never came");
    }

    /// <summary>Drops media and RTCP in both directions, but neither STUN nor DTLS.</summary>
    private static void Lose(NetworkNamespace end)
    {
        string rule = $"@th,64,8 & 0xc0 == 0x80 numgen random mod 100 < {LossPercent} drop";
        Nft(end, $"add table inet loss; add chain inet loss in {{ type filter hook input priority 0; }}; add chain inet loss out {{ type filter hook output priority 0; }}; "
            + $"add rule inet loss in meta l4proto udp {rule}; add rule inet loss out meta l4proto udp {rule}");
    }

    private static void Nft(NetworkNamespace end, string command) => ChildProcess.Run("ip", "netns", "exec", end.Name, "nft", command);
}
