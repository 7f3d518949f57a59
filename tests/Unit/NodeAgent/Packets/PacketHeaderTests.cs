using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Packets;

namespace RtpCluster.Unit.NodeAgent.Packets;

public class PacketHeaderTests
{
    [Fact]
    public void The_sum_is_that_of_the_example_in_rfc_1071() =>
        Assert.Equal(0xddf2UL, PacketHeader.Sum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(171)]
    [InlineData(172)]
    [InlineData(1500)]
    public void A_receiver_finds_the_checksum_right_on_both_families(int length)
    {
        byte[] payload = new byte[length];
        new Random(length).NextBytes(payload);

        byte[] v4 = new byte[PacketHeader.V4Size];
        PacketHeader.WriteV4(v4, NetEndpoint.Parse("192.0.2.1:30000"), NetEndpoint.Parse("198.51.100.7:65535"), payload, 0xb8);
        Assert.Equal(0xffff, Verify(v4.AsSpan(12, 8), v4.AsSpan(20), payload));
        Assert.Equal(0xb8, v4[1]);
        Assert.Equal(PacketHeader.V4Size + length, BinaryPrimitives.ReadUInt16BigEndian(v4.AsSpan(2)));
        Assert.Equal(8 + length, BinaryPrimitives.ReadUInt16BigEndian(v4.AsSpan(24)));

        byte[] v6 = new byte[PacketHeader.V6Size];
        PacketHeader.WriteV6(v6, NetEndpoint.Parse("[2001:db8::1]:30000"), NetEndpoint.Parse("[2001:db8:ffff::2]:1"), payload, 0xb8);
        Assert.Equal(0xffff, Verify(v6.AsSpan(8, 32), v6.AsSpan(40), payload));
        Assert.Equal(0x6b80, BinaryPrimitives.ReadUInt16BigEndian(v6));
        Assert.Equal(8 + length, BinaryPrimitives.ReadUInt16BigEndian(v6.AsSpan(4)));
    }

    [Fact]
    public void The_header_checksum_is_that_of_a_known_header()
    {
        byte[] header = [0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xff, 0xff, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7, 1, 2, 3, 4, 5, 6, 7, 8];
        PacketHeader.SetV4Checksum(header);
        Assert.Equal(0xb861, BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(10)));
    }

    [Fact]
    public void A_checksum_of_zero_is_sent_as_ffff()
    {
        byte[] header = new byte[PacketHeader.V4Size];
        var local = NetEndpoint.Parse("0.0.0.0:0");
        byte[] payload = new byte[2];
        PacketHeader.WriteV4(header, local, local, payload, 0);
        ushort plain = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(26));

        // The payload that brings the sum to ffff brings the checksum to 0.
        BinaryPrimitives.WriteUInt16BigEndian(payload, plain);
        PacketHeader.WriteV4(header, local, local, payload, 0);

        Assert.Equal(0xffff, BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(26)));
    }

    /// <summary>RFC 768 done the slow way: pseudo header, UDP header with checksum, data.</summary>
    private static int Verify(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> udp, ReadOnlySpan<byte> payload)
    {
        byte[] all = [.. addresses, 0, 17, .. udp.Slice(4, 2), .. udp, .. payload, .. new byte[payload.Length & 1]];
        long sum = 0;
        for (int i = 0; i < all.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(all.AsSpan(i));
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (int)sum;
    }
}
