using RtpCluster.Ng;
using RtpCluster.Ng.Framing;

namespace RtpCluster.Unit.Ng.Framing;

public class CookieFrameTests
{
    [Theory]
    [InlineData("0_1_2 d1:ae", "0_1_2", "d1:ae")]
    [InlineData("c ", "c", "")]
    [InlineData("c  x y", "c", " x y")]
    [InlineData("\xff\0 {", "\xff\0", "{")]
    public void The_cookie_ends_at_the_first_space(string message, string cookie, string payload)
    {
        Assert.True(CookieFrame.TrySplit(NgCodec.ToBytes(message), out string found, out var rest));
        Assert.Equal(cookie, found);
        Assert.Equal(payload, NgCodec.FromBytes(rest));
        Assert.Equal(NgCodec.ToBytes(message), CookieFrame.Join(found, rest));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" d")]
    [InlineData("d7:command4:pinge")]
    public void A_message_without_cookie_is_none(string message) =>
        Assert.False(CookieFrame.TrySplit(NgCodec.ToBytes(message), out _, out _));

    [Fact]
    public void An_over_long_cookie_is_none() =>
        Assert.False(CookieFrame.TrySplit(NgCodec.ToBytes(new string('c', 257) + " d"), out _, out _));
}
