using System.Globalization;
using RtpCluster.Browser.Parts;
using RtpCluster.CallModel;
using RtpCluster.Contracts;

namespace RtpCluster.Browser.Losses;

/// <summary>
/// A network that loses packets both ways on both hops: what the node misses it asks of the publisher, what Chromium misses of the node. Told
/// by the hops themselves, which see each packet that they lose come again.
/// </summary>
public sealed class LossTests
{
    private const int LossPercent = 5;

    /// <summary>Packets through each hop; RTPCLUSTER_LOSS_PACKETS raises it for a measurement.</summary>
    private static int Wanted => int.TryParse(Environment.GetEnvironmentVariable("RTPCLUSTER_LOSS_PACKETS"), CultureInfo.InvariantCulture, out int packets) ? packets : 1500;

    /// <summary>The share in a measurement; a machine that has other things to do delays some.</summary>
    private static double WantedShare => Wanted >= 3000 ? 99.5 : 97;

    [Theory]
    [InlineData("")]
    [InlineData(",codec-strip-rtx")]
    public async Task Lost_video_packets_are_good_within_200_ms(string flags)
    {
        string state = Directory.CreateTempSubdirectory("rtpcluster-losses-").FullName;
        await using var room = await RoomLab.StartAsync(lossy: true, options: $"--state-dir={state}");
        var publisher = await room.Browser.OpenAsync();
        await using var far = await BrowserHost.StartAsync(room.Lab.Callee, Directory.CreateDirectory(Path.Combine(room.Lab.Folder, "far")).FullName);
        var subscriber = await far.OpenAsync();
        await room.PublishAsync(publisher, "room", "ernie", new { tone = 440, video = true, busy = true }, "codec-accept-opus,codec-accept-VP8" + flags);
        await room.SubscribeAsync(subscriber, "room", "ernie", "kermit");
        await subscriber.UntilAsync("kermit", s => s.VideoPackets > 300, seconds: 60);
        var from = await RepairReader.VideoAsync(state, "room", "ernie");
        var to = await RepairReader.VideoAsync(state, "room", "kermit");

        Lose(room, LossPercent, from.Codecs[0].PayloadType);
        await subscriber.UntilAsync("kermit", _ => room.Hops.All(h => h.MediaPackets > Wanted), seconds: 60 + (Wanted / 25));
        Lose(room, 0, 0);
        var end = await subscriber.StatusAsync("kermit");
        await subscriber.UntilAsync("kermit", s => s.VideoPackets > end.VideoPackets + 100);

        TestContext.Current.SendDiagnosticMessage($"publisher {await publisher.StatusAsync("ernie")}; subscriber {end}");
        bool repairs = flags.Length == 0;
        LossReport[] reports =
        [
            Read("publisher to node", room.Hops[0].Stop().ToNode, from, from.DecryptKeys!, repairs),
            Read("node to subscriber", room.Hops[1].Stop().ToHost, to, to.EncryptKeys!, repairs),
        ];
        Directory.Delete(state, recursive: true);
        Assert.All(reports, r => TestContext.Current.SendDiagnosticMessage(r.ToString()));
        Assert.All(reports, r => Assert.True(r.Lost > r.Packets * 0.02, r.ToString()));
        Assert.All(reports, r => Assert.True(r.Share >= WantedShare, r.ToString()));
        Assert.Equal(repairs, end.Retransmitted > 0);
    }

    private static void Lose(RoomLab room, int percent, byte payloadType)
    {
        foreach (var hop in room.Hops)
        {
            hop.PayloadType = payloadType;
            hop.LossPercent = percent;
        }
    }

    private static LossReport Read(string name, IReadOnlyList<PassingPacket> seen, CallMedia media, SrtpKeys keys, bool repairs)
    {
        byte video = media.Codecs[0].PayloadType;
        int repair = media.Codecs.Find(c => c.RepairedType == video)?.PayloadType ?? 255;
        using var reader = new RepairReader((byte)repair, keys);
        var report = LossReport.Read(name, seen, video, reader.Original);
        TestContext.Current.SendDiagnosticMessage($"{name}: {reader.Count} retransmissions in a stream of their own; unreadable: {reader.Unreadable ?? "none"}");
        Assert.Null(reader.Unreadable);
        Assert.Equal(repairs, reader.Count > 0);
        return report;
    }
}
