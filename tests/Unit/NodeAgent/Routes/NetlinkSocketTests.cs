using RtpCluster.NodeAgent.Routes;

namespace RtpCluster.Unit.NodeAgent.Routes;

public class NetlinkSocketTests
{
    [Fact]
    public void An_attribute_is_found_behind_others_and_their_padding()
    {
        byte[] attributes = [5, 0, 1, 0, 0xaa, 0, 0, 0, 6, 0, 2, 0, 0xbb, 0xcc, 0, 0];

        Assert.True(NetlinkSocket.TryFind(attributes, 2, out var value));
        Assert.Equal([0xbb, 0xcc], value.ToArray());
    }

    [Fact]
    public void The_nested_flag_is_no_part_of_the_type()
    {
        byte[] attributes = [4, 0, 8, 0x80];

        Assert.True(NetlinkSocket.TryFind(attributes, 8, out var value));
        Assert.Equal(0, value.Length);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 4, 0, 1 })]
    [InlineData(new byte[] { 0, 0, 2, 0 })]
    [InlineData(new byte[] { 9, 0, 2, 0, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 5, 0, 1, 0, 1 })]
    public void Damaged_or_missing_attributes_are_not_found(byte[] attributes) =>
        Assert.False(NetlinkSocket.TryFind(attributes, 2, out _));
}
