using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Media.Dtls;
using RtpCluster.Ng;
using static RtpCluster.Unit.CallModel.Negotiation.WebRtcSamples;

namespace RtpCluster.Unit.CallModel.Negotiation;

/// <summary>ICE and DTLS in offer, answer, publish and subscribe: what is printed and what the plan says.</summary>
public class WebRtcTests
{
    private static readonly DtlsCertificate Certificate = DtlsCertificates.Create(new Instant(1_790_000_000_000_000));
    private static readonly CallConfig Config = Requests.Config with { Certificate = () => Certificate };
    private readonly CallDriver _driver = Requests.Driver(Config);

    [Fact]
    public void A_browsers_offer_becomes_a_plain_one_and_its_answer_is_the_browsers_again()
    {
        string toPhone = Run(NgVerb.Offer, Browser("actpass"), c => (c.TransportProtocol, c.Ice, c.RtcpMux) = ("RTP/AVP", IceOption.Remove, RtcpMuxFlags.Demux));

        Assert.Contains("m=audio 30002 RTP/AVP 0\r\n", Normal(toPhone), StringComparison.Ordinal);
        Assert.DoesNotContain("ice-", toPhone, StringComparison.Ordinal);
        Assert.DoesNotContain("fingerprint", toPhone, StringComparison.Ordinal);

        string toBrowser = Run(NgVerb.Answer, Phone, c => (c.TransportProtocol, c.Ice) = ("RTP/SAVPF", IceOption.Force));

        Assert.Contains("RTP/SAVPF 0\r\n", toBrowser, StringComparison.Ordinal);
        Assert.Contains("a=setup:active\r\na=fingerprint:sha-256 ", toBrowser, StringComparison.Ordinal);
        Assert.Contains("a=ice-options:trickle\r\na=candidate:", toBrowser, StringComparison.Ordinal);
        Assert.Contains("a=end-of-candidates\r\n", toBrowser, StringComparison.Ordinal);
        Assert.DoesNotContain("a=crypto", toBrowser, StringComparison.Ordinal);
        var stream = Streams.Single(s => s.Ice is not null);
        Assert.Equal(LearningMode.Ice, stream.Learning);
        Assert.False(stream.Ice!.Controlling);
        Assert.Equal("abcd", stream.Ice.RemoteUfrag);
        Assert.Equal(NetEndpoint.Parse("198.51.100.10:5000"), Assert.Single(stream.Ice.Candidates).Endpoint);
        Assert.Equal(DtlsRole.Active, stream.Dtls!.Role);
        Assert.NotNull(stream.Dtls.Certificate);
    }

    [Fact]
    public void A_phones_offer_becomes_a_browsers_and_we_control()
    {
        string toBrowser = Run(NgVerb.Offer, Phone, c =>
        {
            (c.TransportProtocol, c.Ice) = ("UDP/TLS/RTP/SAVPF", IceOption.Force);
            c.RtcpMux = RtcpMuxFlags.Offer | RtcpMuxFlags.Require;
        });

        Assert.Contains("a=setup:actpass\r\n", toBrowser, StringComparison.Ordinal);
        Assert.DoesNotContain("a=crypto", toBrowser, StringComparison.Ordinal);
        Assert.DoesNotContain(" 2 UDP ", toBrowser, StringComparison.Ordinal);
        string toPhone = Run(NgVerb.Answer, Browser("active"), c => c.Ice = IceOption.Remove);
        Assert.Contains(" RTP/AVP 0\r\n", toPhone, StringComparison.Ordinal);
        var stream = Streams.Single(s => s.Ice is not null);
        Assert.True(stream.Ice!.Controlling);
        Assert.Equal(DtlsRole.Passive, stream.Dtls!.Role);
    }

