using RtpCluster.Control;

namespace RtpCluster.Unit.Control;

public class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:2223", "127.0.0.1:2223")]
    [InlineData("[::1]:2223", "[::1]:2223")]
    public void An_address_and_port_are_one_listener(string text, string endpoint)
    {
        Assert.True(ListenAddress.TryParse(text, out var endpoints));
        Assert.Equal(endpoint, Assert.Single(endpoints).ToString());
    }

    [Fact]
    public void A_port_alone_is_every_address()
    {
        Assert.True(ListenAddress.TryParse("2223", out var endpoints));
        Assert.Equal("0.0.0.0:2223", endpoints[0].ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("localhost")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.3.4:0")]
    [InlineData("::1:2223:")]
    public void Anything_else_is_refused(string text) => Assert.False(ListenAddress.TryParse(text, out _));
}
