using RtpCluster.Browser.Parts;

namespace RtpCluster.Browser;

/// <summary>Two browsers in networks that cannot reach each other check and key each other; the node is one more candidate, the only one that works.</summary>
public sealed class PassthroughTests
{
    [Theory]
    [InlineData("ICE=optional")]
    [InlineData("ICE=force-relay")]
    public async Task Browsers_talk_through_our_candidate(string flags)
    {
        await using var room = await RoomLab.StartAsync();
        await using var far = await BrowserHost.StartAsync(room.Lab.Callee, room.Lab.Folder);
        var caller = await room.Browser.OpenAsync();
        var callee = await far.OpenAsync();

        string offer = await caller.OfferAsync("a", new { tone = 440, direction = "sendrecv" });
        string passed = room.Command("offer", ("call-id", "c"), ("from-tag", "a"), ("rtpp-flags", flags), ("sdp", offer));
        string answer = room.Command("answer", ("call-id", "c"), ("from-tag", "a"), ("to-tag", "b"), ("sdp", await callee.AnswerAsync("b", passed, new { tone = 660 })));
        await caller.AcceptAsync("a", answer);

        await caller.UntilHearsAsync("a", 660);
        await callee.UntilHearsAsync("b", 440);
    }
}
