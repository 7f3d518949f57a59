using System.Text;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Unit.Cluster.Storage.Redis;

public sealed class RespValueTests
{
    private const string Nested = "*4\r\n$5\r\na\r\nbc\r\n:-12\r\n*2\r\n+OK\r\n$-1\r\n-ERR no\r\n";

    [Fact]
    public void A_nested_array_is_read_whole()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Nested + "+next\r\n");
        Assert.Equal(1, RespValue.TryRead(bytes, out var value, out int size));
        Assert.Equal(Nested.Length, size);
        Assert.Equal(("a\r\nbc", -12L, "OK"), (value.Items[0].Text, value.Items[1].Integer, value.Items[2].Items[0].Text));
        Assert.True(value.Items[2].Items[1].IsNull);
        Assert.True(value.Items[3].IsError);
    }

    [Fact]
    public void Every_beginning_of_it_waits_for_more()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Nested);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(0, RespValue.TryRead(bytes.AsSpan(0, length), out _, out _));
        }
    }

    [Theory]
    [InlineData("?x\r\n")]
    [InlineData(":12x\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")]
    public void What_is_not_the_protocol_is_refused(string text) => Assert.Equal(-1, RespValue.TryRead(Encoding.Latin1.GetBytes(text), out _, out _));
}
