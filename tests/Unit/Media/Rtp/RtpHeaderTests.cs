using RtpCluster.Media.Rtp;

namespace RtpCluster.Unit.Media.Rtp;

public sealed class RtpHeaderTests
{
    [Fact]
    public void Fixed_header_is_read()
    {
        var packet = Convert.FromHexString("80e0fffe01020304a1b2c3d4aabb");

        Assert.True(RtpHeader.TryParse(packet, out var header));

        Assert.Equal(96, header.PayloadType);
        Assert.True(header.Marker);
        Assert.Equal(0xfffe, header.Sequence);
        Assert.Equal(0x01020304u, header.Timestamp);
        Assert.Equal(0xa1b2c3d4u, header.Ssrc);
        Assert.Equal(12, header.PayloadOffset);
        Assert.Equal(2, header.PayloadLength);
        Assert.False(header.HasExtension);
    }

    [Fact]
    public void Csrc_list_and_extension_belong_to_the_header()
    {
        var packet = Convert.FromHexString("9200000100000002000000030000000400000005" + "bede0001" + "10ff0000" + "abcdef");

        Assert.True(RtpHeader.TryParse(packet, out var header));

        Assert.Equal(2, header.CsrcCount);
        Assert.Equal(24, header.ExtensionOffset);
        Assert.Equal(4, header.ExtensionLength);
        Assert.Equal(28, header.PayloadOffset);
        Assert.Equal(3, header.PayloadLength);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8000000100000002000000")]
    [InlineData("400000010000000200000003")]
    [InlineData("810000010000000200000003")]
    [InlineData("900000010000000200000003bede")]
    [InlineData("900000010000000200000003bede000100")]
    public void Cut_off_headers_and_other_versions_are_refused(string packet) =>
        Assert.False(RtpHeader.TryParse(Convert.FromHexString(packet), out _));

    [Theory]
    [InlineData("a00000010000000200000003aaaa0002", true, 2)]
    [InlineData("a00000010000000200000003aaaa0000", false, 0)]
    [InlineData("a00000010000000200000003aaaa0005", false, 0)]
    [InlineData("800000010000000200000003aaaa0005", true, 0)]
    [InlineData("a00000010000000200000003", false, 0)]
    public void Padding_is_counted_by_its_last_byte(string hex, bool valid, int padding)
    {
        var packet = Convert.FromHexString(hex);
        Assert.True(RtpHeader.TryParse(packet, out var header));

        Assert.Equal(valid, RtpHeader.TryGetPadding(packet, header, out var found));
        if (valid)
        {
            Assert.Equal(padding, found);
        }
    }

    [Fact]
    public void Fields_are_changed_in_place()
    {
        var packet = new byte[14];
        RtpWriter.WriteFixedHeader(packet, 8, marker: true, 1, 2, 3);

        RtpWriter.SetPayloadType(packet, 101);
        RtpWriter.SetSequence(packet, 65535);
        RtpWriter.SetTimestamp(packet, 0xfffffff0);
        RtpWriter.SetSsrc(packet, 0xdeadbeef);
        Assert.True(RtpHeader.TryParse(packet, out var header));
        Assert.Equal((101, true, 65535, 0xfffffff0u, 0xdeadbeefu), (header.PayloadType, header.Marker, header.Sequence, header.Timestamp, header.Ssrc));

        RtpWriter.SetMarker(packet, false);
        Assert.True(RtpHeader.TryParse(packet, out header));
        Assert.False(header.Marker);
        Assert.Equal(101, header.PayloadType);
    }

    [Theory]
    [InlineData("bede0003" + "10aa" + "00" + "21bbcc" + "000000000000", "1:aa 2:bbcc")]
    [InlineData("bede0002" + "10aa" + "f0" + "20bb" + "000000", "1:aa")]
    [InlineData("bede0001" + "10aa" + "2fbb", "1:aa")]
    [InlineData("bede0001" + "10aa" + "03bb", "1:aa")]
    [InlineData("10000003" + "0100" + "00" + "ff03aabbcc" + "00000000", "1: 255:aabbcc")]
    [InlineData("10000001" + "0101aa" + "02", "1:aa")]
    [InlineData("12340001" + "10aa0000", "")]
    public void Extension_elements_are_walked(string extension, string expected)
    {
        var packet = Convert.FromHexString("900000010000000200000003" + extension);
        Assert.True(RtpHeader.TryParse(packet, out var header));

        var found = new List<string>();
        foreach (var element in new RtpExtensions(packet, header))
        {
            found.Add($"{element.Id}:{Convert.ToHexStringLower(element.Data)}");
        }

        Assert.Equal(expected, string.Join(' ', found));
    }

    [Theory]
    [InlineData(0x80, 193, DatagramKind.Rtp)]
    [InlineData(0x80, 194, DatagramKind.Rtcp)]
    [InlineData(0x81, 200, DatagramKind.Rtcp)]
    [InlineData(0x80, 223, DatagramKind.Rtcp)]
    [InlineData(0x80, 224, DatagramKind.Rtp)]
    [InlineData(0x90, 0, DatagramKind.Rtp)]
    [InlineData(0x40, 0, DatagramKind.Unknown)]
    [InlineData(22, 254, DatagramKind.Dtls)]
    [InlineData(0, 1, DatagramKind.Stun)]
    public void Datagrams_are_told_apart_by_their_first_bytes(byte first, byte second, DatagramKind kind)
    {
        byte[] datagram = [first, second, 0, 0, 0x21, 0x12, 0xa4, 0x42, .. new byte[12]];

        Assert.Equal(kind, RtpDemux.Classify(datagram));
    }

    [Fact]
    public void Short_datagrams_are_unknown()
    {
        Assert.Equal(DatagramKind.Unknown, RtpDemux.Classify([0x80, 0, 0]));
        Assert.Equal(DatagramKind.Unknown, RtpDemux.Classify([]));
        Assert.Equal(DatagramKind.Rtcp, RtpDemux.Classify([0x80, 201, 0, 1, 0, 0, 0, 1]));
    }
}
