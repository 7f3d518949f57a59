using RtpCluster.Cluster.Sharding;

namespace RtpCluster.Unit.Cluster.Sharding;

public sealed class PlacementTests
{
    private const int Shards = 256;

    [Fact]
    public void Shards_of_calls_are_spread_evenly()
    {
        var counts = new int[Shards];
        for (int i = 0; i < 100 * Shards; i++)
        {
            counts[Placement.ShardOf($"call-{i}@host", Shards)]++;
        }

        Assert.InRange(counts.Min(), 50, 100);
        Assert.InRange(counts.Max(), 100, 160);
    }

    [Fact]
    public void A_member_that_goes_moves_its_own_shards_only()
    {
        string[] three = ["a", "b", "c"], two = ["a", "c"];
        for (int shard = 0; shard < Shards; shard++)
        {
            string? before = Placement.OwnerOf(shard, three);
            string? after = Placement.OwnerOf(shard, two);
            Assert.True(before == "b" ? after is "a" or "c" : after == before);
        }
    }

    [Fact]
    public void Nobody_owns_anything_when_nobody_is_there() => Assert.Null(Placement.OwnerOf(1, []));
}
