using RtpCluster.CallModel.Statistics;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel.Statistics;

public class ListReplyTests
{
    [Theory]
    [InlineData(null, 32)]
    [InlineData(3L, 3)]
    [InlineData(0L, 0)]
    [InlineData(1000L, 50)]
    public void ListNamesAtMostLimitCalls(long? limit, int expected)
    {
        var reply = ListReply.Format(Enumerable.Range(1, 50).Select(n => $"call {n}"), limit);

        Assert.Equal(expected, ((NgList)reply["calls"]!).Items.Count);
        Assert.Equal("result", reply.Entries[^1].Key);
    }

    [Fact]
    public void ListRefusesANegativeLimit()
    {
        Assert.Equal(new NgString("error"), ListReply.Format(["a"], -1)["result"]);
    }
}
