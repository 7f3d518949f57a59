using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Media.Dtls;
using RtpCluster.Ng;
using static RtpCluster.Unit.CallModel.Negotiation.WebRtcSamples;

namespace RtpCluster.Unit.CallModel.Negotiation;

/// <summary>ICE=optional of an ICE offer and ICE=force-relay: both sides see each other, our port is one more candidate.</summary>
public class IcePassthroughTests
{
    private const string Relayed = "a=candidate:3 1 udp 41885439 192.0.2.3 3478 typ relay raddr 198.51.100.10 rport 5000\r\n";
    private static readonly DtlsCertificate Certificate = DtlsCertificates.Create(new Instant(1_790_000_000_000_000));
    private readonly CallDriver _driver = Requests.Driver(Requests.Config with { Certificate = () => Certificate });

    [Theory]
    [InlineData(IceOption.Optional, "host", true)]
    [InlineData(IceOption.ForceRelay, "relay", false)]
    public void Each_side_gets_the_other_ones_lines_and_our_port(IceOption option, string type, bool keepsRelays)
    {
        string offer = Run(NgVerb.Offer, Browser("actpass") + Relayed, option);
        string answer = Run(NgVerb.Answer, Browser("active").Replace("abcd", "efgh", StringComparison.Ordinal), IceOption.Default);

        foreach (var (sdp, ufrag, setup) in new[] { (offer, "abcd", "actpass"), (answer, "efgh", "active") })
        {
            Assert.Contains("m=audio 5000 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 198.51.100.10\r\n", sdp, StringComparison.Ordinal);
            Assert.Contains($"a=ice-ufrag:{ufrag}\r\n", sdp, StringComparison.Ordinal);
            Assert.Contains($"a=fingerprint:sha-256 {Print}\r\na=setup:{setup}\r\n", sdp, StringComparison.Ordinal);
            Assert.Matches($@"a=candidate:[0-9A-Za-z]{{16}} 1 UDP \d+ 203\.0\.113\.1 \d+ typ {type}\r\n(.*\r\n)?a=end-of-candidates\r\n", sdp);
        }

        Assert.Equal(keepsRelays, offer.Contains(Relayed, StringComparison.Ordinal));
        Assert.Contains(" 2 UDP ", offer, StringComparison.Ordinal);
        Assert.DoesNotContain(" 2 UDP ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_to_our_ports_passes_as_it_is()
    {
        Run(NgVerb.Offer, Browser("actpass"), IceOption.Optional);
        Run(NgVerb.Answer, Browser("active").Replace("abcd", "efgh", StringComparison.Ordinal).Replace("5000", "6000", StringComparison.Ordinal), IceOption.Default);

        var streams = _driver.Plan!.Streams;
        Assert.Equal(2, streams.Length);
        Assert.All(streams, s =>
        {
            Assert.Equal(StreamKind.Raw, s.Kind);
            Assert.Null(s.Ice);
            Assert.Null(s.Dtls);
            Assert.Single(s.RtpOutputs);
            Assert.True(s.Flags.HasFlag(StreamFlags.MaySend | StreamFlags.MayReceive));
        });
        Assert.Equal(["198.51.100.10:5000", "198.51.100.10:6000"], streams.Select(s => s.Remote.ToString()).Order());
    }

    [Fact]
    public void A_later_offer_may_take_the_media_back()
    {
        Run(NgVerb.Offer, Browser("actpass"), IceOption.Optional);
        Run(NgVerb.Answer, Browser("active"), IceOption.Default);

        string offer = Run(NgVerb.Offer, Browser("actpass"), IceOption.Force);

        Assert.DoesNotContain("ice-ufrag:abcd", offer, StringComparison.Ordinal);
        Assert.Contains("a=setup:actpass\r\n", offer, StringComparison.Ordinal);
        Assert.DoesNotContain(_driver.Plan!.Streams, s => s.Kind == StreamKind.Raw);
    }

    [Theory]
    [InlineData(IceOption.Optional, true)]
    [InlineData(IceOption.ForceRelay, false)]
    public void Without_ice_in_the_offer_there_is_nothing_to_pass(IceOption option, bool addsOwn)
    {
        string offer = Run(NgVerb.Offer, Phone, option);

        Assert.Equal(addsOwn, offer.Contains("a=ice-ufrag:", StringComparison.Ordinal));
        Assert.DoesNotContain(_driver.Plan!.Streams, s => s.Kind == StreamKind.Raw);
    }

    private string Run(NgVerb verb, string sdp, IceOption option)
    {
        var reply = _driver.Run(new NgCommand { Verb = verb, CallId = "call", FromTag = "A", ToTag = verb == NgVerb.Answer ? "B" : null, Sdp = sdp, Ice = option });
        Assert.Equal("ok", reply.Text("result"));
        return reply.Text("sdp");
    }
}
