using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Addresses;

namespace RtpCluster.Unit.NodeAgent.Addresses;

/// <summary>Frames that ask for an address and announce it.</summary>
public sealed class NeighbourFrameTests
{
    private static readonly byte[] s_mac = [2, 0, 0, 0, 0, 1], s_other = [2, 0, 0, 0, 0, 2];

    [Fact]
    public void A_gratuitous_arp_is_a_broadcast_request_for_the_own_address()
    {
        byte[] frame = new byte[NeighbourFrame.MaxSize];
        int length = NeighbourFrame.WriteAnnouncement(frame, s_mac, IpAddress.Parse("10.0.0.50"));
        Assert.Equal(
            "FFFFFFFFFFFF0200000000010806" + "0001080006040001" + "0200000000010A000032" + "0000000000000A000032",
            Convert.ToHexString(frame.AsSpan(0, length)));
    }

    [Fact]
    public void An_unsolicited_advertisement_overrides_and_has_the_checksum_of_rfc_4443()
    {
        byte[] frame = new byte[NeighbourFrame.MaxSize];
        int length = NeighbourFrame.WriteAnnouncement(frame, s_mac, IpAddress.Parse("2001:db8::50"));
        Assert.Equal(14 + 40 + 32, length);
        Assert.Equal([136, 0], frame[54..56]);
        Assert.Equal(0x20, frame[58]);
        // The pseudo header and the message with its checksum sum up to all ones.
        uint sum = 32 + 58;
        for (int i = 14 + 8; i < length; i += 2)
        {
            sum += (uint)((frame[i] << 8) | frame[i + 1]);
        }

        Assert.Equal(0xffffu, (sum & 0xffff) + (sum >> 16));
    }

    [Theory]
    [InlineData("10.0.0.50", "10.0.0.51")]
    [InlineData("2001:db8::50", "2001:db8::51")]
    public void An_announcement_is_a_claim_for_its_address_unless_it_is_our_own(string address, string another)
    {
        byte[] frame = new byte[NeighbourFrame.MaxSize];
        int length = NeighbourFrame.WriteAnnouncement(frame, s_mac, IpAddress.Parse(address));
        Assert.True(NeighbourFrame.Claims(frame.AsSpan(0, length), s_other, IpAddress.Parse(address)));
        Assert.False(NeighbourFrame.Claims(frame.AsSpan(0, length), s_mac, IpAddress.Parse(address)));
        Assert.False(NeighbourFrame.Claims(frame.AsSpan(0, length), s_other, IpAddress.Parse(another)));
        for (int i = 0; i < length; i++)
        {
            Assert.False(NeighbourFrame.Claims(frame.AsSpan(0, i), s_other, IpAddress.Parse(address)) && i < 42);
        }
    }

    [Theory]
    [InlineData("10.0.0.50")]
    [InlineData("2001:db8::50")]
    public void A_probe_claims_nothing(string address)
    {
        byte[] frame = new byte[NeighbourFrame.MaxSize];
        int length = NeighbourFrame.WriteProbe(frame, s_mac, IpAddress.Parse(address));
        Assert.False(NeighbourFrame.Claims(frame.AsSpan(0, length), s_other, IpAddress.Parse(address)));
    }
}
