using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Media.Dtls;
using RtpCluster.Ng;
using static RtpCluster.Unit.CallModel.Negotiation.WebRtcSamples;

namespace RtpCluster.Unit.CallModel.Negotiation;

/// <summary>Candidates that come after their SDP: the flag fragment, RFC 8840.</summary>
public class TrickleTests
{
    private const string Candidate = "a=candidate:9 1 UDP 1686052607 192.0.2.77 7700 typ srflx raddr 10.0.0.1 rport 7700\r\n";
    private const string Fragment = "a=ice-ufrag:abcd\r\na=ice-pwd:ynvBVbOlH1WtLmiHwOs4uj9O\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n" + Candidate + "a=end-of-candidates\r\n";
    private static readonly DtlsCertificate Certificate = DtlsCertificates.Create(new Instant(1_790_000_000_000_000));
    private readonly CallDriver _driver = Requests.Driver(Requests.Config with { Certificate = () => Certificate });

    [Theory]
    [InlineData(Fragment)]
    [InlineData("a=mid:0\r\na=ice-ufrag:abcd\r\n" + Candidate + "a=end-of-candidates\r\n")]
    [InlineData("v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + Fragment)]
    public void Its_candidates_join_those_of_the_sdp(string fragment)
    {
        _driver.Run(Publish());
        Assert.False(Ice.EndOfCandidates);

        var reply = _driver.Run(Trickle(fragment));

        Assert.Equal("ok", reply.Text("result"));
        Assert.Null(reply["sdp"]);
        Assert.Equal(["198.51.100.10:5000", "192.0.2.77:7700"], Endpoints);
        Assert.True(Ice.EndOfCandidates);
        _driver.Run(Trickle(fragment));
        Assert.Equal(2, Ice.Candidates.Length);
    }

    [Fact]
    public void One_that_is_faster_than_its_sdp_waits_three_seconds()
    {
        Assert.Equal("ok", _driver.Run(Trickle(Fragment)).Text("result"));
        Assert.True(_driver.Machine.AwaitsCall);
        Assert.Null(_driver.Stored);
        _driver.Advance(2.9);

        _driver.Run(Publish());

        Assert.Equal(["198.51.100.10:5000", "192.0.2.77:7700"], Endpoints);
    }

    [Fact]
    public void After_three_seconds_it_is_forgotten()
    {
        _driver.Run(Trickle(Fragment));
        _driver.Advance(3);
        Assert.False(_driver.Machine.AwaitsCall);

        _driver.Run(Publish());

        Assert.Equal(["198.51.100.10:5000"], Endpoints);
    }

    [Fact]
    public void One_of_the_next_generation_waits_for_the_restart()
    {
        _driver.Run(Publish());
        _driver.Run(Trickle(Fragment.Replace("abcd", "efgh", StringComparison.Ordinal)));
        Assert.Single(Ice.Candidates);

        _driver.Run(Publish(sdp => sdp.Replace("abcd", "efgh", StringComparison.Ordinal)));

        Assert.Equal(["198.51.100.10:5000", "192.0.2.77:7700"], Endpoints);
    }

    [Fact]
    public void An_answerers_fragments_come_under_its_own_tag()
    {
        _driver.Run(Command(NgVerb.Offer, Phone, c => (c.TransportProtocol, c.Ice, c.RtcpMux) = ("UDP/TLS/RTP/SAVPF", IceOption.Force, RtcpMuxFlags.Require)));
        _driver.Run(Command(NgVerb.Answer, Browser("active"), c => (c.TransportProtocol, c.Ice) = ("RTP/AVP", IceOption.Remove)));

        _driver.Run(Command(NgVerb.Answer, Fragment, c => c.Flags |= NgFlags.Fragment));

        Assert.Equal(["198.51.100.10:5000", "192.0.2.77:7700"], Endpoints);
    }

    [Theory]
    [InlineData("", "No SDP body in message")]
    [InlineData("no line of an SDP\r\n", "Failed to parse SDP")]
    public void A_body_that_is_none_is_refused(string body, string reason) => Assert.Equal(reason, _driver.Run(Trickle(body)).Text("error-reason"));

    private IcePlan Ice => _driver.Plan!.Streams.Single(s => s.Ice is not null).Ice!;

    private IEnumerable<string> Endpoints => Ice.Candidates.Select(c => c.Endpoint.ToString());

    private static NgCommand Publish(Func<string, string>? change = null)
    {
        string sdp = Browser("actpass");
        return Command(NgVerb.Publish, change?.Invoke(sdp) ?? sdp);
    }

    private static NgCommand Trickle(string body) => Command(NgVerb.Offer, body, c => c.Flags |= NgFlags.Fragment);

    private static NgCommand Command(NgVerb verb, string sdp, Action<NgCommand>? change = null)
    {
        var command = new NgCommand { Verb = verb, CallId = "call", FromTag = "A", ToTag = verb == NgVerb.Answer ? "B" : null, Sdp = sdp };
        change?.Invoke(command);
        return command;
    }
}
