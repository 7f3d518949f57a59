using RtpCluster.Ng;
using RtpCluster.Ng.Bencode;

namespace RtpCluster.Unit.Ng.Bencode;

public class BencodeFramingTests
{
    [Theory]
    [InlineData("d7:command4:pinge", 17)]
    [InlineData("de", 2)]
    [InlineData("d1:al1:bi-12eee", 15)]
    [InlineData("i5e", 3)]
    [InlineData("3:abc", 5)]
    public void A_whole_value_is_found_and_each_of_its_beginnings_is_incomplete(string value, int length)
    {
        var bytes = NgCodec.ToBytes(value + "0_1 d");
        Assert.Equal(BencodeFrame.Complete, BencodeFraming.TryFrame(bytes, out int found));
        Assert.Equal(length, found);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(BencodeFrame.Incomplete, BencodeFraming.TryFrame(bytes.AsSpan(0, i), out _));
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("e")]
    [InlineData("dx")]
    [InlineData("d1x")]
    [InlineData("d1234567890:")]
    [InlineData("dix")]
    [InlineData("d1:aie")]
    [InlineData("d1:ai1-")]
    [InlineData("d1:ai1111111111111111111111111111111111111")]
    public void What_can_never_become_a_value_is_invalid(string start) =>
        Assert.Equal(BencodeFrame.Invalid, BencodeFraming.TryFrame(NgCodec.ToBytes(start), out _));

    [Fact]
    public void Endless_nesting_is_invalid() =>
        Assert.Equal(BencodeFrame.Invalid, BencodeFraming.TryFrame(NgCodec.ToBytes(new string('l', 1000)), out _));
}
