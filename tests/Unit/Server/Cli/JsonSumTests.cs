using RtpCluster.Server.Cli;

namespace RtpCluster.Unit.Server.Cli;

public sealed class JsonSumTests
{
    [Fact]
    public void Numbers_of_all_nodes_are_added_members_and_items_of_all_are_kept()
    {
        string sum = JsonSum.Of(
        [
            """{"totals":{"sessions":3,"mos":1.5},"interfaces":[{"name":"a"}],"version":"1"}""",
            """{"totals":{"sessions":4,"rejected":2},"interfaces":[{"name":"b"}],"version":"1"}""",
            """{"totals":{"sessions":5}}""",
        ]);
        Assert.Equal("""{"totals":{"sessions":12,"mos":1.5,"rejected":2},"interfaces":[{"name":"a"},{"name":"b"}],"version":"1"}""", sum);
    }

    [Fact]
    public void No_node_gives_an_empty_object() => Assert.Equal("{}", JsonSum.Of([]));
}
