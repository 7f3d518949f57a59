using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Media.Dtls;
using RtpCluster.Ng;
using static RtpCluster.Unit.CallModel.Negotiation.WebRtcSamples;

namespace RtpCluster.Unit.CallModel.Negotiation;

/// <summary>bundle=strict: one port from the start, the other medias are bundle-only (RFC 8843 section 6); bundle=require: not without.</summary>
public class BundleStrictTests
{
    private const string Video = "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n";
    private static readonly DtlsCertificate Certificate = DtlsCertificates.Create(new Instant(1_790_000_000_000_000));
    private readonly CallDriver _driver = Requests.Driver(Requests.Config with { Certificate = () => Certificate });

    [Fact]
    public void The_offer_has_one_port_and_the_answer_joins_the_medias()
    {
        string offer = Run(NgVerb.Offer, Phone + Video, c => (c.TransportProtocol, c.Ice, c.Bundle, c.RtcpMux, c.Flags) =
            ("UDP/TLS/RTP/SAVPF", IceOption.Force, BundleFlags.Offer | BundleFlags.Require | BundleFlags.Strict, RtcpMuxFlags.Require, NgFlags.GenerateMid));

        Assert.Contains("a=group:BUNDLE 1 2\r\n", offer, StringComparison.Ordinal);
        string video = offer[offer.IndexOf("m=video", StringComparison.Ordinal)..];
        Assert.StartsWith("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n", video, StringComparison.Ordinal);
        Assert.Contains("a=bundle-only\r\n", video, StringComparison.Ordinal);
        Assert.Contains("a=rtpmap:96 VP8/90000\r\n", video, StringComparison.Ordinal);
        Assert.DoesNotContain("a=candidate", video, StringComparison.Ordinal);

        string answer = Browser("active").Replace("t=0 0", "t=0 0\r\na=group:BUNDLE 1 2", StringComparison.Ordinal).Replace("a=mid:0", "a=mid:1", StringComparison.Ordinal)
            + Block().Replace("audio 5000", "video 9", StringComparison.Ordinal).Replace("a=mid:0", "a=mid:2", StringComparison.Ordinal)
                .Replace("SAVPF 0", "SAVPF 96", StringComparison.Ordinal).Replace("a=rtpmap:0 PCMU/8000", "a=rtpmap:96 VP8/90000", StringComparison.Ordinal);
        Run(NgVerb.Answer, answer, c => (c.TransportProtocol, c.Ice) = ("RTP/AVP", IceOption.Remove));

        var bundled = Assert.Single(_driver.Plan!.Streams, s => s.Bundle.Value >= 0);
        Assert.Empty(bundled.Locals);
        Assert.NotNull(_driver.Plan.Streams.Single(s => s.Id == bundled.Bundle).Ice);
    }

    [Theory]
    [InlineData(BundleFlags.Offer | BundleFlags.Require, "error")]
    [InlineData(BundleFlags.Offer, "ok")]
    public void An_answer_without_a_bundle_is_refused_where_one_is_required(BundleFlags bundle, string result)
    {
        Run(NgVerb.Offer, Phone + Video, c => (c.TransportProtocol, c.Ice, c.Bundle, c.RtcpMux, c.Flags) =
            ("UDP/TLS/RTP/SAVPF", IceOption.Force, bundle, RtcpMuxFlags.Require, NgFlags.GenerateMid));
        string answer = Browser("active") + Block().Replace("audio 5000", "video 9", StringComparison.Ordinal);

        var reply = Send(NgVerb.Answer, answer, c => (c.TransportProtocol, c.Ice) = ("RTP/AVP", IceOption.Remove));

        Assert.Equal(result, reply.Text("result"));
        Assert.Equal(result == "error" ? "BUNDLE is required and the remote's answer has none" : null, (reply["error-reason"] as NgString)?.Text);
    }

    private static string Block() => Browser("active")[Browser("active").IndexOf("m=audio", StringComparison.Ordinal)..];

    private string Run(NgVerb verb, string sdp, Action<NgCommand> change)
    {
        var reply = Send(verb, sdp, change);
        Assert.Equal("ok", reply.Text("result"));
        return reply.Text("sdp");
    }

    private NgDictionary Send(NgVerb verb, string sdp, Action<NgCommand> change)
    {
        var command = new NgCommand { Verb = verb, CallId = "call", FromTag = "A", ToTag = verb == NgVerb.Answer ? "B" : null, Sdp = sdp };
        change(command);
        return _driver.Run(command);
    }
}
