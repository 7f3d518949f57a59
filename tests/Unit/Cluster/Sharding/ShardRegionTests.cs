using RtpCluster.Cluster;
using RtpCluster.Cluster.Sharding;
using RtpCluster.Cluster.Storage;

namespace RtpCluster.Unit.Cluster.Sharding;

public sealed class ShardRegionTests
{
    private static readonly NodeRef s_self = new("n1", 1), s_other = new("n2", 2);
    private readonly ShardRegion _region = new(s_self, new ClusterTimers());

    [Fact]
    public void Shards_of_a_member_without_the_store_should_be_others_until_it_is_back()
    {
        _region.SetView(0, new(1, [Is(s_self), Is(s_other)], "s"));
        Assert.Contains(_region.Shards, s => _region.Wanted(s.Shard) == s_other);
        _region.SetView(0, new(1, [Is(s_self), Is(s_other) with { IsCutOff = true }], "s"));
        Assert.All(_region.Shards, s => Assert.Equal(s_self, _region.Wanted(s.Shard)));
        _region.SetView(0, new(1, [Is(s_self), Is(s_other)], "s"));
        Assert.Contains(_region.Shards, s => _region.Wanted(s.Shard) == s_other);
    }

    private static Member Is(NodeRef node) => new(node, MemberState.Active, new("a", string.Empty, 0, string.Empty), 0, []);
}
