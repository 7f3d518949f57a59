using System.Globalization;
using RtpCluster.Browser.Parts;

namespace RtpCluster.Browser;

/// <summary>Whole rooms: each has a fresh publisher and three fresh subscribers. `make rooms RUNS=50` plays more of them and prints figures.</summary>
public sealed class WholeRoomTests
{
    private const int ConnectLimit = 1000, PictureLimit = 500;
    private static readonly string[] Names = ["kermit", "piggy", "gonzo"];

    private static int Runs => int.TryParse(Environment.GetEnvironmentVariable("RTPCLUSTER_ROOMS"), CultureInfo.InvariantCulture, out int runs) ? runs : 3;

    private static bool Good(BrowserStatus subscriber) => subscriber.ConnectMillis <= ConnectLimit && subscriber.FrameMillis <= PictureLimit;

    [Fact]
    public async Task Everybody_connects_and_sees_the_picture()
    {
        await using var lab = await RoomLab.StartAsync();
        var seen = new List<BrowserStatus>();
        int goodRooms = 0;
        for (int run = 0; run < Runs; run++)
        {
            var room = await PlayAsync(lab, $"room {run}");
            goodRooms += room.TrueForAll(Good) ? 1 : 0;
            seen.AddRange(room);
            TestContext.Current.SendDiagnosticMessage($"room {run}: " + string.Join(", ", room.Select(s => $"{s.ConnectMillis:F0} + {s.FrameMillis:F0} ms{(Good(s) ? "" : $" ({s.Log})")}")));
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{Runs} rooms, {seen.Count} subscribers: connected after {Spread(s => s.ConnectMillis, ConnectLimit)}; picture {Spread(s => s.FrameMillis, PictureLimit)} later; "
            + $"{goodRooms} of {Runs} rooms within both limits");
        Assert.Equal(Runs * Names.Length, seen.Count(s => s.ConnectMillis >= 0 && s.FrameMillis >= 0));

        string Spread(Func<BrowserStatus, double> value, int limit)
        {
            double[] sorted = [.. seen.Select(value).Order()];
            return $"{sorted[sorted.Length / 2]:F0} ms (median) to {sorted[^1]:F0} ms, {sorted.Count(v => v <= limit)} within {limit} ms";
        }
    }

    private static async Task<List<BrowserStatus>> PlayAsync(RoomLab lab, string call)
    {
        var publisher = await lab.Browser.OpenAsync();
        var tabs = new List<BrowserPage>();
        foreach (string _ in Names)
        {
            tabs.Add(await lab.Browser.OpenAsync());
        }

        await lab.PublishAsync(publisher, call, "ernie", new { tone = 440, video = true });
        var seen = new List<BrowserStatus>();
        for (int i = 0; i < Names.Length; i++)
        {
            await lab.SubscribeAsync(tabs[i], call, "ernie", Names[i]);
            var status = await tabs[i].UntilAsync(Names[i], s => s.VideoFrames > 0 && s.AudioPackets > 0 && s.FrameMillis >= 0);
            seen.Add(status with { Log = $"{status.Log}, answer taken within {lab.AnswerMillis:F0} ms" });
        }

        foreach (var tab in tabs.Append(publisher))
        {
            await tab.LeaveAsync();
        }

        lab.Reply("delete", ("call-id", call));
        return seen;
    }
}
