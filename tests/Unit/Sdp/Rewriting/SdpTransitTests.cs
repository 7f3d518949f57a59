using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Rewriting;

/// <summary>
/// Real requests of a real Kamailio, printed as their real responses, apart from what changed since that release of the peer: c= stands in
/// each m= block only, unknown attributes follow the codecs, label and extmap-allow-mixed have places of their own.
/// </summary>
public class SdpTransitTests
{
    private static readonly IpAddress Local = IpAddress.Parse("203.0.113.1");

    [Theory]
    [InlineData("kamailio-plain-offer")]
    [InlineData("kamailio-plain-answer")]
    [InlineData("kamailio-baresip-offer")]
    [InlineData("kamailio-baresip-answer")]
    public void A_plain_call_prints_what_the_peer_printed(string name)
    {
        string expected = WithConnectionInMedia(Samples.Text($"{name}-out.sdp"));

        string printed = Print(name, expected, media => media);

        Assert.Equal(WithUnknownBehindCodecs(expected), printed);
    }

    [Fact]
    public void A_webrtc_offer_toward_plain_rtp_loses_everything_of_ice_and_dtls()
    {
        string printed = Print("kamailio-dtls-offer", Samples.Text("kamailio-dtls-offer-out.sdp"), media => media with { Protocol = "RTP/AVP" });

        Assert.Equal(
            """
            v=0
            o=- 4611731400430051336 2 IN IP4 203.0.113.1
            s=-
            t=0 0
            a=msid-semantic: WMS rig
            m=audio 30442 RTP/AVP 8 101
            c=IN IP4 203.0.113.1
            a=mid:0
            a=rtpmap:8 PCMA/8000
            a=rtpmap:101 telephone-event/8000
            a=extmap-allow-mixed
            a=ssrc:1234567 cname:rig
            a=sendrecv
            a=rtcp:30443

            """.ReplaceLineEndings("\r\n"),
            printed);
    }

    [Theory]
    [InlineData("kamailio-webrtc-offer")]
    [InlineData("kamailio-dtls-answer")]
    public void Keys_dtls_and_ice_print_as_the_peer_printed_them(string name)
    {
        string expected = WithConnectionInMedia(Samples.Text($"{name}-out.sdp"));
        var answer = SdpSessionView.Of(Samples.Parse(expected)).Medias[0];

        string printed = Print(name, expected, media => media with
        {
            Protocol = answer.Media.Protocol,
            Mid = answer.Attributes.Mid,
            RtcpMux = answer.Attributes.RtcpMux,
            Crypto = answer.Attributes.Crypto,
            Setup = answer.Setup,
            Fingerprint = answer.Fingerprint,
            IceUfrag = answer.IceUfrag,
            IcePassword = answer.IcePassword,
            IceOptions = answer.IceOptions,
            Candidates = answer.Attributes.Candidates,
            EndOfCandidates = answer.Attributes.EndOfCandidates,
        });

        Assert.Equal(expected, printed);
    }

    [Fact]
    public void Original_sendrecv_leaves_the_direction_line_where_it_stands()
    {
        var source = SdpSessionView.Of(Samples.Session("kamailio-baresip-offer-in.sdp")).Medias[0];

        var media = SdpTransit.Media(source, Local, 30000, originalDirection: true);

        Assert.Null(media.Direction);
        Assert.Equal(["sendrecv", "rtcp-rsize", "ssrc", "minptime"], media.Attributes.Select(attribute => attribute.Name));
    }

    [Fact]
    public void T38_passes_verbatim()
    {
        var source = SdpSessionView.Of(Samples.Parse(
            "v=0\no=- 1 2 IN IP4 1.2.3.4\ns=-\nm=image 4000 udptl t38\ni=fax\nc=IN IP4 1.2.3.4\na=T38FaxVersion:0\na=sendrecv\na=x\n"));

        string text = SdpPrinter.Print(SdpTransit.Session(source, [SdpTransit.Verbatim(source.Medias[0], Local, 30000)]));

        Assert.EndsWith(
            "m=image 30000 udptl t38\r\ni=fax\r\nc=IN IP4 203.0.113.1\r\na=T38FaxVersion:0\r\na=sendrecv\r\na=x\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rejected_media_prints_port_zero_the_wildcard_and_its_mid()
    {
        var source = SdpSessionView.Of(Samples.Session("p2p-offer.sdp"));

        string text = SdpPrinter.Print(SdpTransit.Session(source, [SdpTransit.Media(source.Medias[1], Local, 0)]));

        Assert.EndsWith("m=video 0 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n", text, StringComparison.Ordinal);
    }

    private static string Print(string name, string expected, Func<SdpMediaOutput, SdpMediaOutput> change)
    {
        var source = SdpSessionView.Of(Samples.Session($"{name}-in.sdp"));
        var peer = SdpSessionView.Of(Samples.Parse(expected)).Medias[0];
        var media = SdpTransit.Media(source.Medias[0], Local, peer.Media.Port) with
        {
            RtcpForm = RtcpForm.Port,
            RtcpPort = peer.RtcpEndpoint.Port,
        };
        return OriginRewriter.Print(SdpTransit.Session(source, [change(media)]), null, SdpReplace.Origin, Local, null, out _);
    }

    private static string WithConnectionInMedia(string text)
    {
        var lines = text.Split("\r\n").Where(line => line[..Math.Min(2, line.Length)] != "c=").ToList();
        int media = lines.FindIndex(line => line.StartsWith("m=", StringComparison.Ordinal));
        lines.Insert(media + 1, "c=IN IP4 203.0.113.1");
        return string.Join("\r\n", lines);
    }

    private static string WithUnknownBehindCodecs(string text)
    {
        var lines = text.Split("\r\n").ToList();
        var moved = lines.FindAll(line => line is "a=rtcp-rsize" or "a=minptime:20" || line.StartsWith("a=ssrc:", StringComparison.Ordinal));
        lines.RemoveAll(moved.Contains);
        lines.InsertRange(lines.IndexOf("a=sendrecv"), moved);
        return string.Join("\r\n", lines);
    }
}
