using RtpCluster.Browser.Parts;
using RtpCluster.TestKit;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser;

/// <summary>A plain-RTP phone and Chromium talk to each other through a node; each hears the other's tone.</summary>
public sealed class PhoneTests : IAsyncLifetime
{
    private const double PhoneTone = 660, BrowserTone = 880;
    private RoomLab _room = null!;
    private TonePhone _phone = null!;

    public async ValueTask InitializeAsync()
    {
        _room = await RoomLab.StartAsync();
        _phone = new TonePhone(_room.Lab.Callee, Lab.CalleeV4, 40000, PhoneTone);
    }

    public async ValueTask DisposeAsync()
    {
        await _phone.DisposeAsync();
        await _room.DisposeAsync();
    }

    [Theory]
    [InlineData("RTP/SAVPF ICE=force rtcp-mux-offer rtcp-mux-require", "RTP/AVP ICE=remove")]
    [InlineData("transport-protocol=UDP/TLS/RTP/SAVPF ICE=force SDES-off rtcp-mux-require", "transport-protocol=RTP/AVP ICE=remove rtcp-mux-demux")]
    [InlineData("WebRTC", "RTP/AVP ICE=remove")]
    [InlineData("transport-protocol: RTP/SAVPF, ICE: force, rtcp-mux: require, SDES: off", "transport-protocol: RTP/AVP, ICE: remove, rtcp-mux: demux")]
    [InlineData("transport protocol: UDP/TLS/RTP/SAVPF, ICE: force, rtcp mux: require", "transport protocol: RTP/AVP, ICE: remove")]
    public async Task A_phone_calls_a_browser(string offerFlags, string answerFlags)
    {
        var page = await _room.Browser.OpenAsync();
        string offer = _room.Command("offer", [("call-id", "c"), ("from-tag", "phone"), .. Words(offerFlags), ("sdp", _phone.Sdp)]);
        string answer = await page.AnswerAsync("b", offer, new { tone = BrowserTone });
        string toPhone = _room.Command("answer", [("call-id", "c"), ("from-tag", "phone"), ("to-tag", "b"), .. Words(answerFlags), ("sdp", answer)]);
        Assert.Contains("RTP/AVP 0", toPhone, StringComparison.Ordinal);
        Assert.DoesNotContain("ice-ufrag", toPhone, StringComparison.Ordinal);
        _phone.Start(Lab.NodeV4, NgClient.PortOf(toPhone));

        await BothHearAsync(page, "b");
    }

    [Theory]
    [InlineData("RTP/AVP ICE=remove rtcp-mux-demux", "RTP/SAVPF ICE=force")]
    [InlineData("transport-protocol=RTP/AVP ICE=remove rtcp-mux=[demux]", "transport-protocol=UDP/TLS/RTP/SAVPF ICE=force")]
    [InlineData("transport-protocol: RTP/AVP, ICE: remove, rtcp-mux: demux", "transport-protocol: RTP/SAVPF, ICE: force")]
    public async Task A_browser_calls_a_phone(string offerFlags, string answerFlags)
    {
        var page = await _room.Browser.OpenAsync();
        string offer = await page.OfferAsync("b", new { tone = BrowserTone, direction = "sendrecv", codec = "audio/pcmu" });
        await CallPhoneAsync(page, offer, offerFlags, answerFlags);

        await BothHearAsync(page, "b");
    }

    [Theory]
    [InlineData("max-compat")]
    [InlineData("max-bundle")]
    public async Task They_go_on_talking_after_an_ice_restart(string bundlePolicy)
    {
        const string offerFlags = "RTP/AVP ICE=remove rtcp-mux-demux", answerFlags = "RTP/SAVPF ICE=force";
        var page = await _room.Browser.OpenAsync();
        string offer = await page.OfferAsync("b", new { tone = BrowserTone, direction = "sendrecv", codec = "audio/pcmu", config = new { bundlePolicy } });
        await CallPhoneAsync(page, offer, offerFlags, answerFlags);
        await BothHearAsync(page, "b");

        await CallPhoneAsync(page, await page.RestartAsync("b"), offerFlags, answerFlags, again: true);

        int before = _phone.Received;
        int heard = (await page.StatusAsync("b")).AudioPackets;
        await page.UntilAsync("b", s => s.Ice is "connected" or "completed" && s.AudioPackets > heard + 50);
        await Eventually.HoldsAsync(() => _phone.Received > before + 50, TimeSpan.FromSeconds(30), () => $"the phone got {_phone.Received - before} packets");
        await BothHearAsync(page, "b");
    }

    [Fact]
    public async Task A_muted_browser_is_silent_until_it_speaks_again()
    {
        var page = await _room.Browser.OpenAsync();
        string offer = await page.OfferAsync("b", new { tone = BrowserTone, direction = "sendrecv", codec = "audio/pcmu" });
        await CallPhoneAsync(page, offer, "RTP/AVP ICE=remove rtcp-mux-demux", "RTP/SAVPF ICE=force");
        await BothHearAsync(page, "b");

        await page.MuteAsync("b", true);
        int before = _phone.Received;
        await Eventually.HoldsAsync(() => _phone.Received > before + 50 && _phone.Level() < 0.001, TimeSpan.FromSeconds(30), () => $"level {_phone.Level()}");
        await page.UntilHearsAsync("b", PhoneTone);
        await page.MuteAsync("b", false);

        await BothHearAsync(page, "b");
    }

    private async Task CallPhoneAsync(BrowserPage page, string offer, string offerFlags, string answerFlags, bool again = false)
    {
        string toPhone = _room.Command("offer", [("call-id", "c"), ("from-tag", "b"), .. Words(offerFlags), ("sdp", offer)]);
        Assert.DoesNotContain("fingerprint", toPhone, StringComparison.Ordinal);
        string toBrowser = _room.Command("answer", [("call-id", "c"), ("from-tag", "b"), ("to-tag", "phone"), .. Words(answerFlags), ("sdp", _phone.Sdp)]);
        if (!again)
        {
            _phone.Start(Lab.NodeV4, NgClient.PortOf(toPhone));
        }

        await page.AcceptAsync("b", toBrowser);
    }

    /// <summary>Kamailio's two ways: one string of flags, or keys of the request ("key: value, key: value").</summary>
    private static (string Key, string Value)[] Words(string flags) => !flags.Contains(": ", StringComparison.Ordinal)
        ? [("rtpp-flags", flags)]
        : [.. flags.Split(", ").Select(word => word.Split(": ")).Select(pair => (pair[0], pair[1]))];

    private async Task BothHearAsync(BrowserPage page, string name)
    {
        await page.UntilAsync(name, s => s.State == "connected");
        await page.UntilHearsAsync(name, PhoneTone);
        await Eventually.HoldsAsync(() => _phone.Purity(BrowserTone) > 0.8, TimeSpan.FromSeconds(30),
            () => $"the phone got {_phone.Received} packets, purity {_phone.Purity(BrowserTone)}");
    }
}
