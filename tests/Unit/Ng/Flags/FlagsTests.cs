using RtpCluster.Contracts;
using RtpCluster.Ng;
using static RtpCluster.Unit.Ng.Commands.NgCommandParserTests;

namespace RtpCluster.Unit.Ng.Flags;

public class FlagsTests
{
    /// <summary>Every word of the reference's list of flags.</summary>
    private const string KnownWords =
        "all allow-asymmetric-codecs allow-no-codec-media allow-transcoding always-transcode asymmetric audio-player no-player bidirectional "
        + "block-dtmf block-egress block-short block-short-packets debug debugging detect-DTMF directional discard-recording early-media egress "
        + "exclude-recording fatal fast force-transcoding fragment full-rtcp-attribute generate-mid generate-RTCP ICE-reject reject-ICE inactive "
        + "inject-DTMF loop-protect media-handover mirror-RTCP RTCP-mirror mix mixed NAT-wait new-branch no-codec-renegotiation reuse-codecs "
        + "passthrough no-passthrough port-latching no-port-latching no-redis-update no-rtcp-attribute no-tls-id no-jitter-buffer "
        + "original-sendrecv pad-crypto pierce-NAT provisional record-call recording-vsc recording-announcement recrypt reset single-codec "
        + "SIP-source-address SIPREC skip-recording-db static-codecs strict-source strip-extmap to-tag trickle-ICE trust-address unidirectional "
        + "unsubscribe WebRTC asymmetric-codecs symmetric-codecs reorder-codecs";

    [Fact]
    public void Every_flag_word_is_known_in_every_spelling()
    {
        foreach (string word in KnownWords.Split(' '))
        {
            foreach (string spelling in (string[])[word, word.Replace('-', '_'), word.Replace('-', ' '), word.ToUpperInvariant()])
            {
                Assert.Empty(Offer($"\"flags\":[\"{spelling}\"]").UnknownWords);
            }
        }
    }

    [Theory]
    [InlineData("trust-address", NgFlags.TrustAddress)]
    [InlineData("trust-address,SIP-source-address", NgFlags.SipSourceAddress)]
    [InlineData("no-port-latching,port-latching", NgFlags.PortLatching)]
    [InlineData("loop protect,strict_source", NgFlags.LoopProtect | NgFlags.StrictSource)]
    [InlineData("reorder-codecs", NgFlags.None)]
    public void Flags_set_switches_and_the_later_of_two_opposites_wins(string flags, NgFlags expected) =>
        Assert.Equal(expected, Offer($"\"flags\":\"{flags}\"").Flags);

    [Fact]
    public void The_flag_to_tag_makes_delete_look_at_the_to_tag() => Assert.True(Offer("\"flags\":[\"to-tag\"]").HonourToTag);

    [Fact]
    public void WebRTC_stands_for_what_a_browser_wants()
    {
        var command = Offer("\"flags\":[\"WebRTC\"]");
        Assert.Equal("UDP/TLS/RTP/SAVPF", command.TransportProtocol);
        Assert.Equal(IceOption.Force, command.Ice);
        Assert.Equal(RtcpMuxFlags.Offer | RtcpMuxFlags.Require, command.RtcpMux);
        Assert.Equal(NgFlags.WebRtc | NgFlags.TrickleIce | NgFlags.NoRtcpAttribute | NgFlags.GenerateMid, command.Flags);
        Assert.True(command.Sdes.Off);
        Assert.Empty(command.Unsupported);
        Assert.Equal(BundleFlags.Offer | BundleFlags.Require, command.Bundle);
    }

