using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Attributes;

/// <summary>Every attribute reads what peers send, refuses what is malformed, and prints what it read.</summary>
public class AttributeTests
{
    [Theory]
    [InlineData("0 PCMU/8000", 1)]
    [InlineData("111 opus/48000/2", 2)]
    [InlineData("97 L16/44100/x", 1)]
    public void Rtpmap_prints_what_it_read(string text, int channels)
    {
        Assert.True(RtpMapAttribute.TryParse(text, out var map));
        Assert.Equal((text, channels), (map.ToString(), map.Channels));
    }

    [Theory]
    [InlineData("")]
    [InlineData("128 PCMU/8000")]
    [InlineData("0")]
    [InlineData("0 PCMU")]
    [InlineData("0 /8000")]
    [InlineData("0 PCMU/-1")]
    [InlineData("x PCMU/8000")]
    public void Rtpmap_refuses(string text) => Assert.False(RtpMapAttribute.TryParse(text, out _));

    [Theory]
    [InlineData("101 0-15", 101)]
    [InlineData("* nack pli", null)]
    public void Fmtp_and_rtcp_fb_print_what_they_read(string text, int? payloadType)
    {
        Assert.True(PayloadTypeAttribute.TryParse(text, out var line));
        Assert.Equal(text, line.ToString());
        Assert.Equal(payloadType, line.PayloadType);
    }

    [Theory]
    [InlineData("101")]
    [InlineData("200 x")]
    [InlineData("*")]
    public void Fmtp_and_rtcp_fb_refuse(string text) => Assert.False(PayloadTypeAttribute.TryParse(text, out _));

