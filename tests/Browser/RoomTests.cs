using RtpCluster.Browser.Parts;

namespace RtpCluster.Browser;

/// <summary>Chromium publishes to a node, Chromium subscribes.</summary>
public sealed class RoomTests : IAsyncLifetime
{
    private RoomLab _room = null!;

    public async ValueTask InitializeAsync() => _room = await RoomLab.StartAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task Three_subscribers_hear_and_see_a_publisher()
    {
        var publisher = await _room.Browser.OpenAsync();
        var subscriber = await _room.Browser.OpenAsync();
        await _room.PublishAsync(publisher, "room", "ernie", new { tone = 440, video = true });

        foreach (string name in (string[])["kermit", "piggy", "gonzo"])
        {
            await _room.SubscribeAsync(subscriber, "room", "ernie", name);
        }

        foreach (string name in (string[])["kermit", "piggy", "gonzo"])
        {
            await subscriber.UntilHearsAsync(name, 440);
            var status = await subscriber.UntilAsync(name, s => s.VideoFrames > 10);
            TestContext.Current.SendDiagnosticMessage($"{name}: connected after {status.ConnectMillis} ms, first frame {status.FrameMillis} ms later");
        }
    }

    /// <summary>The deck's request, as printed but for transcoding.</summary>
    [Fact]
    public async Task The_decks_webrtc_subscriber_connects()
    {
        var publisher = await _room.Browser.OpenAsync();
        var subscriber = await _room.Browser.OpenAsync();
        await _room.PublishAsync(publisher, "room 1", "Ernie", new { tone = 523 });

        string reply = _room.Node.Ng.TrySend(
            "d7:command17:subscribe request7:call-id6:room 18:from-tag5:Ernie18:transport protocol9:RTP/SAVPF3:ICE5:force4:SDESl3:offe8:rtcp-muxl7:requireee") ?? "";

        Assert.Matches(@"m=audio (\d+) RTP/SAVPF 111[ 0-9]*\r\nc=IN IP4 203.0.113.1\r\n(.*\r\n)*a=rtpmap:111 opus/48000/2\r\n(.*\r\n)*a=sendonly\r\na=rtcp:\1\r\n"
            + @"a=rtcp-mux\r\na=setup:actpass\r\na=fingerprint:sha-256 [0-9A-F:]{95}\r\n(a=tls-id:[0-9a-f]{32}\r\n)?"
            + @"a=ice-ufrag:[0-9a-zA-Z]{8}\r\na=ice-pwd:[0-9a-zA-Z]{26}\r\na=candidate:[0-9a-zA-Z]{16} 1 UDP 2130706431 203.0.113.1 \1 typ host\r\n", reply);
        Assert.DoesNotContain("a=crypto", reply, StringComparison.Ordinal);
        Assert.Contains("9:from-tagsl5:Erniee", reply, StringComparison.Ordinal);
        string tag = reply[(reply.IndexOf("6:to-tag64:", StringComparison.Ordinal) + 11)..][..64];
        string answer = await subscriber.AnswerAsync("s", RoomLab.Sdp(reply));
        _room.Reply("subscribe answer", ("call-id", "room 1"), ("to-tag", tag), ("sdp", answer));
        await subscriber.UntilHearsAsync("s", 523);
    }

    [Fact]
    public async Task Media_goes_on_after_an_ice_restart()
    {
        var publisher = await _room.Browser.OpenAsync();
        var subscriber = await _room.Browser.OpenAsync();
        await _room.PublishAsync(publisher, "room", "ernie", new { tone = 440 });
        await _room.SubscribeAsync(subscriber, "room", "ernie", "kermit");
        await subscriber.UntilHearsAsync("kermit", 440);

        string offer = await publisher.RestartAsync("ernie");
        await publisher.AcceptAsync("ernie", _room.Command(
            "publish", ("call-id", "room"), ("from-tag", "ernie"), ("flags", "codec-accept-opus"), ("sdp", offer)));
        await publisher.UntilAsync("ernie", s => s.Ice is "connected" or "completed");

        int before = (await subscriber.StatusAsync("kermit")).AudioPackets;
        await subscriber.UntilAsync("kermit", s => s.AudioPackets > before + 100);
    }

    [Fact]
    public async Task The_death_of_the_media_process_costs_no_handshake()
    {
        var publisher = await _room.Browser.OpenAsync();
        var subscriber = await _room.Browser.OpenAsync();
        await _room.PublishAsync(publisher, "room", "ernie", new { tone = 440 });
        await _room.SubscribeAsync(subscriber, "room", "ernie", "kermit");
        await subscriber.UntilHearsAsync("kermit", 440);

        TestKit.Netns.ChildProcess.Run("kill", "-KILL", $"{_room.Node.MediaProcess}");
        int before = (await subscriber.StatusAsync("kermit")).AudioPackets;
        var after = await subscriber.UntilAsync("kermit", s => s.AudioPackets > before + 200, seconds: 40);

        Assert.Equal("connected", after.State);
        Assert.DoesNotContain("disconnected", after.Log, StringComparison.Ordinal);
    }
}