    [Theory]
    [InlineData("\"codec\":{\"strip\":[\"PCMU\",\"opus/48000/2\"],\"mask\":\"G722\",\"accept\":[\"any\"]}")]
    [InlineData("\"flags\":[\"codec-strip-PCMU\",\"codec_strip_opus/48000/2\",\"codec-mask-G722\",\"codec-accept-any\"]")]
    [InlineData("\"rtpp-flags\":\"codec-strip-PCMU codec-strip-opus/48000/2 codec-mask=G722 codec-accept-any\"")]
    [InlineData("\"rtpp-flags\":\"codec-strip=[PCMU opus/48000/2] codec=[mask=[G722] accept=[any]]\"")]
    [InlineData("\"codec\":[\"strip-PCMU\",\"strip-opus/48000/2\",\"mask-G722\",\"accept-any\"]")]
    public void Codec_lists_come_in_every_form(string entry)
    {
        var codec = Offer(entry).Codec;
        Assert.Equal(["PCMU", "opus/48000/2"], codec.Strip);
        Assert.Equal(["G722"], codec.Mask);
        Assert.Equal(["any"], codec.Accept);
    }

    [Theory]
    [InlineData("\"flags\":[\"codec-set-opus/48000/2////stereo--1..x\"]")]
    [InlineData("\"codec\":{\"set\":[\"opus/48000/2////stereo=1 x\"]}")]
    public void Escapes_of_flag_words_stand_for_equals_sign_and_space(string entry) =>
        Assert.Equal(["opus/48000/2////stereo=1 x"], Offer(entry).Codec.Set);

    [Fact]
    public void Dictionary_values_have_no_escapes() =>
        Assert.Equal(["a--b..c"], Offer("\"codec\":{\"offer\":[\"a--b..c\"]}").Codec.Offer);

    [Fact]
    public void Sdes_words_set_suites_and_switches()
    {
        var sdes = Offer(
            "\"SDES\":[\"no-NULL_HMAC_SHA1_80\",\"only-aes_cm_128_hmac_sha1_80\",\"order:AEAD_AES_128_GCM;AES_CM_128_HMAC_SHA1_32\","
            + "\"offerer_pref:AES_CM_128_HMAC_SHA1_80\",\"unencrypted_srtcp\",\"authenticated_srtp\",\"lifetime\",\"pad\",\"static\",\"nonew\",\"prefer\"]").Sdes;
        Assert.Equal([SrtpSuite.NullHmacSha1_80], sdes.No);
        Assert.Equal([SrtpSuite.AesCm128HmacSha1_80], sdes.Only);
        Assert.Equal([SrtpSuite.AeadAes128Gcm, SrtpSuite.AesCm128HmacSha1_32], sdes.Order);
        Assert.Equal([SrtpSuite.AesCm128HmacSha1_80], sdes.OffererPreference);
        Assert.Equal((null, true, false), (sdes.UnencryptedSrtp, sdes.UnencryptedSrtcp, sdes.UnauthenticatedSrtp));
        Assert.True(sdes is { Lifetime: true, Pad: true, Static: true, NoNew: true, Prefer: true, Off: false });
    }

    [Theory]
    [InlineData("\"sdp-attr\":{\"audio\":{\"add\":[\"x:1\"],\"remove\":[\"ptime:20\"],\"substitute\":[[\"sendrecv\",\"sendonly\"]]}}")]
    [InlineData("\"rtpp-flags\":\"sdp-attr-add-audio-x:1 sdp-attr-remove-audio-ptime:20 sdp-attr-substitute-audio-sendrecv>sendonly\"")]
    [InlineData("\"rtpp-flags\":\"sdp-attr=[audio=[add=[x:1] remove=[ptime:20] substitute=[[sendrecv sendonly]]]]\"")]
    public void Sdp_attributes_are_manipulated_by_media(string entry)
    {
        var audio = Offer(entry).SdpAttr["audio"];
        Assert.Equal(["x:1"], audio.Add);
        Assert.Equal(["ptime:20"], audio.Remove);
        Assert.Equal([KeyValuePair.Create("sendrecv", "sendonly")], audio.Substitute);
    }

    [Fact]
    public void None_and_global_are_the_session_level_and_values_keep_their_commas()
    {
        var command = Offer("\"sdp-attr\":{\"none\":{\"add\":\"a,b\"},\"global\":{\"remove\":[\"c\"]}}");
        Assert.Equal(["a,b"], command.SdpAttr["global"].Add);
        Assert.Equal(["c"], command.SdpAttr["global"].Remove);
    }
}