    [Theory]
    [InlineData("9 IN IP4 0.0.0.0")]
    [InlineData("30001")]
    [InlineData("30001 IN IP6 2001:db8::1")]
    public void Rtcp_prints_what_it_read(string text)
    {
        Assert.True(RtcpAttribute.TryParse(text, out var rtcp));
        Assert.Equal(text, rtcp.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("65536")]
    [InlineData("1 IN IP4 2001:db8::1")]
    [InlineData("1 IN IP4 host.example")]
    [InlineData("1 IP4 1.2.3.4")]
    public void Rtcp_refuses(string text) => Assert.False(RtcpAttribute.TryParse(text, out _));

    [Theory]
    [InlineData("1 urn:ietf:params:rtp-hdrext:sdes:mid")]
    [InlineData("14/sendonly urn:x attributes here")]
    public void Extmap_prints_what_it_read(string text)
    {
        Assert.True(ExtMapAttribute.TryParse(text, out var map));
        Assert.Equal(text, map.ToString());
    }

    [Theory]
    [InlineData("0 urn:x")]
    [InlineData("1")]
    [InlineData("9999 urn:x")]
    public void Extmap_refuses(string text) => Assert.False(ExtMapAttribute.TryParse(text, out _));

    [Fact]
    public void Group_prints_what_it_read()
    {
        Assert.True(GroupAttribute.TryParse("BUNDLE 0 a 1", out var group));
        Assert.True(group!.IsBundle);
        Assert.Equal(["0", "a", "1"], group.Mids);
        Assert.Equal("BUNDLE 0 a 1", group.ToString());
        Assert.False(GroupAttribute.TryParse("", out _));
    }

    [Theory]
    [InlineData("1112521044 1 udp 2122260223 198.51.100.10 41884 typ host generation 0 network-id 1", "198.51.100.10")]
    [InlineData("Q4jHXiwqJQA0lDO7 2 UDP 2130706430 2001:db8::1 30195 typ host", "2001:db8::1")]
    [InlineData("1 1 udp 1 a1b2.local 9 typ host", "")]
    public void Candidate_prints_what_it_read(string text, string address)
    {
        Assert.True(CandidateAttribute.TryParse(text, out var candidate));
        Assert.Equal((text, address), (candidate!.ToString(), candidate.Address.ToString()));
    }

    [Theory]
    [InlineData("1 1 udp 1 1.2.3.4 9 host")]
    [InlineData("1 1 udp 1 1.2.3.4 99999 typ host")]
    [InlineData("1 x udp 1 1.2.3.4 9 typ host")]
    public void Candidate_refuses(string text) => Assert.False(CandidateAttribute.TryParse(text, out _));

    [Theory]
    [InlineData("actpass", SdpSetup.ActPass)]
    [InlineData("active", SdpSetup.Active)]
    [InlineData("passive", SdpSetup.Passive)]
    [InlineData("holdconn", SdpSetup.HoldConn)]
    public void Setup_prints_what_it_read(string text, SdpSetup setup)
    {
        Assert.True(SetupAttribute.TryParse(text, out var read));
        Assert.Equal((setup, text), (read, SetupAttribute.Print(read)));
        Assert.False(SetupAttribute.TryParse(text + "x", out _));
    }

    [Fact]
    public void Fingerprint_reads_any_case_and_prints_upper_case()
    {
        const string Digest = "12:34:56:78:9a:bc:DE:F0:12:34:56:78:9a:bc:de:f0:12:34:56:78";

        Assert.True(FingerprintAttribute.TryParse("SHA-1 " + Digest, out var fingerprint));
        Assert.Equal("sha-1 " + Digest.ToUpperInvariant(), fingerprint!.ToString());
        Assert.Equal(0x9a, fingerprint.Digest[4]);
        Assert.True(FingerprintAttribute.TryParse("sha-1 " + Digest, out var same));
        Assert.Equal(fingerprint, same);
    }

    [Theory]
    [InlineData("md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF")]
    [InlineData("sha-1 12:34")]
    [InlineData("sha-1 12:34:56:78:9a:bc:DE:F0:12:34:56:78:9a:bc:de:f0:12:34:56:7x")]
    [InlineData("sha-1 12-34-56-78-9a-bc-DE-F0-12-34-56-78-9a-bc-de-f0-12-34-56-78")]
    public void Fingerprint_refuses(string text) => Assert.False(FingerprintAttribute.TryParse(text, out _));

    [Fact]
    public void Tls_id_has_its_alphabet_and_length()
    {
        Assert.True(TlsIdAttribute.IsValid("abcdefghij0123456789+/-_"));
        Assert.False(TlsIdAttribute.IsValid("abcdefghij012345678"));
        Assert.False(TlsIdAttribute.IsValid("abcdefghij0123456789 "));
        Assert.Equal("abababababababababababababababab", TlsIdAttribute.Create(new FixedEntropy()));
    }

    [Theory]
    [InlineData("trickle", IceOptionsAttribute.Trickle, "trickle")]
    [InlineData("ice2 renomination Trickle", IceOptionsAttribute.Trickle | IceOptionsAttribute.Ice2, "trickle ice2")]
    [InlineData("ice2", IceOptionsAttribute.Ice2, "ice2")]
    [InlineData("other", IceOptionsAttribute.None, "")]
    public void Ice_options_ignore_unknown_words(string text, IceOptionsAttribute options, string printed)
    {
        Assert.Equal(options, IceOptions.Parse(text));
        Assert.Equal(printed, IceOptions.Print(options));
    }

    [Theory]
    [InlineData("sendrecv", "sendrecv")]
    [InlineData("sendonly", "recvonly")]
    [InlineData("recvonly", "sendonly")]
    [InlineData("inactive", "inactive")]
    public void Direction_has_a_name_and_a_reverse(string name, string reverse)
    {
        Assert.True(DirectionAttribute.TryParse(name, out var direction));
        Assert.Equal(name, DirectionAttribute.Print(direction));
        Assert.Equal(reverse, DirectionAttribute.Print(direction.Reverse()));
        Assert.Equal(direction, DirectionAttribute.Of(direction.Sends(), direction.Receives()));
        Assert.False(DirectionAttribute.TryParse("rtpmap", out _));
    }

    [Theory]
    [InlineData("20", true)]
    [InlineData("2.5", true)]
    [InlineData("x", false)]
    [InlineData("-20", false)]
    [InlineData("10001", false)]
    public void Packet_time_is_a_number_up_to_ten_seconds(string text, bool valid) =>
        Assert.Equal(valid, PacketTimeAttribute.TryParse(text, out _));

    private sealed class FixedEntropy : IEntropy
    {
        public void Fill(Span<byte> target) => target.Fill(0xab);
    }
}