    [Fact]
    public void Keys_from_dtls_are_kept_with_the_call_and_go_into_the_next_plan()
    {
        Run(NgVerb.Offer, Browser("actpass"), c => (c.TransportProtocol, c.RtcpMux) = ("RTP/AVP", RtcpMuxFlags.Demux));
        Run(NgVerb.Answer, Phone);
        var stream = Streams.Single(s => s.Ice is not null);
        var keys = new SrtpKeys { Suite = SrtpSuite.AeadAes256Gcm, MasterKey = new byte[32], MasterSalt = new byte[12] };

        _driver.Report(new DtlsKeyed(new CallId("call"), stream.Id, stream.Dtls!.Association, keys, keys));
        Run(NgVerb.Offer, Browser("actpass"), c => (c.TransportProtocol, c.RtcpMux) = ("RTP/AVP", RtcpMuxFlags.Demux));

        stream = Streams.Single(s => s.Ice is not null);
        Assert.Equal(keys, stream.Decrypt);
        Assert.Null(stream.Dtls!.Certificate);
    }

    [Fact]
    public void Another_fingerprint_is_another_association()
    {
        Run(NgVerb.Publish, Browser("actpass"));
        int first = Streams.Single().Dtls!.Association;

        Run(NgVerb.Publish, Browser("actpass").Replace("3B:F3", "3B:F4", StringComparison.Ordinal));

        Assert.Equal(first + 1, Streams.Single().Dtls!.Association);
    }

    [Fact]
    public void An_ice_restart_gives_new_credentials_and_keeps_the_association()
    {
        Run(NgVerb.Publish, Browser("actpass"));
        var first = Streams.Single();

        Run(NgVerb.Publish, Browser("actpass").Replace("abcd", "efgh", StringComparison.Ordinal));

        var second = Streams.Single();
        Assert.NotEqual(first.Ice!.LocalUfrag, second.Ice!.LocalUfrag);
        Assert.Equal("efgh", second.Ice.RemoteUfrag);
        Assert.Equal(first.Dtls!.Association, second.Dtls!.Association);
        Assert.Equal(first.Locals, second.Locals);
    }

    [Fact]
    public void A_repeated_offer_changes_neither_credentials_nor_roles()
    {
        string one = Run(NgVerb.Publish, Browser("actpass"));
        string two = Run(NgVerb.Publish, Browser("actpass"));

        Assert.Equal(one[one.IndexOf("m=audio", StringComparison.Ordinal)..], two[two.IndexOf("m=audio", StringComparison.Ordinal)..]);
    }

