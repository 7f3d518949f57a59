using RtpCluster.Contracts;

namespace RtpCluster.Unit.Contracts.Net;

public sealed class AddressTests
{
    [Theory]
    [InlineData("192.0.2.1", IpFamily.V4)]
    [InlineData("0.0.0.0", IpFamily.V4)]
    [InlineData("255.255.255.255", IpFamily.V4)]
    [InlineData("2001:db8::1", IpFamily.V6)]
    [InlineData("::", IpFamily.V6)]
    [InlineData("::ffff:192.0.2.1", IpFamily.V6)]
    public void A_literal_address_is_read_and_printed_as_it_was(string text, IpFamily family)
    {
        var address = IpAddress.Parse(text);
        Assert.Equal(family, address.Family);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1.")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("192.0.2.1.")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.1 ")]
    public void What_SDP_does_not_mean_by_an_address_is_refused(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6")]
    public void Bytes_go_out_and_come_back(string text)
    {
        var address = IpAddress.Parse(text);
        byte[] bytes = new byte[16];
        int count = address.WriteBytes(bytes);
        Assert.Equal(address.Family == IpFamily.V4 ? 4 : 16, count);
        Assert.Equal(address, IpAddress.FromBytes(bytes.AsSpan(0, count)));
    }

    [Fact]
    public void A_mapped_address_from_the_wire_is_IPv4() =>
        Assert.Equal("192.0.2.1", IpAddress.FromBytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1]).ToString());

    [Fact]
    public void No_address_is_unspecified_and_writes_nothing()
    {
        Assert.True(IpAddress.None.IsUnspecified);
        Assert.Equal(0, IpAddress.None.WriteBytes(new byte[16]));
        Assert.Equal(string.Empty, IpAddress.None.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.0.9", true)]
    [InlineData("::1", true)]
    [InlineData("128.0.0.1", false)]
    [InlineData("::2", false)]
    public void Loopback_is_known(string text, bool expected) => Assert.Equal(expected, IpAddress.Parse(text).IsLoopback);

    [Theory]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:65535")]
    [InlineData("[2001:db8::1]:5060")]
    public void An_endpoint_is_read_and_printed_as_it_was(string text) => Assert.Equal(text, NetEndpoint.Parse(text).ToString());

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1:")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("2001:db8::1:5060")]
    [InlineData("[2001:db8::1]")]
    [InlineData("host:1")]
    public void A_bad_endpoint_is_refused(string text) => Assert.False(NetEndpoint.TryParse(text, out _));

    [Theory]
    [InlineData("192.0.2.1:5", true)]
    [InlineData("192.0.2.1:0", false)]
    [InlineData("0.0.0.0:5", false)]
    public void Packets_go_only_to_an_address_with_a_port(string text, bool usable) => Assert.Equal(usable, NetEndpoint.Parse(text).IsUsable);

    [Fact]
    public void An_instant_has_seconds_and_a_rest_and_moves()
    {
        var instant = new Instant(1_700_000_000_123_456);
        Assert.Equal((1_700_000_000, 123_456), (instant.Seconds, instant.MicrosOfSecond));
        Assert.Equal(1_500_000, instant.AddSeconds(1.5) - instant);
        Assert.True(instant.AddMillis(1) > instant);
    }
}
