using System.Globalization;
using RtpCluster.Browser.Parts;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser;

/// <summary>Two tabs open the demo page of a node and meet in a room.</summary>
public sealed class DemoPageTests
{
    private const string Page = $"http://{Lab.NodeV4}:8080/demo?join&room=cellar";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_tabs_see_and_hear_each_other_until_one_leaves(bool crashes)
    {
        await using var room = await RoomLab.StartAsync(options: ["--listen-http=8080", "--demo-page"]);
        var ernie = await room.Browser.BrowseAsync(Page + "&name=ernie");
        var bert = await room.Browser.BrowseAsync(Page + "&name=bert");

        foreach (var (tab, other) in new[] { (ernie, bert), (bert, ernie) })
        {
            string name = other == bert ? "bert" : "ernie";
            string tile = $"article[data-name={name}][data-state=connected]";
            string sound = (await other.TextAsync($"article[data-name={name}] dd:nth-of-type(2)", "^[0-9]+ Hz$"))[..^3];
            string heard = await tab.TextAsync($"{tile} dd:nth-of-type(2)", "^[0-9]+ Hz$");
            Assert.InRange(double.Parse(heard[..^3], CultureInfo.InvariantCulture) - double.Parse(sound, CultureInfo.InvariantCulture), -15, 15);
            await tab.TextAsync(tile, "VP8 [1-9][0-9]* kbit/s, 320×240, [1-9][0-9]+ frames");
        }

        await (crashes ? bert.CrashAsync() : bert.LeaveAsync());
        await ernie.TextAsync("output", "^1 in the room");
    }

    [Fact]
    public async Task A_camera_and_a_microphone_are_seen_and_heard()
    {
        await using var room = await RoomLab.StartAsync(options: ["--listen-http=8080", "--demo-page"]);
        await using var phone = await BrowserHost.StartAsync(room.Lab.Callee, room.Lab.Folder, arguments: [
            "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--unsafely-treat-insecure-origin-as-secure=http://{Lab.NodeV4}:8080"]);
        var camera = await phone.BrowseAsync(Page + "&name=camera&source=camera");
        var watcher = await room.Browser.BrowseAsync(Page + "&name=watcher");

        await camera.TextAsync("article[data-name=watcher][data-state=connected]", "VP8 .* [1-9][0-9]+ frames");
        await watcher.TextAsync("article[data-name=camera][data-state=connected]", "640×480, [1-9][0-9]+ frames");
        await watcher.TextAsync("article[data-name=camera] dd:nth-of-type(2)", "^[0-9]+ Hz$"); // the fake microphone beeps
    }
}