    [Fact]
    public void Without_ice_in_the_offer_the_answer_has_none_whatever_it_asks_for()
    {
        Run(NgVerb.Offer, Phone);
        string answer = Run(NgVerb.Answer, Phone, c => c.Ice = IceOption.Force);

        Assert.DoesNotContain("ice-ufrag", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_offer_made_srtp_offers_both_ways_of_keying_and_follows_the_answer()
    {
        string offer = Run(NgVerb.Offer, Phone, c => c.TransportProtocol = "RTP/SAVP");
        Assert.Contains("a=crypto:12 ", offer, StringComparison.Ordinal);
        Assert.Contains("a=setup:actpass\r\na=fingerprint:sha-256 ", offer, StringComparison.Ordinal);

        const string sdes = "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
        Run(NgVerb.Answer, Phone.Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal) + sdes, c => c.TransportProtocol = "RTP/AVP");

        Assert.All(Streams, s => Assert.Null(s.Dtls));
        Assert.Contains(Streams, s => s.Decrypt is not null);
    }

    [Theory]
    [InlineData(DtlsOption.Passive, "passive", DtlsRole.Passive)]
    [InlineData(DtlsOption.Active, "active", DtlsRole.Active)]
    public void The_role_toward_an_offerer_is_the_one_asked_for(DtlsOption wish, string printed, DtlsRole role)
    {
        string answer = Run(NgVerb.Publish, Browser("actpass"), c => c.DtlsReverse = wish);

        Assert.Contains($"a=setup:{printed}\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(role, Streams.Single().Dtls!.Role);
    }

    [Theory]
    [InlineData("sha-512", "sha-512", 64)]
    [InlineData("md5", "sha-256", 32)]
    public void The_fingerprints_hash_is_the_one_asked_for_if_it_is_a_good_one(string wish, string printed, int bytes)
    {
        string offer = Run(NgVerb.Offer, Phone, c => (c.TransportProtocol, c.DtlsFingerprint) = ("UDP/TLS/RTP/SAVPF", wish));

        Assert.Matches($"a=fingerprint:{printed} ([0-9A-F]{{2}}:){{{bytes - 1}}}[0-9A-F]{{2}}\r\n", offer);
    }

    [Fact]
    public void A_bundle_of_one_media_is_taken()
    {
        Run(NgVerb.Offer, Browser("actpass").Replace("t=0 0", "t=0 0\r\na=group:BUNDLE 0", StringComparison.Ordinal), c => (c.TransportProtocol, c.Ice) = ("RTP/AVP", IceOption.Remove));

        Assert.Contains("a=group:BUNDLE 0\r\n", Run(NgVerb.Answer, Phone, c => c.TransportProtocol = "RTP/SAVPF"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_address_of_the_interface_is_a_candidate()
    {
        string[] addresses = ["203.0.113.1", "203.0.113.2", "2001:db8::1"];
        var driver = Requests.Driver(Config with
        {
            Interfaces =
            [
                .. addresses.Select(a => new LocalInterface("out", IpAddress.Parse(a), IpAddress.Parse(a))),
                new LocalInterface("in", IpAddress.Parse("10.0.0.1"), IpAddress.Parse("10.0.0.1")),
            ],
        });
        string answer = driver.Run(Command(NgVerb.Publish, Browser("actpass"))).Text("sdp");

        var stream = driver.Plan!.Streams.Single();
        Assert.Equal(addresses, stream.Locals.Select(l => l.Address.ToString()));
        uint[] priorities = [2130706431, 2130706175, 2130705919];
        for (int i = 0; i < addresses.Length; i++)
        {
            Assert.Contains($" 1 UDP {priorities[i]} {addresses[i]} {stream.Locals[i].Port} typ host\r\n", answer, StringComparison.Ordinal);
        }

        driver.Run(Command(NgVerb.Publish, Browser("actpass")));
        Assert.Equal(stream.Locals, driver.Plan!.Streams.Single().Locals);
    }

    [Fact]
    public void Hidden_addresses_are_no_hold()
    {
        string hidden = Browser("actpass").Replace("198.51.100.10 5000", "4c5a7e1b.local 5000", StringComparison.Ordinal)
            .Replace("c=IN IP4 198.51.100.10", "c=IN IP4 0.0.0.0", StringComparison.Ordinal).Replace("m=audio 5000", "m=audio 9", StringComparison.Ordinal);

        string answer = Run(NgVerb.Publish, hidden);

        Assert.Contains("c=IN IP4 203.0.113.1\r\n", answer, StringComparison.Ordinal);
        Assert.Empty(Streams.Single().Ice!.Candidates);
        Assert.True(Streams.Single().Flags.HasFlag(StreamFlags.MayReceive));
    }

    [Fact]
    public void A_node_without_a_certificate_refuses_dtls()
    {
        var reply = Requests.Driver().Run(Command(NgVerb.Publish, Browser("actpass")));

        Assert.Equal("error", reply.Text("result"));
    }

    private IEnumerable<StreamPlan> Streams => _driver.Plan!.Streams;

    private static string Normal(string sdp) => System.Text.RegularExpressions.Regex.Replace(sdp, @"m=audio \d+", "m=audio 30002");

    private string Run(NgVerb verb, string sdp, Action<NgCommand>? change = null)
    {
        var command = Command(verb, sdp);
        change?.Invoke(command);
        var reply = _driver.Run(command);
        Assert.Equal("ok", reply.Text("result"));
        return reply.Text("sdp");
    }

    private static NgCommand Command(NgVerb verb, string sdp) =>
        new() { Verb = verb, CallId = "call", FromTag = "A", ToTag = verb == NgVerb.Answer ? "B" : null, Sdp = sdp };
}
