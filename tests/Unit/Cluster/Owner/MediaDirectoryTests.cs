using RtpCluster.Cluster.Owner;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;

namespace RtpCluster.Unit.Cluster.Owner;

public sealed class MediaDirectoryTests
{
    private static readonly NodeRef s_first = new("n1", 1), s_again = new("n1", 2), s_other = new("n2", 1);
    private static readonly IpAddress s_address = IpAddress.FromV4(0x0a000001), s_public = IpAddress.FromV4(0x0a000101), s_elsewhere = IpAddress.FromV4(0x0a000002);
    private readonly MediaDirectory _directory = new();

    [Fact]
    public void The_interfaces_of_a_node_are_known_while_it_is_away_and_afterwards()
    {
        LocalInterface[] interfaces = [new("default", s_address, s_address), new("pub", s_public, s_public)];
        Set(Is(s_first, MemberState.Active, interfaces), Is(s_other, MemberState.Active, new LocalInterface("default", s_elsewhere, s_elsewhere)));
        Assert.Equal(s_first, _directory.Find(s_public));
        Set(Is(s_first, MemberState.Dead, interfaces), Is(s_other, MemberState.Active));
        Assert.True(_directory.Find(s_public).IsNone);
        Assert.Equal(interfaces, _directory.InterfacesAt(s_public));
        Assert.True(_directory.IsAway(s_public));
        Set(Is(s_other, MemberState.Active));
        Assert.Equal(interfaces, _directory.InterfacesAt(s_address));
        Set(Is(s_again, MemberState.Active, interfaces), Is(s_first, MemberState.Dead, interfaces));
        Assert.Equal(s_again, _directory.Find(s_address));
        Assert.False(_directory.IsAway(s_address));
    }

    [Fact]
    public void An_address_that_nobody_ever_had_has_no_home()
    {
        Set(Is(s_other, MemberState.Active));
        Assert.Empty(_directory.InterfacesAt(s_address));
        Assert.False(_directory.IsAway(s_address));
    }

    private static Member Is(NodeRef node, MemberState state, params LocalInterface[] interfaces) =>
        new(node, state, new("10.0.0.9:2300", MediaDirectory.Write(interfaces), 0, string.Empty), 0, []);

    private void Set(params Member[] members) => _directory.Set(new(1, members, string.Empty));
}
