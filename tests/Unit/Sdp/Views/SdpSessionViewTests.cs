using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Views;

/// <summary>What a description means: typed attributes, fallbacks to the session, and what is left for copying.</summary>
public class SdpSessionViewTests
{
    private const string Fingerprint = "a=fingerprint:sha-1 12:34:56:78:9A:BC:DE:F0:12:34:56:78:9A:BC:DE:F0:12:34:56:78\n";

    private static SdpSessionView View(string session, string media) => SdpSessionView.Of(Samples.Parse(
        $"v=0\no=- 1 2 IN IP4 1.2.3.4\ns=-\nc=IN IP4 198.51.100.1\n{session}m=audio 4000 RTP/AVP 0 101\n{media}"));

    [Fact]
    public void A_media_without_values_of_its_own_has_the_sessions()
    {
        var media = View(
            "a=sendonly\na=setup:active\na=ice-ufrag:u\na=ice-pwd:p\na=ice-options:trickle\na=ice-lite\na=extmap-allow-mixed\na=extmap:1 urn:x\n"
            + "a=tls-id:abcdefghij0123456789\n" + Fingerprint,
            "").Medias[0];

        Assert.Equal(IpAddress.Parse("198.51.100.1"), media.Connection!.Parsed);
        Assert.Equal((SdpDirection.SendOnly, SdpSetup.Active), (media.Direction, media.Setup));
        Assert.Equal(("u", "p", true), (media.IceUfrag, media.IcePassword, media.HasIce));
        Assert.Equal((IceOptionsAttribute.Trickle, true), (media.IceOptions, media.IceLite));
        Assert.Equal(("abcdefghij0123456789", "sha-1"), (media.TlsId, media.Fingerprint!.Hash));
        Assert.True(media.ExtMapAllowMixed && media.OffersSrtp);
        Assert.Equal("urn:x", Assert.Single(media.ExtMaps).Uri);
    }

    [Fact]
    public void A_medias_own_values_win()
    {
        var media = View(
            "a=sendonly\na=setup:active\na=ice-ufrag:u\na=ice-pwd:p\n" + Fingerprint,
            "c=IN IP4 192.0.2.9\na=inactive\na=setup:passive\na=ice-ufrag:mu\na=ice-pwd:mp\n").Medias[0];

        Assert.Equal(IpAddress.Parse("192.0.2.9"), media.Endpoint.Address);
        Assert.Equal((SdpDirection.Inactive, SdpSetup.Passive), (media.Direction, media.Setup));
        Assert.Equal(("mu", "mp"), (media.IceUfrag, media.IcePassword));
    }

    [Fact]
    public void Without_anything_a_media_is_sendrecv_and_plain()
    {
        var media = View("", "").Medias[0];

        Assert.Equal((SdpDirection.SendRecv, SdpSetup.None), (media.Direction, media.Setup));
        Assert.False(media.HasIce || media.OffersSrtp || media.IsRejected || media.ExtMapAllowMixed);
    }

    [Theory]
    [InlineData("", "198.51.100.1:4001")]
    [InlineData("a=rtcp:5000\n", "198.51.100.1:5000")]
    [InlineData("a=rtcp:5000 IN IP4 192.0.2.1\n", "192.0.2.1:5000")]
    public void Rtcp_goes_to_the_next_port_unless_said_otherwise(string attribute, string endpoint) =>
        Assert.Equal(NetEndpoint.Parse(endpoint), View("", attribute).Medias[0].RtcpEndpoint);

    [Fact]
    public void Codecs_carry_everything_that_was_said_about_them()
    {
        var media = SdpSessionView.Of(Samples.Session("p2p-offer.sdp")).Medias[0];

        var opus = media.Codecs[0];
        Assert.Equal((111, "opus", 48000, 2, "2"), (opus.PayloadType, opus.Name, opus.ClockRate, opus.Channels, opus.Parameters));
        Assert.Equal(["minptime=10;useinbandfec=1"], opus.FormatParameters);
        Assert.Equal(["transport-cc"], opus.Feedback);
        Assert.Equal([111, 63, 9, 0, 8, 13, 110, 126], media.Codecs.Select(codec => (int)codec.PayloadType));
    }

    [Fact]
    public void A_static_type_needs_no_rtpmap_and_a_dynamic_one_without_has_no_name()
    {
        var codecs = View("", "a=ptime:30\n").Medias[0].Codecs;

        Assert.Equal(("PCMU", 8000, 30), (codecs[0].Name, codecs[0].ClockRate, codecs[0].PacketTime));
        Assert.Equal(("", 0), (codecs[1].Name, codecs[1].ClockRate));
    }

    [Fact]
    public void Repeated_and_impossible_payload_types_are_left_out()
    {
        var view = SdpSessionView.Of(Samples.Parse("v=0\no=- 1 2 IN IP4 1.2.3.4\ns=-\nm=audio 4000 RTP/AVP 0 0 128 x 8 127\n"));

        Assert.Equal([0, 8, 127], view.Medias[0].Codecs.Select(codec => (int)codec.PayloadType));
    }

    [Fact]
    public void Only_attributes_we_do_not_understand_are_generic()
    {
        var view = SdpSessionView.Of(Samples.Session("p2p-offer.sdp"));

        Assert.Equal(["msid-semantic"], view.Attributes.Generic.Select(attribute => attribute.Name));
        Assert.Equal(["BUNDLE 0 1"], view.Attributes.Groups.Select(group => group.ToString()));
        Assert.Equal(
            ["msid", "rtcp-rsize", "rtcp-xr", "ssrc", "ssrc"], view.Medias[0].Attributes.Generic.Select(attribute => attribute.Name));
        Assert.Equal(6, view.Medias[0].Attributes.Candidates.Count);
        Assert.Empty(view.Warnings());
    }

    [Fact]
    public void Feedback_of_all_payload_types_is_generic_and_of_one_is_not()
    {
        var attributes = View("", "a=rtcp-fb:* nack\na=rtcp-fb:0 nack\na=T38FaxVersion:0\na=label:7\n").Medias[0].Attributes;

        Assert.Equal([new SdpAttribute("rtcp-fb", "* nack")], attributes.Generic);
        Assert.Equal("0 nack", Assert.Single(attributes.Feedback).ToString());
        Assert.Equal("7", attributes.Label);
    }

    [Fact]
    public void Malformed_attributes_are_dropped_with_a_warning_that_names_no_value()
    {
        var view = View("", "a=crypto:1 NOPE inline:c2VjcmV0\na=rtcp:x\na=rtpmap:0\na=fingerprint:md5 00\na=sendrecv\n");

        Assert.Equal(
            [
                "a=crypto ignored: unknown crypto suite 'NOPE'",
                "a=rtcp ignored: not 'port' or 'port IN family address'",
                "a=rtpmap ignored: not 'payload-type encoding/clock'",
                "a=fingerprint ignored: unknown hash or malformed digest",
            ],
            view.Warnings());
        Assert.Equal("PCMU", view.Medias[0].Codecs[0].Name);
        Assert.Empty(view.Medias[0].Attributes.Generic);
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 0\n", true)]
    [InlineData("m=audio 0 RTP/AVP 0\na=bundle-only\n", false)]
    [InlineData("m=audio 1 RTP/AVP 0\n", false)]
    public void Port_zero_rejects_unless_bundle_only(string media, bool rejected) =>
        Assert.Equal(rejected, SdpSessionView.Of(Samples.Parse("v=0\no=- 1 2 IN IP4 1.2.3.4\ns=-\n" + media)).Medias[0].IsRejected);
}
