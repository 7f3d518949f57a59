using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Printing;

/// <summary>The printed order of lines.</summary>
public class SdpPrinterTests
{
    private static readonly SdpOrigin Origin = new("uac", "1", "2", "IN", "IP4", "198.51.100.1");

    private static SdpMediaOutput Audio(params byte[] payloadTypes) => new()
    {
        Type = "audio",
        Port = 30000,
        Protocol = "RTP/AVP",
        Address = IpAddress.Parse("203.0.113.1"),
        Codecs = [.. payloadTypes.Select(number => StaticPayloadTypes.Of(number)!)],
        Direction = SdpDirection.SendRecv,
        RtcpForm = RtcpForm.Port,
        RtcpPort = 30001,
    };

    private static string Print(SdpMediaOutput media, SdpManipulations? manipulations = null) =>
        SdpPrinter.Print(new SdpOutput { Origin = Origin, Medias = [media] }, manipulations).ReplaceLineEndings("\n");

    [Fact]
    public void A_plain_offer_prints_the_reference_output()
    {
        Assert.Equal(
            """
            v=0
            o=uac 1 2 IN IP4 198.51.100.1
            s=-
            t=0 0
            m=audio 30000 RTP/AVP 0 8
            c=IN IP4 203.0.113.1
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=sendrecv
            a=rtcp:30001

            """,
            Print(Audio(0, 8)));
    }

    [Fact]
    public void Every_line_has_its_place()
    {
        var sample = SdpSessionView.Of(Samples.Session("kamailio-webrtc-offer-out.sdp")).Medias[0];
        Assert.True(SdpCrypto.TryParse("7 AES_CM_128_HMAC_SHA1_80 inline:/fr6wK9PD4EtmKczZQdXRIVgXtkR/eX6IvizM88M", out var crypto, out _));
        var media = Audio(0) with
        {
            Protocol = "RTP/SAVPF",
            Info = "left",
            Bandwidths = [new SdpBandwidth("AS", 64), new SdpBandwidth("TIAS", 64000)],
            Mid = "0",
            Label = "7",
            BundleOnly = true,
            Codecs =
            [
                new SdpCodec
                {
                    PayloadType = 111, Name = "opus", ClockRate = 48000, Channels = 2, Parameters = "2",
                    FormatParameters = ["minptime=10"], Feedback = ["transport-cc", "nack"],
                },
                new SdpCodec { PayloadType = 99, Name = "" },
            ],
            ExtMapAllowMixed = true,
            ExtMaps = [new ExtMapAttribute(1, null, "urn:a", null)],
            Attributes = [new SdpAttribute("ssrc", "1 cname:x"), new SdpAttribute("rtcp-rsize", null)],
            Direction = SdpDirection.SendOnly,
            RtcpForm = RtcpForm.Full,
            RtcpMux = true,
            Crypto = [crypto!],
            PadCrypto = true,
            Setup = SdpSetup.ActPass,
            Fingerprint = sample.Fingerprint,
            TlsId = "00112233445566778899aabbccddeeff",
            PacketTime = 20,
            MaxPacketTime = 60,
            IceUfrag = "u",
            IcePassword = "p",
            IceOptions = IceOptionsAttribute.Trickle,
            Candidates = [new CandidateAttribute("f", 1, "UDP", 2130706431, "203.0.113.1", 30000, "host")],
            RemoteCandidates = "1 198.51.100.1 6000",
            EndOfCandidates = true,
        };
        var output = new SdpOutput
        {
            Origin = Origin,
            Name = "call",
            InfoLines = ["i=info", "u=http://a"],
            Bandwidths = [new SdpBandwidth("TIAS", 1), new SdpBandwidth("RS", 2), new SdpBandwidth("AS", 3)],
            Timing = "1 2",
            LoopProtectId = "0123456789ab",
            IceLite = true,
            Groups = [new GroupAttribute("BUNDLE", ["0"])],
            Attributes = [new SdpAttribute("tool", "x")],
            Medias = [media],
        };

        Assert.Equal(
            """
            v=0
            o=uac 1 2 IN IP4 198.51.100.1
            s=call
            i=info
            u=http://a
            b=AS:3
            b=RS:2
            b=TIAS:1
            t=1 2
            a=rtpengine:0123456789ab
            a=ice-lite
            a=group:BUNDLE 0
            a=tool:x
            m=audio 30000 RTP/SAVPF 111 99
            i=left
            c=IN IP4 203.0.113.1
            b=AS:64
            b=TIAS:64000
            a=mid:0
            a=label:7
            a=bundle-only
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10
            a=rtcp-fb:111 transport-cc
            a=rtcp-fb:111 nack
            a=extmap-allow-mixed
            a=extmap:1 urn:a
            a=ssrc:1 cname:x
            a=rtcp-rsize
            a=sendonly
            a=rtcp:30001 IN IP4 203.0.113.1
            a=rtcp-mux
            a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:/fr6wK9PD4EtmKczZQdXRIVgXtkR/eX6IvizM88M
            a=setup:actpass
            a=fingerprint:sha-256 78:4B:AB:2E:C7:97:A9:98:7B:AD:0E:DC:CC:02:9D:F5:13:B5:46:24:DE:3A:13:13:64:AB:59:49:DC:ED:5D:93
            a=tls-id:00112233445566778899aabbccddeeff
            a=ptime:20
            a=maxptime:60
            a=ice-ufrag:u
            a=ice-pwd:p
            a=ice-options:trickle
            a=candidate:f 1 UDP 2130706431 203.0.113.1 30000 typ host
            a=remote-candidates:1 198.51.100.1 6000
            a=end-of-candidates

            """,
            SdpPrinter.Print(output).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_answer_to_the_first_publisher_of_a_room_prints_as_the_seed_shows()
    {
        var opus = new SdpCodec { PayloadType = 96, Name = "opus", ClockRate = 48000 };
        var media = Audio() with
        {
            Port = 30026,
            Address = IpAddress.Parse("192.168.1.116"),
            Codecs = [opus],
            Direction = SdpDirection.RecvOnly,
            RtcpPort = 30027,
        };
        var output = new SdpOutput { Origin = Origin, Name = "rtpengine-11-2-0-0-0", Medias = [media] };

        Assert.Equal(
            """
            v=0
            o=uac 1 2 IN IP4 198.51.100.1
            s=rtpengine-11-2-0-0-0
            t=0 0
            m=audio 30026 RTP/AVP 96
            c=IN IP4 192.168.1.116
            a=rtpmap:96 opus/48000
            a=recvonly
            a=rtcp:30027

            """,
            SdpPrinter.Print(output).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_line_ends_with_carriage_return_and_line_feed()
    {
        string text = SdpPrinter.Print(new SdpOutput { Origin = Origin, Name = "", Medias = [Audio(0)] });

        Assert.Equal(text.Count(c => c == '\n'), text.Split("\r\n").Length - 1);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\ns=\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_media_without_formats_prints_0()
    {
        Assert.Contains("m=audio 30000 RTP/AVP 0\n", Print(Audio()), StringComparison.Ordinal);
        Assert.Contains("m=audio 30000 RTP/AVP 18 4\n", Print(Audio() with { Formats = ["18", "4"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rejected_media_stops_after_mid_and_label()
    {
        var media = Audio(0) with { Port = 0, Rejected = true, Address = IpAddress.Any(IpFamily.V6), Mid = "m", Label = "l" };

        Assert.EndsWith("m=audio 0 RTP/AVP 0\nc=IN IP6 ::\na=mid:m\na=label:l\n", Print(media), StringComparison.Ordinal);
    }
}
